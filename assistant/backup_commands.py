"""`assistant export` and `assistant import`: an index as one file, and back."""

import argparse
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli_options import add_index_option
from assistant.console import say, write, write_json
from index.counting import plural
from index.errors import InputError, ModelError

if TYPE_CHECKING:
    from assistant.settings import Settings

_LISTED = 20
"""Missing files that are named; the rest is counted."""


def run_export(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Write an index into one file."""
    from assistant.terminal import inert
    from index.carrying import export_index

    done = export_index(
        settings.place, arguments.file, sources=arguments.sources, force=arguments.force
    )
    for path in done.missing[:_LISTED]:
        say(f"not in it, for it cannot be read: {path}")
    if len(done.missing) > _LISTED:
        say(f"not in it, for they cannot be read: {len(done.missing) - _LISTED:,} more files")
    if arguments.json:
        write_json(asdict(done))
    else:
        write(
            inert(
                f"{done.file}: {plural(done.documents, 'document')} in "
                f"{plural(done.passages, 'passage')}, {plural(done.files, 'file')}; "
                f"{done.size / 1e6:,.1f} MB\nSHA-256 {done.sha256}"
            )
        )
    return 1 if done.missing else 0


def run_import(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Make an index out of an exported one."""
    from assistant.terminal import inert
    from index.carrying import import_index

    done = import_index(
        arguments.file,
        settings.place,
        force=arguments.force,
        files=arguments.files,
        moved=[_pair(text) for text in arguments.documents or ()],
        embedding_model=arguments.embedding_model,
        sha256=arguments.sha256,
    )
    if done.aside is not None:
        say(f"what was there before is in {done.aside} now; remove it when nobody needs it")
    _tell_of_model(settings)
    if arguments.json:
        write_json(asdict(done))
    else:
        write(
            inert(
                f"{done.place}: {plural(done.documents, 'document')} in "
                f"{plural(done.passages, 'passage')}, {plural(done.files, 'file')}"
            )
        )
    return 0


def _tell_of_model(settings: "Settings") -> None:
    """Say it now if questions cannot be encoded here: the index is of use without it, too."""
    from index.catalog import Catalog
    from index.collection import catalog_embedder
    from index.layout import Layout

    address = Layout.at(settings.place).catalog_address
    with closing(Catalog(address, writable=True)) as catalog:
        try:
            catalog_embedder(catalog)
        except ModelError as error:
            say(
                f"the index is there, and its embedding model is not: {error} If the model has "
                "another name or folder here, import it again with --embedding-model."
            )


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old or not new:
        raise InputError(
            f"--documents expects OLD=NEW, such as /home/ann/papers=/srv/papers, and found "
            f"{text!r}. Correct it."
        )
    return old, new


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands."""
    command = commands.add_parser("export", help="write an index into one file, as a back-up")
    command.set_defaults(run="run_export")
    command.add_argument(
        "file", metavar="FILE", type=Path, help="to be written, such as my.verbatim"
    )
    add_index_option(command)
    command.add_argument(
        "--sources", action="store_true", help="have the original files in it as well"
    )
    command.add_argument("--force", action="store_true", help="replace a file that is there")
    command.add_argument("--json", action="store_true", help="print the report as JSON")

    command = commands.add_parser("import", help="make an index out of an exported one")
    command.set_defaults(run="run_import")
    command.add_argument("file", metavar="FILE", type=Path, help="from 'assistant export'")
    add_index_option(command)
    command.add_argument(
        "--force", action="store_true", help="set the index aside that is there, and take its place"
    )
    command.add_argument(
        "--files",
        metavar="DIR",
        type=Path,
        help="unpack the original files into this new folder, and have the index name them there",
    )
    command.add_argument(
        "--documents",
        action="append",
        metavar="OLD=NEW",
        help="the folder OLD that documents were in is NEW here; may be repeated",
    )
    command.add_argument(
        "--embedding-model",
        metavar="NAME",
        help="where the index's embedding model is, if not under the name it had",
    )
    command.add_argument(
        "--sha256", metavar="HEX", help="refuse a file with another SHA-256 than this"
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")
