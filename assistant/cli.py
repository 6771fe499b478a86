"""The command `assistant`. Heavy parts are imported by the command that needs them."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InputError, VerbatimError

if TYPE_CHECKING:
    from assistant.settings import Settings

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_EPILOG = (
    "exit codes: 0 done (an abstention is done), 1 a failure, 2 wrong usage. Every option is also "
    "a variable ASSISTANT_... and a key of assistant.toml."
)
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process if None.

    Returns:
        The exit code.
    """
    arguments = _parser().parse_args(argv)
    try:
        from assistant.settings import load_settings

        settings = load_settings(**{name: getattr(arguments, name, None) for name in _SETTINGS})
        run: Callable[[argparse.Namespace, Settings], int] = arguments.run
        return run(arguments, settings)
    except VerbatimError as error:
        _say(f"assistant: {error}")
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output is gone ("| head"): nothing is wrong, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        _say("assistant: interrupted")
        return _INTERRUPTED


_SETTINGS = ("index", "model", "embedding_model", "host", "port", "k")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Ask a collection of documents; every answer is made of quotes you can check.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_index_command(commands)
    _add_ask_command(commands)
    _add_chat_command(commands)
    _add_upkeep_commands(commands)
    return parser


def _add_index_command(commands: "_Commands") -> None:
    command = commands.add_parser("index", help="make or update an index of documents")
    command.set_defaults(run=_index)
    command.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="files and folders")
    _add_index_option(command)
    command.add_argument(
        "--prune", action="store_true", help="remove documents whose files are gone"
    )
    command.add_argument(
        "--embedding-model", metavar="DIR", help="folder of a sentence-transformers model"
    )
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_ask_command(commands: "_Commands") -> None:
    command = commands.add_parser("ask", help="answer one question")
    command.set_defaults(run=_ask)
    command.add_argument("question", metavar="QUESTION", help="in words; - reads it from stdin")
    _add_index_option(command)
    _add_model_option(command)
    command.add_argument(
        "--where",
        action="append",
        metavar="KEY=VALUE",
        help="only documents with author=, document=, after= or before=; may be repeated",
    )
    command.add_argument("--json", action="store_true", help="print the answer as JSON")


def _add_chat_command(commands: "_Commands") -> None:
    command = commands.add_parser("chat", help="open the chat in a browser")
    command.set_defaults(run=_chat)
    _add_index_option(command)
    _add_model_option(command)
    command.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, help="port to listen on (default: 7860)")


def _add_upkeep_commands(commands: "_Commands") -> None:
    command = commands.add_parser("documents", help="list the documents of an index")
    command.set_defaults(run=_documents)
    _add_index_option(command)
    command.add_argument("--json", action="store_true", help="print them as JSON")

    command = commands.add_parser("remove", help="remove documents from an index")
    command.set_defaults(run=_remove)
    command.add_argument(
        "ids", nargs="+", metavar="ID", help="ids as 'assistant documents' lists them"
    )
    _add_index_option(command)

    command = commands.add_parser("verify", help="check the quotes of a saved answer")
    command.set_defaults(run=_verify)
    command.add_argument("file", metavar="FILE.json", type=Path, help="from 'assistant ask --json'")
    command.add_argument("--documents", metavar="DIR", type=Path, help="where the files lie now")

    command = commands.add_parser("doctor", help="say what works here")
    command.set_defaults(run=_doctor)
    _add_index_option(command)


def _add_index_option(command: argparse.ArgumentParser) -> None:
    command.epilog = _EPILOG
    command.add_argument(
        "--index", metavar="DIR", type=Path, help="folder of the index (default: verbatim.index)"
    )


def _add_model_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--model", metavar="NAME", help="extractive (the default): no chat model")


def _index(arguments: argparse.Namespace, settings: "Settings") -> int:
    from index import build

    report = build(
        arguments.paths,
        settings.index,
        progress=True,
        prune=arguments.prune,
        embedding_model=settings.embedding_model,
    )
    if arguments.json:
        from dataclasses import asdict

        _write(json.dumps(asdict(report), ensure_ascii=False, indent=2))
    else:
        for failed in report.failed:
            _say(f"not indexed: {failed.source}: {failed.reason}")
        counts = ", ".join(
            f"{len(getattr(report, name))} {name}"
            for name in ("added", "changed", "unchanged", "removed", "failed")
        )
        _write(
            f"{settings.index}: {counts}; now {report.documents} documents in {report.passages} "
            f"passages ({report.seconds:.1f} s)"
        )
    return 1 if report.failed else 0


def _ask(arguments: argparse.Namespace, settings: "Settings") -> int:
    from assistant.where import parse_where

    question = sys.stdin.read() if arguments.question == "-" else arguments.question
    where = parse_where(arguments.where)
    _check_question(question)
    from assistant.desk import Assistant

    with Assistant.open(settings.index, settings.model) as desk:
        answer = desk.answer(question, where=where)
    if arguments.json:
        _write(answer.to_json())
    else:
        from assistant.terminal import render_answer

        _write(render_answer(answer, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    return 0


def _check_question(question: str) -> None:
    """Refuse a question that cannot be answered before anything heavy is loaded."""
    from assistant.asking import checked_question

    checked_question(question)


def _chat(arguments: argparse.Namespace, settings: "Settings") -> int:
    from assistant.web.server import check_port, serve

    check_port(settings.host, settings.port)
    from assistant.desk import Assistant

    _say("Opening the index ...")
    with Assistant.open(settings.index, settings.model) as desk:
        serve(
            desk,
            settings.host,
            settings.port,
            desk.example_questions(),
            lambda url: _write(f"Verbatim is ready at {url} (Ctrl-C ends it)"),
        )
    return 0


def _documents(arguments: argparse.Namespace, settings: "Settings") -> int:
    from index import Index

    with Index.open(settings.index) as index:
        documents = index.documents()
    if arguments.json:
        from assistant.types import document_to_dict

        rows = [document_to_dict(document) for document in documents]
        _write(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        from assistant.terminal import render_documents

        _write(render_documents(documents))
    return 0


def _remove(arguments: argparse.Namespace, settings: "Settings") -> int:
    from index import Index

    with Index.open(settings.index) as index:
        removed = index.remove(arguments.ids)
    _write(f"{settings.index}: {len(removed)} documents removed: {', '.join(removed)}")
    return 0


def _verify(arguments: argparse.Namespace, settings: "Settings") -> int:
    from assistant.terminal import inert
    from assistant.verify import verify

    if arguments.documents is not None and not arguments.documents.is_dir():
        raise InputError(
            f"--documents {arguments.documents}: expected a folder, found none. Check the path."
        )
    verdicts = verify(arguments.file, arguments.documents)
    for verdict in verdicts:
        mark = "ok   " if verdict.is_exact else "WRONG"
        _write(inert(f"{mark} [{verdict.number}] {verdict.source}: {verdict.reason}"))
    wrong = sum(not verdict.is_exact for verdict in verdicts)
    _write(f"{len(verdicts) - wrong} of {len(verdicts)} quotes are exact")
    return 1 if wrong else 0


def _doctor(arguments: argparse.Namespace, settings: "Settings") -> int:
    from assistant.doctor import diagnose

    is_well = True
    for finding in diagnose(settings.index):
        is_well = is_well and finding.is_well
        _write(f"{'ok  ' if finding.is_well else 'FAIL'} {finding.name}: {finding.detail}")
    return 0 if is_well else 1


def _write(text: str) -> None:
    """Print on stdout, in whatever encoding it has."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.rstrip("\n").encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
