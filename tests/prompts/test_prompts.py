"""The wording: files that a person can edit, and that say what is wrong with them."""

import pytest

import prompts
from prompts import Template, TemplateError, load, names


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(prompts, "_FOLDER", tmp_path)
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


def test_there_are_templates():
    assert {"quote", "quote_anonymous", "abstain_weak"} <= set(names())


@pytest.mark.parametrize("name", names())
def test_each_template_renders_with_its_variables(name):
    template = load(name)
    assert template.version >= 1
    text = template.render(**{variable: f"<{variable}>" for variable in template.variables})
    assert all(f"<{variable}>" in text for variable in template.variables)
    assert "{" not in text
    assert text == text.strip() != ""


def test_a_missing_variable_is_named():
    with pytest.raises(TemplateError, match=r"missing: \['quote', 'when'\], unknown: \[\]"):
        load("quote").render(voice="Ann")


def test_an_unknown_variable_is_named():
    with pytest.raises(TemplateError, match=r"unknown: \['author'\]"):
        load("quote_again").render(quote="x", author="Ann")


def test_braces_in_values_stay():
    template = Template("t", 1, frozenset({"a", "b"}), "{a} {b} { c } {}")
    assert template.render(a="{b}", b="{a}{0}\\1") == "{b} {a}{0}\\1 { c } {}"


def test_an_unknown_template_is_named_with_those_there_are():
    with pytest.raises(TemplateError, match="No template 'nope'; there are: abstain_"):
        load("nope")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just text", "front matter"),
        ("---\nversion: 1\nvariables: [a]\n---\nno such", "declares the variables"),
        ("---\nversion: 1\nvariables: []\n---\nbut {a}", "declares the variables"),
        ("---\nversion: one\nvariables: []\n---\ntext", "version number, found 'one'"),
        ("---\nvariables: []\n---\ntext", "version number"),
        ("---\nversion 1\n---\ntext", "'key: value'"),
        ("\udcff", "UTF-8"),
    ],
)
def test_a_broken_template_says_what_is_wrong(folder, text, message):
    (folder / "broken.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(TemplateError, match=message) as caught:
        load("broken")
    assert "broken.md" in str(caught.value)


def test_a_template_may_be_saved_by_any_editor(folder):
    (folder / "edited.md").write_bytes(
        b"\xef\xbb\xbf---\r\nversion: 2\r\nvariables: [a]\r\n---\r\nSee {a}.\r\n"
    )
    assert load("edited").render(a="this") == "See this."
