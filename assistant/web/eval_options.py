"""What evaluations may be run from the page, by the settings. Light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant.desk import EXTRACTIVE
from assistant.web.eval_datasets import check_datasets

if TYPE_CHECKING:
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Evaluating:
    """What an operator lets visitors evaluate."""

    datasets: tuple[Path, ...] = ()
    """Datasets, or folders of datasets; none for no runs from the page."""
    models: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({EXTRACTIVE: ()})
    )
    """The chat models to choose from, each with its options on the command line."""
    shared: tuple[str, ...] = ()
    """Options of every run."""
    embedding: tuple[str, ...] = ()
    """Options of a run on a dataset's own documents."""


def evaluating(settings: "Settings") -> Evaluating:
    """What the settings of `assistant chat` let visitors evaluate.

    A run gets what the chat itself was given, however that was said: its models answer it.

    Raises:
        SettingsError: a folder has no dataset, or two have the same name.
    """
    folders = tuple(folder.expanduser().absolute() for folder in settings.datasets)
    check_datasets(folders)
    names = dict.fromkeys((settings.model or EXTRACTIVE, *settings.also_models, EXTRACTIVE))
    return Evaluating(
        datasets=folders,
        models={name: tuple(_model(settings, name)) for name in names},
        shared=_given("--reranker", settings.reranker),
        embedding=_given("--embedding-model", settings.embedding_model),
    )


def _model(settings: "Settings", name: str) -> Iterator[str]:
    if name == EXTRACTIVE:
        return
    yield from ("--model", name)
    if _is_served_there(settings, name):
        yield from _given("--base-url", settings.base_url)
    yield from _given("--model-timeout", settings.model_timeout)
    yield from _given("--context-tokens", settings.context_tokens)
    yield from _given("--structured", settings.structured)
    yield from _given("--model-cache", settings.model_cache)
    yield from _given("--requests-per-second", settings.requests_per_second)
    yield from _given("--prompts", settings.prompts)
    yield from _given("--grounding-nli", settings.nli)


def _is_served_there(settings: "Settings", name: str) -> bool:
    """Whether `base_url` is also where this model is: it serves one provider's (`AlsoModels`)."""
    from assistant.model_providers import provider_of

    own = settings.model
    return own in (None, EXTRACTIVE, name) or provider_of(own or "") == provider_of(name)


def _given(option: str, value: object) -> tuple[str, ...]:
    """An option with its value, where it has one. The run works in another folder than the chat."""
    if value is None:
        return ()
    is_place = isinstance(value, Path) or (isinstance(value, str) and Path(value).exists())
    return (option, str(Path(str(value)).absolute() if is_place else value))
