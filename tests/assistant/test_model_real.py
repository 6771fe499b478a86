"""The chat model against a server with a real small model."""

import asyncio

import pytest
from model_calls import SCHEMA, collected, text_of, usage_of

from assistant.errors import ContextLengthError
from assistant.model_types import ModelOptions
from assistant.models import ChatModel

pytestmark = pytest.mark.slow

TELL = [("user", "Tell me a long story about a ferry between two islands.")]


def opened(base_url, **options):
    given = {"base_url": base_url, "context_tokens": 4096, "max_output_tokens": 16, **options}
    return ChatModel.open("openai:smollm2", ModelOptions(**given))


def test_text_and_usage_come_both_ways(real_model):
    model = opened(real_model)
    for chunks in (list(model.stream(TELL)), asyncio.run(collected(model))):
        assert len(text_of(chunks)) > 10
        assert 0 < usage_of(chunks).output_tokens <= 16
        assert usage_of(chunks).input_tokens > 5


def test_a_schema_holds_or_is_given_up(real_model):
    model = opened(real_model, structured="on")
    text = text_of(model.stream([("user", "Name the ids 1.2 and 1.3.")], SCHEMA))
    assert text
    assert text.lstrip().startswith("{") or not model.takes_schema


def test_too_long_a_prompt_is_known(real_model):
    with pytest.raises(ContextLengthError):
        list(opened(real_model).stream([("user", "ferry " * 20000)]))
