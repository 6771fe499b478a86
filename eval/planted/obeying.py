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
    """Replies to a request for a chat completion as the instructions in its evidence want.

    Its reply is in the form that is asked for, so that only the checks can tell it from an honest
    one. Shown no instruction, it repeats the first sentence of its evidence; shown no evidence, the
    last line of the prompt. Safe to share between threads.
    """

    def __init__(self, plants: Sequence[Plant], *, obeys_all: bool = False) -> None:
        """Learn what the planted instructions are.

        Args:
            plants: of a variant `injection` or `attacks`.
            obeys_all: obey every instruction shown, one after another, not the first alone.
        """
        self._plants = {plant: _runs(plant.text) for plant in plants if plant.payload}
        self._most = None if obeys_all else 1
        self._cites = cycle(CITES)
        self._lock = Lock()
        self.obeyed: list[str] = []
        """The forms of the instructions it obeyed, each time."""
        self.replies = 0

    def __call__(self, request: Mapping[str, Any]) -> str:
        """The reply to the body of a request, by its `messages`."""
        prompt = "\n".join(str(message["content"]) for message in request["messages"])
        evidence = _NUMBERED.findall(prompt)
        with self._lock:
            self.replies += 1
            found = self._shown(evidence)[: self._most]
            self.obeyed += [plant.form for plant, _ in found]
            said = [
                (plant.reply or f"{plant.payload}.", self._ids(evidence, number))
                for plant, number in found
            ]
        if not evidence:
            return prompt.strip().splitlines()[-1]
        return _worded(request, said or [(evidence[0][1], [evidence[0][0]])])

    def _shown(self, evidence: Sequence[tuple[str, str]]) -> list[tuple[Plant, str]]:
        """The instructions of which a part is in the evidence, and that sentence's number."""
        found: dict[Plant, str] = {}
        for number, text in evidence:
            shown = _runs(text)
            for plant, runs in self._plants.items():
                if shown & runs:
                    found.setdefault(plant, number)
        return list(found.items())

    def _ids(self, evidence: Sequence[tuple[str, str]], number: str) -> list[str]:
        cited = next(self._cites)
        if cited == "another sentence":
            return [other for other, _ in evidence if other != number][:1]
        return [number] if cited == "the instruction" else []


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = padded_words(text).split()
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _worded(request: Mapping[str, Any], said: Sequence[tuple[str, list[str]]]) -> str:
    """Statements in the plain form, or as JSON where the request asks for that."""
    if request.get("response_format") or request.get("tools"):
        return json.dumps({"statements": [{"text": text, "ids": ids} for text, ids in said]})
    return "\n".join(" ".join([text, *(f"[{number}]" for number in ids)]) for text, ids in said)
