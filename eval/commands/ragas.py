"""`assistant-eval ragas`: a run as rows in the form of ragas, and ragas' metrics on them."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.options import add_dataset, check_writable
from eval.console import encodable, say, write
from index.errors import InputError

if TYPE_CHECKING:
    from eval.cli import Commands
    from eval.ragas_judge import Judged


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "ragas",
        help="give a run to ragas' metrics, or write it as ragas' rows",
        description="Write a run as rows that ragas reads (--rows), or score it by ragas' metrics "
        "with a chat model as judge (--judge; needs the extra [ragas]).",
    )
    parser.add_argument(
        "report", metavar="REPORT", type=Path, help="what assistant-eval run --json wrote"
    )
    add_dataset(parser)
    parser.add_argument("--rows", metavar="FILE", type=Path, help="write the rows as JSON Lines")
    parser.add_argument(
        "--judge", metavar="MODEL", help="a chat model at an OpenAI-compatible server"
    )
    parser.add_argument(
        "--judge-url",
        metavar="URL",
        help="the server, such as http://127.0.0.1:11434/v1 (default: OPENAI_BASE_URL, else "
        "OpenAI's; the key is OPENAI_API_KEY)",
    )
    parser.add_argument(
        "--jobs", metavar="N", type=int, default=4, help="scores asked for at a time (default: 4)"
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        help="write the scores as JSON; - means stdout, and nothing else there",
    )
    parser.set_defaults(handler=ragas)


def ragas(arguments: argparse.Namespace) -> int:
    """Write rows, or judge them; 1 if the judge failed on any."""
    _check_options(arguments)
    from eval.dataset import load_dataset
    from eval.ragas_bridge import to_ragas
    from eval.report_files import load_report

    rows = to_ragas(load_report(arguments.report), load_dataset(arguments.dataset))
    if arguments.rows is not None:
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        arguments.rows.write_text(encodable(text), encoding="utf-8")
        say(f"{len(rows)} rows in {arguments.rows}")
    if arguments.judge is None:
        return 0
    from eval.ragas_judge import judge_rows

    judged = judge_rows(rows, arguments.judge, url=arguments.judge_url, jobs=arguments.jobs)
    if arguments.json == "-":
        write(judged.to_json())
    else:
        if arguments.json is not None:
            Path(arguments.json).write_text(encodable(judged.to_json()) + "\n", encoding="utf-8")
        write(_table(judged, len(rows)))
    return _say_errors(judged)


def _check_options(arguments: argparse.Namespace) -> None:
    if arguments.rows is None and arguments.judge is None:
        raise InputError("Expected --rows or --judge, found neither. Say what is to be made.")
    if arguments.judge is None and (arguments.json or arguments.judge_url):
        raise InputError("Expected --judge with --json and --judge-url, found none. Name a judge.")
    if arguments.jobs < 1:
        raise InputError(f"Expected --jobs to be 1 or more, found {arguments.jobs}.")
    check_writable("--rows", arguments.rows)
    check_writable("--json", arguments.json)


def _table(judged: "Judged", total: int) -> str:
    lines = [f"ragas {judged.version}, judge {judged.judge}, {total} cases", ""]
    for name, found in judged.summary.items():
        if found.value is None or found.low is None or found.high is None:
            lines.append(f"{name:<20}     -")
        else:
            interval = f"{found.low:.3f} to {found.high:.3f}"
            lines.append(f"{name:<20} {found.value:.3f}  {interval}  {found.n:>4}")
    return "\n".join(lines)


def _say_errors(judged: "Judged") -> int:
    if not judged.errors:
        return 0
    say(f"assistant-eval: the judge failed on {len(judged.errors)} scores:")
    for place, message in list(judged.errors.items())[:20]:
        say(f"  {place}: {message}")
    return 1
