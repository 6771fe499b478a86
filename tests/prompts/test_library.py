"""Prompts of one's own: checked when the library is made, and used in place of the shipped ones."""

import pytest

import prompts
from prompts import Library, TemplateError, load, model_names, names

SHIPPED = (
    "---\nversion: 3\nfor: model\nvariables: [evidence, question]\n---\n{question}: {evidence}"
)
OWN = SHIPPED.replace("version: 3", "version: 12").replace("{question}: ", "Q {question} E ")


@pytest.fixture(autouse=True)
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "answer.md").write_text(SHIPPED)
    (folder / "repair.md").write_text(SHIPPED)
    (folder / "quote.md").write_text("---\nversion: 1\nvariables: [quote]\n---\n{quote}")
    monkeypatch.setattr(prompts, "_FOLDER", folder)
    load.cache_clear()
    yield folder
    load.cache_clear()


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def test_only_prompts_of_a_model_may_be_replaced():
    assert model_names() == ["answer", "repair"]
    assert names() == Library().names() == ["answer", "quote", "repair"]


def test_without_a_folder_all_are_shipped(shipped):
    template = Library().load("answer")
    assert template is load("answer")
    assert (template.is_own, template.path) == (False, shipped / "answer.md")


def test_ones_own_replaces_the_shipped_one(own):
    (own / "answer.md").write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    library = Library(own)
    template = library.load("answer")
    assert (template.version, template.path, template.is_own) == (12, own / "answer.md", True)
    assert template.render(question="Why?", evidence="[1]") == "Q Why? E [1]"
    assert library.load("repair") is load("repair")
    assert load("answer").version == Library().load("answer").version == 3


def test_what_an_editor_leaves_is_passed_over(own):
    for name in (".answer.md.swp", ".DS_Store", "answer.md~", ".hidden.md"):
        (own / name).write_bytes(b"\xff")
    (own / "old").mkdir()
    (own / "old" / "answer.md").write_text(OWN)
    assert not Library(own).load("answer").is_own


@pytest.mark.parametrize("name", ["quote.md", "anwser.md", "Answer.md", "answer.txt", "README.md"])
def test_a_file_that_replaces_nothing(own, name):
    (own / name).write_text(OWN)
    with pytest.raises(TemplateError) as caught:
        Library(own)
    assert str(caught.value) == (
        f"{own / name}: expected only prompts of a model here, named answer.md, repair.md; found "
        f"{name!r}. Rename it, or put it elsewhere."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace("for: model\n", ""), "expected the line 'for: model'"),
        (OWN.replace("model", "user"), "expected the line 'for: model'"),
        (OWN.replace("12", "twelve"), "expected a version number, found 'twelve'"),
        (OWN.replace("version: 12\n", ""), "expected a version number, found ''"),
        ("Answer {question} from {evidence}", "must begin with front matter"),
        ("", "must begin with front matter"),
        (OWN.replace("{evidence}", ""), "declares the variables"),
        (
            OWN.replace("{evidence}", "").replace("evidence, ", ""),
            r"expected the variables \['evidence', 'question'\], found \['question'\]",
        ),
        (
            OWN.replace("evidence,", "evidence, date,") + "{date}",
            r"found \['date', 'evidence', 'question'\]",
        ),
        (OWN + "\udcff", "expected text in UTF-8"),
    ],
)
def test_a_bad_file_is_named(own, text, message):
    (own / "answer.md").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(TemplateError, match=message) as caught:
        Library(own)
    assert str(own / "answer.md") in str(caught.value)


def test_a_folder_in_place_of_a_file(own):
    (own / "answer.md").mkdir()
    with pytest.raises(TemplateError, match=r"expected text in UTF-8, found .*directory"):
        Library(own)


def test_a_missing_folder(own):
    with pytest.raises(TemplateError) as caught:
        Library(own / "nowhere")
    assert str(caught.value) == (
        f"{own / 'nowhere'}: expected a folder with prompts of your own (answer.md, repair.md), "
        "found nothing. Check the path."
    )
    (own / "answer.md").write_text(OWN)
    with pytest.raises(TemplateError, match="found a file"):
        Library(own / "answer.md")


def test_an_unknown_name_is_named_with_those_there_are(own):
    with pytest.raises(TemplateError, match="No template 'nope'; there are: answer, quote, repair"):
        Library(own).load("nope")
