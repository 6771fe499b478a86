"""The command `assistant`: its options, and what becomes of an error. See also `commands.py`."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.backup_commands import add_parsers as add_backup_commands
from assistant.cli_options import (
    EPILOG,
    add_auth_option,
    add_data_option,
    add_embedding_option,
    add_index_option,
    add_log_options,
    add_model_options,
    add_nli_option,
    add_ocr_option,
    add_prompts_option,
    add_reader_options,
    add_reranker_option,
    add_serving_options,
    add_update_options,
)
from assistant.console import give_up_stdout, say
from assistant.page_command import path_or_url
from index.errors import InputError, VerbatimError
from prompts import TemplateError

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

PLUGINS = "assistant.commands"
"""Entry points of modules with `add_parser`: commands of packages that build on this one."""
_FROM_EVAL = ("calibrate",)
_INTERRUPTED = 130
_DEBUG = "ASSISTANT_DEBUG"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process if None.

    Returns:
        The exit code.
    """
    try:
        return _run(argv)
    except VerbatimError as error:
        say(f"assistant: {error}")
        return error.exit_code
    except TemplateError as error:
        say(f"assistant: a prompt template cannot be used. {error}")
        return 1
    except BrokenPipeError:
        # The reader of our output is gone ("| head"): nothing is wrong, and nobody to tell.
        give_up_stdout()
        return 0
    except KeyboardInterrupt:
        say("assistant: interrupted")
        return _INTERRUPTED
    except OSError as error:
        give_up_stdout()
        say(
            f"assistant: the system refused it: {error}. Check that there is room on the disk, and "
            "that you may read and write there."
        )
        return 1
    except Exception as error:
        if os.environ.get(_DEBUG):
            raise
        say(
            f"assistant: an unexpected error, {type(error).__name__}: {error}. "
            f"This is a bug: please report it with what {_DEBUG}=1 shows."
        )
        return 1


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    finally:
        sys.stdout.flush()  # the help, while a closed pipe can still be noticed
    # Only now: without arguments, or with --help, nothing else is imported.
    from assistant.logs import configure
    from assistant.settings import load_settings
    from assistant.tracing import keep_private

    keep_private(lambda text: say(f"assistant: {text}"))
    if hasattr(arguments, "handler"):  # whose options may mean something else by the same name
        logged = {name: getattr(arguments, name, None) for name in ("log_format", "log_level")}
        settings = load_settings(logged)
        configure(settings.log_format, settings.log_level)
        return int(arguments.handler(arguments))
    settings = load_settings(vars(arguments))
    configure(settings.log_format, settings.log_level)
    if settings.ocr:
        from index.loading import recognize_pictures

        recognize_pictures()
    code: int = getattr(import_module("assistant.commands"), arguments.run)(arguments, settings)
    return code


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant",
        description="Ask a collection of documents; every answer is made of quotes you can check.",
        epilog=EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_index_command(commands)
    _add_ask_command(commands)
    _add_chat_command(commands)
    _add_upkeep_commands(commands)
    add_backup_commands(commands)
    _add_prompts_command(commands)
    _add_users_command(commands)
    _add_feedback_command(commands)
    named = next((argument for argument in argv if not argument.startswith("-")), None)
    if named not in commands.choices:  # else none is needed, and to import them takes time
        _add_plugins(commands, named)
    add_log_options(parser)
    return parser


def _add_plugins(commands: "_Commands", named: str | None) -> None:
    for plugin in _plugins():
        with suppress(ModuleNotFoundError):  # told below, where that command is meant
            plugin.load().add_parser(commands)
    if named in _FROM_EVAL and named not in commands.choices:
        raise InputError(
            f"Expected the evaluation suite (package eval) for 'assistant {named}', found none, or "
            "one installed before it had this command. Run make install."
        )


def _plugins() -> list[EntryPoint]:
    """The installed commands. Of all distributions: an old egg-info beside a newer one hides it."""
    found = (point for each in distributions() for point in each.entry_points.select(group=PLUGINS))
    return list({point.name: point for point in found}.values())


def _add_index_command(commands: "_Commands") -> None:
    command = commands.add_parser("index", help="make or update an index of documents")
    command.set_defaults(run="run_index")
    command.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        type=path_or_url,
        help="files, folders, patterns in quotation marks such as 'docs/**/*.md', and pages on the "
        "web (https://...), which are fetched and kept as files",
    )
    add_index_option(command)
    command.add_argument(
        "--pages",
        metavar="DIR",
        type=Path,
        help="folder that fetched pages are kept in (default: beside the index, INDEX.pages)",
    )
    command.add_argument(
        "--prune", action="store_true", help="remove documents whose files are gone"
    )
    add_update_options(command)
    add_embedding_option(command)
    add_ocr_option(command)
    command.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_ask_command(commands: "_Commands") -> None:
    command = commands.add_parser("ask", help="answer one question")
    command.set_defaults(run="run_ask")
    command.add_argument("question", metavar="QUESTION", help="in words; - reads it from stdin")
    add_index_option(command)
    add_model_options(command)
    add_reader_options(command)
    add_reranker_option(command)
    command.add_argument(
        "--where",
        action="append",
        metavar="KEY=VALUE",
        help="only documents with author=, document=, after= or before=; may be repeated",
    )
    command.add_argument("--json", action="store_true", help="print the answer as JSON")
    command.add_argument(
        "--alone",
        action="store_true",
        help="do not have a chat answer that is open on the same index, which is quicker",
    )
    command.add_argument(
        "--bundle",
        metavar="FILE",
        type=Path,
        help="also write an evidence bundle, which 'assistant verify' checks",
    )


