"""What each subcommand of `assistant` does. Heavy parts are imported by the one that needs them."""

import argparse
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.asking import checked_question
from assistant.console import say, write, write_json
from assistant.errors import QuestionError
from assistant.settings import Settings
from index.errors import InputError

if TYPE_CHECKING:
    from assistant.desk import Assistant
    from assistant.doctor import Finding
    from index.types import Filter


def run_index(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make or update an index."""
    from assistant.index_command import run_index as run
    from assistant.page_command import fetched_paths

    paths, failed = fetched_paths(
        arguments.paths, arguments.pages, settings.index, arguments.dry_run
    )
    return run(arguments, settings, paths, failed)


def run_ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer one question."""
    from assistant.keeping_commands import check_bundle_path, remembered, write_bundle
    from assistant.where import parse_where

    check_bundle_path(arguments.bundle)
    where = parse_where(arguments.where)
    # Refused before anything heavy is loaded.
    question = checked_question(_given_question(arguments.question))
    is_terminal = sys.stdout.isatty()
    color = is_terminal and "NO_COLOR" not in os.environ
    if (found := _by_chat(arguments, settings, question, where)) is not None:
        if arguments.json:
            write_json(found)
        else:
            from assistant.saved_answers import answer_from_dict
            from assistant.terminal import render_answer

            write(render_answer(answer_from_dict(found), color=color))
        return 0
    from assistant.answer_log import logging_answer

    with (
        _no_collection(),
        _opened(settings, brief=True) as desk,
        logging_answer(desk.model) as answers,
    ):
        if is_terminal and not arguments.json:
            from assistant.terminal import render_stream

            stream = desk.stream(question, where=where)
            with closing(stream) as events:  # an interruption stops the model
                for part in render_stream(remembered(events, answers), color=color):
                    write(part)
            write_bundle(arguments.bundle, answers[-1], desk)
            return 0
        answer = desk.answer(question, where=where)
        answers.append(answer)
        write_bundle(arguments.bundle, answer, desk)
    if arguments.json:
        write_json(answer.to_dict())
    else:
        from assistant.terminal import render_answer

        write(render_answer(answer))
    return 0


def run_chat(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve the chat until it is interrupted."""
    from assistant.strays import caught

    with caught():
        return _chat(settings)


def _chat(settings: Settings) -> int:
    from assistant.allocator import keep_little_freed
    from assistant.warm_server import answering
    from assistant.web.opening import library_index, site_options
    from assistant.web.server import check_port, serve

    check_port(settings.host, settings.port)
    keep_little_freed()  # before there are threads
    options = site_options(settings, say)
    if "reports" in settings.model_fields_set and not settings.reports.is_dir():
        say(_no_reports(settings.reports))
    say("Opening the index ...")
    with _no_collection():
        desk = _opened(settings.model_copy(update={"index": library_index(settings)}))
        examples = desk.example_questions()
    with desk, answering(desk):
        serve(
            desk,
            settings.host,
            settings.port,
            replace(options, examples=tuple(examples)),
            lambda url: write(f"Verbatim is ready at {url} (Ctrl-C ends it)"),
            settings.stop_timeout,
        )
    return 0


def run_users(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say who may sign in."""
    from assistant.account_commands import run_users as run

    return run(arguments, settings)


def run_documents(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the documents of an index."""
    from index import Index

    with Index.open(settings.place) as index:
        documents = index.documents()
    if arguments.json:
        from assistant.types import document_to_dict

        write_json([document_to_dict(document) for document in documents])
    else:
        from assistant.terminal import render_documents

        write(render_documents(documents) or "no documents")
    return 0


def run_remove(arguments: argparse.Namespace, settings: Settings) -> int:
    """Remove documents from an index."""
    from index import Index

    with Index.open(settings.place) as index:
        removed = index.remove(arguments.ids)
    write(f"{settings.index}: {_counted(len(removed), 'document')} removed: {', '.join(removed)}")
    return 0


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write an index into one file."""
    from assistant.backup_commands import run_export as run

    return run(arguments, settings)


def run_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make an index out of an exported one."""
    from assistant.backup_commands import run_import as run

    return run(arguments, settings)


def run_verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the quotes of a bundle or a saved answer."""
    from assistant.keeping_commands import run_verify as run

    return run(arguments)


def run_feedback(arguments: argparse.Namespace, settings: Settings) -> int:
    """List what readers think of answers, or make cases of it."""
    from assistant.keeping_commands import run_feedback as run

    return run(arguments, settings)


def run_prompts(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the wording, or copy what can be replaced."""
    from assistant.prompt_files import copy_prompts, named, render_prompts, template_to_dict
    from assistant.terminal import inert
    from prompts import Library

    if arguments.copy is not None:
        for path in copy_prompts(arguments.copy, arguments.name):
            write(inert(str(path)))
        return 0
    library = Library(settings.prompts)
    if arguments.name is not None:
        template = named(library, arguments.name)
        if arguments.json:
            write_json({**template_to_dict(template), "text": template.text})
        else:
            write(inert(template.text))
    elif arguments.json:
        write_json([template_to_dict(library.load(name)) for name in library.names()])
    else:
        write(inert(render_prompts(library)))
    return 0


def run_doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Say what works here."""
    from assistant.terminal import inert

    if arguments.paths and not arguments.repair:
        raise InputError("PATH is for --repair: what to index. Add --repair, or leave it out.")
    is_well = True
    with _no_collection():
        for finding in _repaired(arguments, settings) if arguments.repair else _findings(settings):
            is_well = is_well and finding.is_well
            mark = "ok  " if finding.is_well else "FAIL"
            write(inert(f"{mark} {finding.name}: {finding.detail}"))
    return 0 if is_well else 1


def _repaired(arguments: argparse.Namespace, settings: Settings) -> "Iterator[Finding]":
    from assistant.doctor import mend

    yield from mend(settings.place, arguments.paths, settings.embedding_model)
    yield from _findings(settings)


def _findings(settings: Settings) -> "Iterator[Finding]":
    from assistant.doctor import diagnose

    yield from diagnose(settings.place, settings.embedding_model, settings.reranker, settings.nli)
    if settings.model is not None and settings.model != "extractive":
        from assistant.model_doctor import TIMEOUT, diagnose_model

        options = settings.model_options()
        if "model_timeout" not in settings.model_fields_set:
            options = replace(options, timeout=TIMEOUT)
        yield from diagnose_model(settings.model, options, settings.prompts)


def _by_chat(
    arguments: argparse.Namespace, settings: Settings, question: str, where: "Filter | None"
) -> dict[str, Any] | None:
    """The answer of a chat that is open on the index, where it would be the same as one's own."""
    from assistant.desk import EXTRACTIVE
    from assistant.warm import ask_chat

    is_extractive = settings.model in (None, EXTRACTIVE)
    is_local = settings.place == settings.index
    if arguments.alone or arguments.bundle or settings.reranker or not is_extractive:
        return None
    if not is_local:
        return None
    return ask_chat(settings.index, question, where)


def _opened(settings: Settings, *, brief: bool = False) -> "Assistant":
    from assistant.desk import Assistant

    return Assistant.open(
        settings.place,
        settings.model,
        settings.reranker,
        options=settings.model_options(),
        prompts=settings.prompts,
        nli=settings.nli,
        brief=brief,
    )


def _no_reports(folder: Path) -> str:
    found = "a file" if folder.exists() else "nothing"
    return (
        f"--reports {folder}: expected a folder of evaluation reports, found {found}. The chat "
        f"opens without reports; 'assistant-eval run DATASET --out {folder}' makes one."
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _given_question(question: str) -> str:
    """The question itself; from stdin for `-`."""
    if question != "-":
        return question
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise QuestionError(
            f"Expected a question on stdin in {error.encoding}, and byte {error.start} is not. "
            "Convert it, or give the question as an argument."
        ) from error


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector: it takes a sixth of the time that thousands of imports need."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
