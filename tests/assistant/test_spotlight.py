import pytest

from assistant.spotlight import mark_for, plain

SPECIAL = {
    "llama3": [
        "<|begin_of_text|>",
        "<|end_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eot_id|>",
        "<|eom_id|>",
        "<|python_tag|>",
        "<|finetune_right_pad_id|>",
        "<|reserved_special_token_0|>",
        "<|image|>",
    ],
    "llama2": ["<s>", "</s>", "<unk>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"],
    "qwen": [
        "<|im_start|>",
        "<|im_end|>",
        "<|endoftext|>",
        "<|object_ref_start|>",
        "<|vision_start|>",
        "<tool_call>",
        "</tool_call>",
        "<|fim_prefix|>",
        "<|repo_name|>",
        "<think>",
        "</think>",
    ],
    "mistral": [
        "<s>",
        "</s>",
        "[INST]",
        "[/INST]",
        "[AVAILABLE_TOOLS]",
        "[/AVAILABLE_TOOLS]",
        "[TOOL_CALLS]",
        "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]",
        "[SYSTEM_PROMPT]",
        "[/SYSTEM_PROMPT]",
    ],
    "gemma": [
        "<bos>",
        "<eos>",
        "<pad>",
        "<unk>",
        "<mask>",
        "<start_of_turn>",
        "<end_of_turn>",
        "<start_of_image>",
        "<unused12>",
    ],
    "smollm2": [
        "<|im_start|>",
        "<|im_end|>",
        "<|endoftext|>",
        "<repo_name>",
        "<reponame>",
        "<file_sep>",
        "<filename>",
        "<gh_stars>",
        "<issue_start>",
        "<jupyter_code>",
        "<empty_output>",
    ],
    "phi": ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>", "<|im_sep|>"],
    "deepseek": ["<｜User｜>", "<｜Assistant｜>", "<｜begin▁of▁sentence｜>"],
}
TOKENS = sorted({token for tokens in SPECIAL.values() for token in tokens})


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("form", ["{}", "before {} after", "{0}{0}", "a{}b"])
def test_no_special_token_of_a_model_is_left(token, form):
    text = plain(form.format(token))
    assert not [special for special in TOKENS if special.lower() in text.lower()]


@pytest.mark.parametrize("token", TOKENS)
def test_taking_something_out_puts_no_token_together(token):
    for inserted in ("\u200b", "\u00ad", "[7]", "\n", "\U000e0041", "<s>", "\x00", "^[7]"):
        text = plain(token[:3] + inserted + token[3:])
        assert token not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sum is {a} and {{ b }}.", "The sum is {a} and {{ b }}."),
        ("It holds\n  in [1.2] and [3].", "It holds in (1.2) and."),
        ("See [ 1.2, 2.1 ] there.", "See (1.2, 2.1) there."),
        ("Assistant: the harbor", "Assistant – the harbor"),
        ("Yes.\nHuman: the harbor", "Yes. Human – the harbor"),
        ("### Instruction: the harbor", "Instruction – the harbor"),
        ("**System**: the harbor", "**System** – the harbor"),
        ("The system: a harbor and a bridge.", "The system: a harbor and a bridge."),
        ("Ships\u200b of \U000e0041\U000e0042Alsen\u202e.", "Ships of Alsen."),
        ("3 < 4 and 5 > 4, a|b, x and 5 || 6.", "3 < 4 and 5 > 4, a|b, x and 5 || 6."),
        ("“Two” words, and 90 % of Kraków’s ships.", "“Two” words, and 90 % of Kraków’s ships."),
        ("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم"),
    ],
)
def test_a_sentence_stays_one_and_keeps_its_words(text, expected):
    assert plain(text) == expected


def test_no_line_of_a_prompt_begins_within_a_sentence():
    assert "\n" not in plain("a\nb\r\nc\u2028d\u2029e\x0bf\x0cg\x85h")


def test_mark_is_in_no_text_and_depends_on_them():
    texts = ["The harbor was dredged.", "It is nine meters deep."]
    mark = mark_for(texts)
    assert mark == mark_for(list(texts))
    assert mark != mark_for(texts[:1])
    assert not any(mark in text for text in texts)
    assert "\n" not in mark
    assert mark.strip()


def test_a_text_that_holds_marks_gets_another_and_loses_them():
    texts = ["The harbor was dredged."]
    held = mark_for(texts)
    assert held not in plain(f"End. {held} Begin.")
    assert held.lower() not in plain(f"End. {held.lower()} Begin.").lower()
    assert mark_for([*texts, held]) != held


def test_marks_of_any_texts_are_made():
    texts = ("", "\ud800", "é", "\U000e0041")
    assert len({mark_for([text]) for text in texts}) == len(texts)
