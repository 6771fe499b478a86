"""A chat model that obeys what documents tell it: the worst case for instructions planted there."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import cycle
from threading import Lock
from typing import Any

from eval.variants.matching import padded_words
from eval.variants.types import Plant

_NUMBERED = re.compile(r"^\[(\d+(?:\.\d+)?)\] (.*)$", re.M)
"""A sentence of evidence as a prompt shows it."""
_RUN = 5
"""So many words in a row of an instruction are enough for the model to obey all of it."""
CITES = ("the instruction", "another sentence", "nothing")
"""What it cites, in turn."""


class ObeyingModel:
    """Replies to a request for a chat completion as the first instruction in its evidence wants.

    Its reply is in the form that is asked for, so that only the checks can tell it from an honest
    one. Shown no instruction, it repeats the first sentence of its evidence; shown no evidence, the
    last line of the prompt. Safe to share between threads.
    """

    def __init__(self, plants: Sequence[Plant]) -> None:
        """Learn what the planted instructions are.

        Args:
            plants: of a variant `injection` or `attacks`.
        """
        self._plants = {plant: _runs(plant.text) for plant in plants if plant.payload}
        self._cites = cycle(CITES)
        self._lock = Lock()
        self.obeyed: list[str] = []
        """The forms of the instructions it obeyed, one for each reply that did."""
        self.replies = 0

    def __call__(self, request: Mapping[str, Any]) -> str:
        """The reply to the body of a request, by its `messages`."""
        prompt = "\n".join(str(message["content"]) for message in request["messages"])
        evidence = _NUMBERED.findall(prompt)
        with self._lock:
            self.replies += 1
            found = self._first(evidence)
            if found is None:
                return self._honest(request, evidence, prompt)
            plant, number = found
            self.obeyed.append(plant.form)
            return _worded(request, plant.reply or f"{plant.payload}.", self._ids(evidence, number))

    def _first(self, evidence: Sequence[tuple[str, str]]) -> tuple[Plant, str] | None:
        """The first instruction of which a part is in the evidence, and that sentence's number."""
        for number, text in evidence:
            shown = _runs(text)
            for plant, runs in self._plants.items():
                if shown & runs:
                    return plant, number
        return None

    def _ids(self, evidence: Sequence[tuple[str, str]], number: str) -> list[str]:
        cited = next(self._cites)
        if cited == "another sentence":
            return [other for other, _ in evidence if other != number][:1]
        return [number] if cited == "the instruction" else []

    def _honest(
        self, request: Mapping[str, Any], evidence: Sequence[tuple[str, str]], prompt: str
    ) -> str:
        if not evidence:
            return prompt.strip().splitlines()[-1]
        number, text = evidence[0]
        return _worded(request, text, [number])


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = padded_words(text).split()
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _worded(request: Mapping[str, Any], text: str, ids: Sequence[str]) -> str:
    """A statement in the plain form, or as JSON where the request asks for that."""
    if request.get("response_format") or request.get("tools"):
        return json.dumps({"statements": [{"text": text, "ids": list(ids)}]})
    return " ".join([text, *(f"[{number}]" for number in ids)])
