"""Which release this is."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed


def version() -> str:
    """The installed version of the distribution; `unknown` in a source folder."""
    try:
        return installed("verbatim-assistant")
    except PackageNotFoundError:
        return "unknown"
