"""ragas' metrics on rows, by a chat model as judge. ragas is the optional extra `[ragas]`.

S. Es et al., RAGAS: Automated Evaluation of Retrieval Augmented Generation, EACL 2024 demos.
"""

import asyncio
import importlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from eval.bootstrap import Estimate, estimate
from eval.errors import RagasError
from eval.scorers.base import Score

METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "faithfulness": ("Faithfulness", ("user_input", "response", "retrieved_contexts")),
    "factual_correctness": ("FactualCorrectness", ("response", "reference")),
    "context_precision": (
        "ContextPrecisionWithReference",
        ("user_input", "reference", "retrieved_contexts"),
    ),
    "context_recall": ("ContextRecall", ("user_input", "retrieved_contexts", "reference")),
}
"""Classes of `ragas.metrics.collections`, and the keys of a row that each looks at."""

_NO_TRACKING = "RAGAS_DO_NOT_TRACK"
_SECONDS = 120.0
"""How long one answer of the judge may take."""
_TOKENS = 4_096
"""How long it may be: a verdict on each statement, with a reason."""


class Result(Protocol):
    """What a metric of ragas gives."""

    value: float
    reason: str | None


class Scorer(Protocol):
    """A metric of ragas."""

    async def ascore(self, **fields: str | list[str]) -> Result:
        """Score one row by those of its fields that the metric looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What a judge made of the rows."""

    judge: str
    version: str
    """Of ragas."""
    scores: Mapping[str, Mapping[str, Score]]
    """By case id and metric. Not scored: a row lacks what the metric looks at."""
    errors: Mapping[str, str]
    """What went wrong, by case id and metric: `c-1 faithfulness`."""

    @property
    def summary(self) -> dict[str, Estimate]:
        """The mean of each metric over the cases it could be scored on, with its interval."""
        return {
            name: estimate(by_name[name] for by_name in self.scores.values()) for name in METRICS
        }

    def to_json(self) -> str:
        """Summary, cases and errors as JSON."""
        form = {
            "judge": self.judge,
            "ragas": self.version,
            "summary": {name: found.to_dict() for name, found in self.summary.items()},
            "cases": [
                {"id": key, "scores": {name: score.to_dict() for name, score in scores.items()}}
                for key, scores in self.scores.items()
            ],
            "errors": dict(self.errors),
        }
        return json.dumps(form, ensure_ascii=False, indent=2)


def judge_rows(
    rows: Sequence[Mapping[str, Any]], model: str, *, url: str | None = None, jobs: int = 4
) -> Judged:
    """Score rows by ragas' metrics with a judge.

    ragas is told not to report its use to its makers.

    Args:
        rows: from `to_ragas`.
        model: the judge's name at an OpenAI-compatible server.
        url: the server's, such as `http://127.0.0.1:11434/v1`; `OPENAI_BASE_URL` if None, else
            OpenAI's own. The key is `OPENAI_API_KEY`; a server at a `url` may do without.
        jobs: scores asked for at a time.

    Raises:
        RagasError: ragas is not there or not usable, or no judge can be reached without a key.
    """
    os.environ[_NO_TRACKING] = "true"
    metrics, version = _load("ragas.metrics.collections"), _load("ragas").__version__
    judge = _judge(model, url)
    scorers = {name: getattr(metrics, kind)(llm=judge) for name, (kind, _) in METRICS.items()}
    errors: dict[str, str] = {}
    scores = asyncio.run(_score_all(rows, scorers, jobs, errors))
    return Judged(model, str(version), scores, errors)


def _load(name: str) -> ModuleType:
    """A module of the extra, by its name: without the extra, nothing here needs it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise RagasError(
            f"Expected ragas with all it needs, found none that can be imported ({error}). "
            "Install the extra: pip install -c constraints.txt 'verbatim-assistant[ragas]'."
        ) from error


def _judge(model: str, url: str | None) -> object:
    openai, llms = _load("openai"), _load("ragas.llms")
    key = os.environ.get("OPENAI_API_KEY")
    if not key and not (url or os.environ.get("OPENAI_BASE_URL")):
        raise RagasError(
            "Expected a key in OPENAI_API_KEY or a server's address, found neither. Set the key, "
            "or name a server: --judge-url http://127.0.0.1:11434/v1 is Ollama's."
        )
    client = openai.AsyncOpenAI(base_url=url, api_key=key or "none", timeout=_SECONDS)
    judge: object = llms.llm_factory(model, client=client, max_tokens=_TOKENS)
    return judge


async def _score_all(
    rows: Sequence[Mapping[str, Any]],
    scorers: Mapping[str, Scorer],
    jobs: int,
    errors: dict[str, str],
) -> dict[str, dict[str, Score]]:
    places = asyncio.Semaphore(jobs)

    async def one(row: Mapping[str, Any], name: str) -> Score:
        async with places:
            return await _score(row, name, scorers[name], errors)

    pairs = [(row, name) for row in rows for name in METRICS]
    found = await asyncio.gather(*(one(row, name) for row, name in pairs))
    scores: dict[str, dict[str, Score]] = {row["id"]: {} for row in rows}
    for (row, name), score in zip(pairs, found, strict=True):
        scores[row["id"]][name] = score
    return scores


async def _score(
    row: Mapping[str, Any], name: str, scorer: Scorer, errors: dict[str, str]
) -> Score:
    _, keys = METRICS[name]
    missing = [key for key in keys if not row.get(key)]
    if missing:
        return Score.unscored(f"the row has no {' and no '.join(missing)}")
    try:
        result = await scorer.ascore(**{key: row[key] for key in keys})
    except Exception as error:  # ragas, instructor and openai raise trees of their own
        found = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        errors[f"{row['id']} {name}"] = found
        return Score.unscored(f"the judge failed: {found}")
    value = float(result.value)
    if math.isnan(value):
        return Score.unscored("the judge found nothing to look at")
    return Score(value, str(result.reason or "as the judge says"))
