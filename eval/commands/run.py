"""`assistant-eval run`: ask the questions of datasets and score the answers."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.commands.model_options import ModelChoice
from eval.commands.run_options import add_options, check_options
from eval.console import say, write

if TYPE_CHECKING:
    from assistant import Assistant
    from eval.cli import Commands
    from eval.entailment import Entails
    from eval.report import Report
    from eval.run_folder import RunFolder
    from eval.types import Dataset

_DESCRIPTION = """Ask the questions of datasets and score the answers. With --out, answers are kept
as they come: a run that was interrupted goes on where it was."""


def add_parser(commands: "Commands") -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "run",
        help="ask the questions of datasets and score the answers",
        description=_DESCRIPTION,
    )
    add_options(parser)
    parser.set_defaults(handler=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, score, report; 1 if the system failed on a case."""
    check_options(arguments)
    ModelChoice.of(arguments)  # refused before anything is loaded
    from eval.dataset import load_dataset
    from eval.report_files import load_report

    baseline = load_report(arguments.baseline) if arguments.baseline else None
    entails = _judge(arguments.nli)
    datasets = [load_dataset(path) for path in arguments.datasets]
    reports = [_report(arguments, dataset, entails, baseline) for dataset in datasets]
    for report, dataset in zip(reports, datasets, strict=True):
        _write_report(arguments, report, dataset, baseline)
    if len(reports) > 1:
        from eval.tables import reports_as_text

        write(reports_as_text(reports))
    return 1 if any([_say_errors(report) for report in reports]) else 0


def _judge(model: str | None) -> "Entails":
    from eval.entailment import lexical_entails, nli_entails

    return nli_entails(model) if model else lexical_entails


def _report(
    arguments: argparse.Namespace,
    dataset: "Dataset",
    entails: "Entails",
    baseline: "Report | None",
) -> "Report":
    from eval.run_folder import RunFolder

    folder = RunFolder(arguments.out / dataset.name) if arguments.out else None
    answered = _scored if arguments.answers is not None else _asked
    report = answered(arguments, dataset, entails, folder)
    if folder is not None:
        folder.finish(report, dataset, baseline)
        say(f"{dataset.name}: reports are in {folder.folder}")
    return report


def _scored(
    arguments: argparse.Namespace,
    dataset: "Dataset",
    entails: "Entails",
    folder: "RunFolder | None",
) -> "Report":
    """A report on answers made elsewhere."""
    from eval.answers import load_answers
    from eval.runner import score_answers

    answers, errors = load_answers(arguments.answers, dataset)
    if folder is not None:
        folder.begin({"answers": str(arguments.answers)}, fresh=True)
        for case in dataset.cases:
            folder.add(case.id, answers.get(case.id), errors.get(case.id))
    return score_answers(dataset, answers, errors=errors, k=arguments.k, entails=entails)


def _asked(
    arguments: argparse.Namespace,
    dataset: "Dataset",
    entails: "Entails",
    folder: "RunFolder | None",
) -> "Report":
    """A report on answers made now; those of an unfinished run are taken over."""
    from eval.runner import evaluate

    choice = ModelChoice.of(arguments)
    with _opened(arguments, dataset, choice) as desk:
        desk.search(dataset.cases[0].question)  # or the first answer is charged with the model
        known = {}
        if folder is not None:
            settings = _settings(dataset, choice, desk)
            known = folder.begin(settings, fresh=arguments.fresh)
        if known:
            say(f"{dataset.name}: {len(known)} of {len(dataset.cases)} cases are answered already.")
        return evaluate(
            dataset,
            desk.answer,
            progress=True,
            jobs=arguments.jobs,
            known=known,
            record=folder.add if folder else None,
            k=arguments.k,
            entails=entails,
            system=choice.to_dict(),
        )


def _opened(arguments: argparse.Namespace, dataset: "Dataset", choice: ModelChoice) -> "Assistant":
    index = arguments.index
    if index is None:
        from eval.cache import cached_index

        index = cached_index(dataset, say, arguments.embedding_model)
    return choice.open(index, arguments.reranker)


def _settings(dataset: "Dataset", choice: ModelChoice, desk: "Assistant") -> dict[str, str]:
    from eval.run_folder import settings_of

    ids = sorted(document.id for document in desk.documents())
    settings = settings_of(dataset, choice.name or "extractive", " ".join(ids))
    if choice.name is not None:
        settings["model_options"] = json.dumps(choice.to_dict(), sort_keys=True)
    return settings | {name: mark or "none" for name, mark in desk.models().items()}


def _write_report(
    arguments: argparse.Namespace,
    report: "Report",
    dataset: "Dataset",
    baseline: "Report | None",
) -> None:
    from eval.run_folder import write_whole

    if arguments.html is not None:
        write_whole(Path(arguments.html), report.to_html(dataset, baseline))
    if arguments.junit is not None:
        write_whole(Path(arguments.junit), report.to_junit())
    if arguments.json == "-":
        write(report.to_json())
        return
    if arguments.json is not None:
        write_whole(Path(arguments.json), report.to_json() + "\n")
    write(report.to_text() + "\n" if len(arguments.datasets) > 1 else report.to_text())
    if baseline is not None:
        from eval.paired_runs import compare

        write("\n" + compare(baseline, report).to_text())


def _say_errors(report: "Report") -> Sequence[str]:
    """The ids of the cases on which the system failed, once they are said."""
    if report.errors:
        say(f"assistant-eval: {len(report.errors)} of {len(report.cases)} cases failed:")
        for key, message in report.errors.items():
            say(f"  {key}: {message}")
    return tuple(report.errors)
