"""Web pages by URL: kept as files, which are what is indexed, so that quotes stay checkable.

`fetch_pages` is the way in. Only public addresses are connected to (`index.fetching.addresses`).
"""

from index.fetching.addresses import Allow, Resolve, is_public, resolve
from index.fetching.pages import FetchedPages, fetch_pages, is_url
from index.fetching.transfer import Limits

__all__ = [
    "Allow",
    "FetchedPages",
    "Limits",
    "Resolve",
    "fetch_pages",
    "is_public",
    "is_url",
    "resolve",
]
