"""Chat models that visitors may choose besides the desk's own. Light to import."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.desk import Assistant

if TYPE_CHECKING:
    from assistant.model_types import ModelOptions


class AlsoModels:
    """Further chat models by name, each opened when it is first asked. Safe to share."""

    def __init__(
        self,
        names: tuple[str, ...] = (),
        options: "ModelOptions | None" = None,
        prompts: Path | None = None,
        nli: str | None = None,
        provider: str | None = None,
    ) -> None:
        """Offer models; nothing is opened yet.

        Args:
            names: such as "ollama:qwen3:4b".
            options: how each of them is asked.
            prompts: a folder with prompts of one's own.
            nli: a cross-encoder that checks what they write.
            provider: whose server the options' `base_url` is; it serves models of no other.
        """
        self.names = names
        self._options = options
        self._prompts = prompts
        self._nli = nli
        self._provider = provider
        self._opened: dict[str, Assistant] = {}
        self._lock = threading.Lock()

    def desk(self, desk: Assistant, name: str) -> Assistant:
        """A desk over the same index with the model of this name; one that failed is tried again.

        Raises:
            ModelUnavailableError: the model is not among those offered, is unknown, or its package
                is not installed.
            ModelAccessError: it needs a key that is not in the environment.
        """
        from assistant.errors import ModelUnavailableError

        if name not in self.names:
            offered = ", ".join(self.names) or "none"
            raise ModelUnavailableError(
                f"Expected one of the models that this server offers ({offered}), found "
                f"{name!r:.100}. Choose another one."
            )
        with self._lock:
            if name not in self._opened:
                options = self._options_for(name)
                self._opened[name] = Assistant.open(
                    desk.index, name, options=options, prompts=self._prompts, nli=self._nli
                )
        return desk.with_model_of(self._opened[name])

    def _options_for(self, name: str) -> "ModelOptions | None":
        from assistant.model_providers import provider_of

        if self._options is None or self._provider in (None, provider_of(name)):
            return self._options
        return replace(self._options, base_url=None)
