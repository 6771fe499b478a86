"""`assistant-eval import`: make a dataset of another project's evaluation data."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from eval.console import write
from index.counting import plural

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.importers import Imported


def add_parser(commands: "Commands") -> None:
    """Add the subcommand, with one of its own for each form of data."""
    parser = commands.add_parser(
        "import",
        help="make a dataset of SQuAD, BEIR or ragas data",
        description="Make a dataset of another project's evaluation data.",
    )
    forms = parser.add_subparsers(dest="form", required=True, metavar="FORM")
    _add_squad(forms)
    _add_beir(forms)
    _add_ragas(forms)


def _add_squad(forms: "Commands") -> None:
    parser = forms.add_parser(
        "squad",
        help="a SQuAD 1.1 or 2.0 JSON file",
        description="Make a dataset of a SQuAD JSON file: each article is a document, each "
        "question a case.",
    )
    _add_common(parser, "a SQuAD JSON file", "questions to keep, half of them unanswerable")
    parser.add_argument(
        "--article",
        metavar="TITLE",
        action="append",
        default=[],
        help="keep only this article (may be given again)",
    )
    parser.set_defaults(handler=_import_squad)


def _add_beir(forms: "Commands") -> None:
    parser = forms.add_parser(
        "beir",
        help="a folder with corpus.jsonl, queries.jsonl and qrels/",
        description="Make a dataset of a folder in BEIR's form: each corpus entry is a document, "
        "each judged query a case. Any of its relevant documents is evidence enough.",
    )
    _add_common(parser, "a folder with corpus.jsonl, queries.jsonl and qrels/", "queries to keep")
    parser.add_argument(
        "--split", metavar="NAME", default="test", help="which judgments (default: test)"
    )
    parser.add_argument(
        "--documents-limit",
        metavar="N",
        type=int,
        help="documents to keep: the relevant ones, and a sample of the others (default: all)",
    )
    parser.add_argument(
        "--relevant-from", metavar="GRADE", type=int, default=1, help="least grade (default: 1)"
    )
    parser.add_argument(
        "--every-document",
        action="store_true",
        help="want all relevant documents cited, as in HotpotQA",
    )
    parser.set_defaults(handler=_import_beir)


def _add_ragas(forms: "Commands") -> None:
    parser = forms.add_parser(
        "ragas",
        help="rows in the form of ragas (.jsonl, .json, .csv)",
        description="Make a dataset of rows in the form of ragas: contexts are documents, "
        "reference contexts evidence. Responses become answers.jsonl, to be scored with "
        "assistant-eval run --answers.",
    )
    _add_common(parser, "a .jsonl, .json or .csv file", "rows to keep")
    parser.set_defaults(handler=_import_ragas)


def _add_common(parser: argparse.ArgumentParser, path: str, limit: str) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help=path)
    parser.add_argument(
        "--out", required=True, metavar="DIR", type=Path, help="the folder to make; new or empty"
    )
    parser.add_argument("--limit", metavar="N", type=int, help=f"{limit} (default: all)")
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="decides what is kept (default: 0)"
    )


def _import_squad(arguments: argparse.Namespace) -> int:
    from eval.importers import import_squad

    return _say(
        import_squad(
            arguments.path,
            arguments.out,
            limit=arguments.limit,
            articles=arguments.article,
            seed=arguments.seed,
        )
    )


def _import_beir(arguments: argparse.Namespace) -> int:
    from eval.importers import import_beir

    return _say(
        import_beir(
            arguments.path,
            arguments.out,
            split=arguments.split,
            limit=arguments.limit,
            documents_limit=arguments.documents_limit,
            relevant_from=arguments.relevant_from,
            is_every_document_wanted=arguments.every_document,
            seed=arguments.seed,
        )
    )


def _import_ragas(arguments: argparse.Namespace) -> int:
    from eval.importers import import_ragas

    return _say(
        import_ragas(arguments.path, arguments.out, limit=arguments.limit, seed=arguments.seed)
    )


def _say(made: "Imported") -> int:
    dataset = made.dataset
    write(
        f"Dataset {dataset.name} in {dataset.folder}: {plural(len(dataset.cases), 'case')}, "
        f"{plural(made.documents, 'document')}."
    )
    for category, count in dataset.count_by_category().items():
        if count:
            write(f"  {category:<14} {count:>5}")
    for reason, count in made.skipped.items():
        write(f"Skipped: {count} {reason}.")
    if made.answers is not None:
        write(
            f"Score the rows' responses: assistant-eval run {dataset.folder} --answers "
            f"{made.answers}"
        )
    return 0
