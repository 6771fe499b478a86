"""URLs among the arguments of `assistant index`: fetched into files, which are then indexed."""

from collections.abc import Sequence
from pathlib import Path

from assistant.console import say
from index.errors import FetchError, InputError
from index.types import FailedFile


def path_or_url(text: str) -> Path | str:
    """An argument as a path; a URL stays as it is, since a path would lose one of its slashes."""
    return text if text[:8].casefold().startswith(("http://", "https://")) else Path(text)


def fetched_paths(
    arguments: Sequence[Path | str], pages: Path | None, index: Path, is_dry: bool = False
) -> tuple[list[Path], list[FailedFile]]:
    """The paths to index, in the order given, and the pages that could not be fetched.

    Args:
        arguments: paths and URLs.
        pages: folder to keep pages in; beside the index if None.
        index: folder of the index.
        is_dry: nothing may be written.

    Raises:
        FetchError: no page could be fetched, and nothing else is to be indexed.
        InputError: pages were to be fetched in a dry run, or their folder cannot be written to.
    """
    urls = [each for each in arguments if isinstance(each, str)]
    if not urls:
        return [Path(each) for each in arguments], []
    if is_dry:
        raise InputError(
            "Expected paths for --dry-run, which writes nothing, found a URL: its page would have "
            "to be fetched. Leave out one of them."
        )
    from index.fetching import fetch_pages

    folder = pages or index.with_name(f"{index.name}.pages")
    paths: list[Path] = []
    failed: list[FailedFile] = []
    for each in arguments:
        if isinstance(each, Path):
            paths.append(each)
            continue
        result = fetch_pages([each], folder, told=lambda url: say(f"fetching {url}"))
        paths += result.files
        failed += result.failed
    if not paths:
        reasons = "\n".join(f"  {each.source}: {each.reason}" for each in failed)
        raise FetchError(f"None of the pages could be fetched:\n{reasons}")
    return paths, failed
