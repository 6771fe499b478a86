"""The command `assistant-eval`: its subcommands, and what becomes of an error."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.tracing import keep_private
from eval.commands import (
    compare,
    gate,
    generate,
    import_data,
    ragas,
    review,
    robustness,
    run,
    selftest,
    validate,
    variant,
)
from eval.console import say
from index.errors import VerbatimError

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

COMMANDS = (
    run,
    compare,
    gate,
    validate,
    variant,
    robustness,
    selftest,
    generate,
    review,
    import_data,
    ragas,
)
"""In the order in which the help lists them."""

_EPILOG = "exit codes: 0 done, 1 a failure (also of single cases), 2 wrong usage"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: the arguments; those of the process if None.

    Returns:
        The exit code: 0 done, 1 a failure, 2 wrong usage.
    """
    arguments = _parser().parse_args(argv)
    handler: Callable[[argparse.Namespace], int] = arguments.handler
    keep_private(lambda text: say(f"assistant-eval: {text}"))
    try:
        return handler(arguments)
    except VerbatimError as error:
        say(f"assistant-eval: {error}")
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        say(f"assistant-eval: {error}")
        return 1
    except KeyboardInterrupt:
        say("assistant-eval: interrupted")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assistant-eval", description="Measure how well answers are grounded.", epilog=_EPILOG
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    for subparser in commands.choices.values():
        subparser.epilog = _EPILOG
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
