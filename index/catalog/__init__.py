"""The truth of an index: documents, sources, passages and vectors in one SQL database.

The only part that knows SQLAlchemy. Every change is one transaction that raises the revision by
one, so that whatever is derived from the catalog can tell how far it is behind.
"""

from index.catalog.writer import Catalog

__all__ = ["Catalog"]
