"""OpenAI's protocol as other servers speak it."""

from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

COSTS = "costs"
"""Where a chunk's response metadata holds what providers charge: a list, as chunks are joined."""


class CompatibleChatOpenAI(ChatOpenAI):
    """Keeps what a call cost, in US dollars, which OpenRouter and others tell with the usage."""

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type,
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(
            chunk, default_chunk_class, base_generation_info
        )
        cost = (chunk.get("usage") or {}).get("cost")
        if made is not None and isinstance(cost, int | float):
            made.message.response_metadata[COSTS] = [float(cost)]
        return made
