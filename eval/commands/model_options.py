"""The options about the chat model that is asked: those of `assistant ask`, and what they open."""

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.settings import Settings
    from index import Index

_OF_A_MODEL = (
    "base_url",
    "model_timeout",
    "context_tokens",
    "structured",
    "model_cache",
    "requests_per_second",
    "prompts",
    "grounding_nli",
)
"""Options that mean nothing without a chat model."""
_EXTRACTIVE = "extractive"


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them."""
    group = parser.add_argument_group("the chat model")
    group.add_argument(
        "--model",
        metavar="NAME",
        help="a chat model as PROVIDER:NAME, as for 'assistant ask' (default: the extractive "
        "reader)",
    )
    group.add_argument("--base-url", metavar="URL", help="where the model's server is")
    group.add_argument(
        "--model-timeout",
        metavar="SECONDS",
        type=float,
        help="a case fails after so long without anything from the model (default: 60)",
    )
    group.add_argument(
        "--context-tokens", metavar="N", type=int, help="how much the model reads and writes"
    )
    group.add_argument(
        "--structured", choices=("auto", "on", "off"), help="hold the model to a JSON schema"
    )
    group.add_argument(
        "--model-cache",
        metavar="FILE",
        type=Path,
        help="keep the model's replies there, and use them for the same prompts",
    )
    group.add_argument(
        "--requests-per-second", metavar="N", type=float, help="ask the model no more often"
    )
    group.add_argument("--prompts", metavar="DIR", type=Path, help="prompts of your own")
    group.add_argument(
        "--grounding-nli",
        metavar="NAME",
        help="a cross-encoder by which the assistant itself checks what the model states: "
        "--nli of 'assistant ask'",
    )


def given_options(arguments: argparse.Namespace) -> list[str]:
    """The options about a chat model that are given, `--model` first."""
    names = [name for name in ("model", *_OF_A_MODEL) if getattr(arguments, name) is not None]
    return [f"--{name.replace('_', '-')}" for name in names]


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The chat model that is asked, with its options; without a name the extractive reader."""

    name: str | None
    settings: "Settings | None"
    """Of the command line, the environment and `assistant.toml`; None without a chat model."""

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> "ModelChoice":
        """The choice of a command line. The model itself is never taken from the environment.

        Raises:
            InputError: options of a chat model are given without one.
            SettingsError: a value is of the wrong kind.
        """
        if arguments.model in (None, _EXTRACTIVE):
            if wrong := [name for name in given_options(arguments) if name != "--model"]:
                raise InputError(
                    f"Expected --model with {wrong[0]}, found none: the extractive reader asks no "
                    "chat model. Name a model, or leave the option out."
                )
            return cls(None, None)
        from assistant.settings import load_settings

        given = {name: getattr(arguments, name) for name in ("model", *_OF_A_MODEL)}
        given["nli"] = given.pop("grounding_nli")
        return cls(arguments.model, load_settings(given))

    def open(self, index: "str | Path | Index", reranker: str | None = None) -> "Assistant":
        """An `Assistant` on an index, with this model."""
        from assistant import Assistant

        if self.settings is None:
            return Assistant.open(index, self.name, reranker)
        return Assistant.open(
            index,
            self.name,
            reranker,
            options=self.settings.model_options(),
            prompts=self.settings.prompts,
            nli=self.settings.nli,
        )

    def to_dict(self) -> dict[str, Any]:
        """The options that answers depend on, for a report's `system`."""
        if self.settings is None:
            return {"model": self.name or _EXTRACTIVE}
        options = self.settings.model_options()
        return {
            "model": self.name,
            "base_url": options.base_url,
            "structured": options.structured,
            "temperature": options.temperature,
            "max_output_tokens": options.max_output_tokens,
            "context_tokens": options.context_tokens,
            "is_cached": options.cache is not None,
            "grounding_nli": self.settings.nli,
            "own_prompts": self._own_prompts(),
        }

    def _own_prompts(self) -> str | None:
        """SHA-256 of the texts of one's own prompts; None without any."""
        if self.settings is None or self.settings.prompts is None:
            return None
        from prompts import Library, model_names

        library = Library(self.settings.prompts)
        texts = "\0".join(library.load(name).text for name in model_names())
        return hashlib.sha256(texts.encode()).hexdigest()
