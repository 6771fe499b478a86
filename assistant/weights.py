"""The weights and thresholds of the extractive reader: data, kept with the model they suit.

An index may hold its own (`weights.json` in its folder, written by `assistant calibrate`), and so
may a model's folder (`verbatim-weights.json`); else those that come with this package are used.
"""

from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from assistant.errors import WeightsError
from index.embedding import identity

if TYPE_CHECKING:
    from index import Index

FORMAT = 1
IN_INDEX = "weights.json"
BESIDE_MODEL = "verbatim-weights.json"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Scoring(_Data):
    """How much each feature of a sentence counts; see `assistant.scoring.features`."""

    sentence: FiniteFloat
    passage: FiniteFloat
    coverage: FiniteFloat
    context: FiniteFloat
    surroundings: FiniteFloat
    asks: FiniteFloat
    offers: FiniteFloat
    lacks: FiniteFloat
    missing_years: FiniteFloat
    distant_years: FiniteFloat
    missing_names: FiniteFloat
    missing_focus: FiniteFloat
    relevance: FiniteFloat


class Answerability(_Data):
    """The curve that tells questions with an answer from those without."""

    signs: dict[str, FiniteFloat]
    """Weight of each field of `assistant.confidence.Signs`."""
    offset: FiniteFloat
    threshold: FiniteFloat
    """Log-odds from which the reader answers."""


class Confidence(_Data):
    """From log-odds to how likely an answer is right."""

    slope: FiniteFloat
    intercept: FiniteFloat


class ReadingRules(_Data):
    """How many quotes are made."""

    margin: FiniteFloat = Field(ge=0)
    """How far below the best a further quote may score."""
    margin_voices: FiniteFloat = Field(ge=0)
    """The same, where several voices are asked for and the quote is of a new one."""
    gain: FiniteFloat = Field(ge=0)
    """Added for terms of the question that the quotes before lack: times their weighted share."""
    most_quotes: int = Field(ge=1, le=20)
    many_terms: int = Field(ge=1)
    """A question of more terms gets one quote more, and several voices."""
    same: FiniteFloat = Field(ge=0, le=1)
    """Cosine from which two sentences of one document say the same."""


class Weights(_Data):
    """Everything that `assistant calibrate` may change."""

    format: Literal[1]
    embedding_model: str
    """The embedding model they were fitted for, as `index.embedding.identity` names it."""
    reranker: str | None
    """The cross-encoder they were fitted for, if there was one."""
    fitted_on: tuple[str, ...] = Field(strict=False)
    """Which collections they were chosen on."""
    scoring: Scoring
    answerability: Answerability
    confidence: Confidence
    reading: ReadingRules


@cache
def default_weights() -> Weights:
    """The weights that come with this package, fitted for the packaged embedding model."""
    text = resources.files("assistant").joinpath("default_weights.json").read_text("utf-8")
    return Weights.model_validate_json(text)


def load_weights(path: Path) -> Weights:
    """Read weights from a file.

    Raises:
        WeightsError: it cannot be read, or does not hold weights of this format.
    """
    try:
        weights = Weights.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WeightsError(
            f"The weights in {path} cannot be read: {error.strerror}. Check the permissions, or "
            "delete the file to use the weights that come with this package."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        newer = next((each["input"] for each in error.errors() if each["loc"] == ("format",)), None)
        if type(newer) is int and newer > FORMAT:
            raise WeightsError(
                f"{path}: expected weights of format {FORMAT}, found at format: {newer}. A newer "
                "release made them: use that one, or move the file away to use the weights that "
                "come with this package."
            ) from error
        raise WeightsError(
            f"{path}: expected weights of format {FORMAT}, found at {place}: {first['msg']}. "
            "Write them again by 'assistant calibrate', or delete the file to use the weights "
            "that come with this package."
        ) from error
    _check_signs(path, weights)
    return weights


@dataclass(frozen=True, slots=True)
class Choice:
    """The weights to read an index with, and why these."""

    weights: Weights
    path: Path | None
    """Their file; None for those of this package."""
    mismatch: str | None
    """What they were fitted for and what is in use, where these are not the same."""


def choose(index: "Index", reranker: str | None = None) -> Choice:
    """Choose the weights to read an index with.

    Of those in the index, those beside its embedding model and those of this package, the first
    that were fitted for the models in use; where none were, the first there are.

    Args:
        index: to be read.
        reranker: the cross-encoder in use, named as in `Weights.reranker`; by default the one
            that the index is open with, if any.

    Raises:
        WeightsError: the index or its model has weights that cannot be used.
    """
    model = identity(index.fingerprint)
    if reranker is None and index.reranker:
        reranker = identity(index.reranker.fingerprint)
    places = [index.path / IN_INDEX]
    if (folder := Path(index.model)).is_absolute():  # else it is named by its place on a hub
        places.append(folder / BESIDE_MODEL)
    found: list[tuple[Weights, Path | None]] = [
        (load_weights(path), path) for path in places if path.is_file()
    ]
    found.append((default_weights(), None))
    fitting = (each for each in found if mismatch(each[0], model, reranker) is None)
    weights, path = next(fitting, found[0])
    return Choice(weights, path, mismatch(weights, model, reranker))


def mismatch(weights: Weights, model: str, reranker: str | None = None) -> str | None:
    """What weights were fitted for and what is in use; None where these are the same."""
    if (weights.embedding_model, weights.reranker) == (model, reranker):
        return None
    fitted = _models(weights.embedding_model, weights.reranker)
    return f"fitted for {fitted}, and {_models(model, reranker)} is in use"


def weights_path(index: "Index") -> Path | None:
    """The file with the weights for an index; None where the package's own are used."""
    return choose(index).path


def weights_for(index: "Index", reranker: str | None = None) -> Weights:
    """The weights to read an index with; raises as `choose`."""
    return choose(index, reranker).weights


def _models(model: str, reranker: str | None) -> str:
    return f"{model} with {reranker}" if reranker else model


def _check_signs(path: Path, weights: Weights) -> None:
    from assistant.confidence import Signs  # it imports this module

    known = [field.name for field in fields(Signs)]
    if unknown := [sign for sign in weights.answerability.signs if sign not in known]:
        raise WeightsError(
            f"{path}: expected weights of the signs {', '.join(known)}, found "
            f"{', '.join(unknown)}. Write them again by 'assistant calibrate'."
        )