def _add_chat_command(commands: "_Commands") -> None:
    command = commands.add_parser("chat", help="open the chat in a browser")
    command.set_defaults(run="run_chat")
    add_index_option(command)
    add_model_options(command)
    add_reader_options(command)
    add_reranker_option(command)
    command.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    command.add_argument(
        "--reports",
        metavar="DIR",
        type=Path,
        help="folder of evaluation reports to list (default: verbatim.reports)",
    )
    command.add_argument(
        "--datasets",
        action="append",
        metavar="DIR",
        type=Path,
        help="a dataset, or a folder of datasets, that visitors may run an evaluation on; may be "
        "repeated (default: none)",
    )
    command.add_argument(
        "--also-model",
        action="append",
        dest="also_models",
        metavar="NAME",
        help="a chat model that visitors may choose instead; may be repeated",
    )
    # None where it is not given: the environment and assistant.toml speak then.
    command.add_argument(
        "--mcp",
        action="store_true",
        default=None,
        help="offer ask, search and documents as tools at /mcp, by the Model Context Protocol",
    )
    add_ocr_option(command)
    add_serving_options(command)


def _add_users_command(commands: "_Commands") -> None:
    command = commands.add_parser("users", help="say who may sign in to the chat")
    command.set_defaults(run="run_users")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in {
        "add": "add a user; the password is asked for, or read from stdin",
        "remove": "remove a user, and end their sessions",
        "list": "list the users",
        "password": "set another password, and end the user's sessions",
        "token": "make a token for programs, and show it once",
    }.items():
        action = actions.add_parser(name, help=text, description=text)
        add_auth_option(action)
        if name == "list":
            action.add_argument("--json", action="store_true", help="print them as JSON")
        else:
            action.add_argument("name", metavar="NAME", help="name of the user")
        if name == "token":
            action.add_argument(
                "--revoke", action="store_true", help="end all tokens of the user instead"
            )


def _add_feedback_command(commands: "_Commands") -> None:
    command = commands.add_parser("feedback", help="see what readers think of answers")
    command.set_defaults(run="run_feedback")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in {
        "list": "list all feedback, oldest first",
        "export": "make a dataset of it: good answers are cases, the rest waits for a review",
    }.items():
        action = actions.add_parser(name, help=text, description=text)
        add_data_option(action)
        if name == "list":
            action.add_argument("--json", action="store_true", help="print it as JSON")
        else:
            add_index_option(action)
            action.add_argument(
                "--out", metavar="DIR", type=Path, required=True, help="folder of the dataset"
            )


def _add_upkeep_commands(commands: "_Commands") -> None:
    command = commands.add_parser("documents", help="list the documents of an index")
    command.set_defaults(run="run_documents")
    add_index_option(command)
    command.add_argument("--json", action="store_true", help="print them as JSON")

    command = commands.add_parser("remove", help="remove documents from an index")
    command.set_defaults(run="run_remove")
    command.add_argument(
        "ids", nargs="+", metavar="ID", help="ids as 'assistant documents' lists them"
    )
    add_index_option(command)

    command = commands.add_parser("verify", help="check the quotes of a saved answer")
    command.set_defaults(run="run_verify")
    command.add_argument(
        "file", metavar="FILE.json", type=Path, help="an evidence bundle, or from 'ask --json'"
    )
    command.add_argument(
        "--documents",
        metavar="DIR",
        type=Path,
        help="where the files lie now; nothing outside of it is read",
    )
    command.add_argument("--json", action="store_true", help="print the verdicts as JSON")

    command = commands.add_parser("doctor", help="say what works here, and repair an index")
    command.set_defaults(run="run_doctor")
    command.add_argument(
        "--repair",
        action="store_true",
        help="make again what is damaged of the index; a damaged catalog is set aside, not deleted",
    )
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        type=Path,
        help="with --repair: documents to index, where the damaged catalog tells of none",
    )
    add_index_option(command)
    add_model_options(command)
    add_prompts_option(command)
    add_embedding_option(command)
    add_reranker_option(command)
    add_nli_option(command)


def _add_prompts_command(commands: "_Commands") -> None:
    command = commands.add_parser("prompts", help="show the wording, and copy what can be replaced")
    command.epilog = EPILOG
    command.set_defaults(run="run_prompts")
    command.add_argument("name", nargs="?", metavar="NAME", help="print the text of this one")
    add_prompts_option(command)
    command.add_argument(
        "--copy",
        metavar="DIR",
        type=Path,
        help="put copies of a chat model's prompts there, to be edited; no file is overwritten",
    )
    command.add_argument("--json", action="store_true", help="print as JSON")


if __name__ == "__main__":
    raise SystemExit(main())
