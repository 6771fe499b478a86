"""Quotes with their references, as they are pasted."""

import re

import pytest

from assistant.references import STYLES, bibtex, markdown, plain, reference
from assistant.types import Citation, DocumentInfo, Quote
from index.errors import InputError

TEXT = "Before. The lake rose by 40 % in 1931, {and} fell_again.\nIt cost $5 & more. After."
START = TEXT.index("The lake")
END = TEXT.index(" After")
FIELDS = re.compile(r"^  (\w+) = (.*),$", re.M)


def citation(**known):
    values = {
        "title": "Levels of the Äspen Lake",
        "authors": ("Élodie Marchand-Núñez", "Jan Holm"),
        "publisher": "Lakes & Rivers",
        "published": "1932-05-04",
        "source": "C:\\texts\\lake_levels.md",
    }
    document = DocumentInfo(id="0123456789abcdef", sha256="0" * 64, **{**values, **known})
    return Citation(1, Quote.slice(TEXT, START, END), document, "0123456789abcdef:0-9")


def fields(**known):
    return dict(FIELDS.findall(bibtex(citation(**known))))


def test_plain_keeps_the_quote_as_it_is():
    assert plain(citation()) == (
        "“The lake rose by 40 % in 1931, {and} fell_again.\nIt cost $5 & more.”\n"
        "— Élodie Marchand-Núñez, Jan Holm: Levels of the Äspen Lake (Lakes & Rivers, May 4, 1932)."
        f" lake_levels.md, characters {START}–{END}"
    )


def test_plain_says_what_is_not_known():
    text = plain(citation(title=None, authors=(), publisher=None, published=None))
    assert text.endswith(
        "— author not stated: lake_levels.md (date not stated). lake_levels.md, "
        f"characters {START}–{END}"
    )


def test_markdown_is_a_block_quote_in_which_nothing_acts():
    lines = markdown(citation(title="<img src=x> *bold*\n# heading")).split("\n")
    assert all(line.startswith(">") for line in lines)
    assert lines[0] == "> The lake rose by 40 % in 1931, {and} fell\\_again."
    assert lines[1] == "> It cost \\$5 \\& more."
    assert "\\<img src=x\\> \\*bold\\* # heading" in lines[-1]


def test_bibtex_states_what_is_known():
    entry = bibtex(citation())
    assert entry.startswith("@misc{nunez1932levels-01234567,\n")
    assert entry.endswith("\n}")
    assert fields() == {
        "author": "{Élodie Marchand-Núñez and Jan Holm}",
        "title": "{{Levels of the Äspen Lake}}",
        "publisher": r"{Lakes \& Rivers}",
        "year": "{1932}",
        "month": "may",
        "day": "{4}",
        "howpublished": r"{lake\_levels.md}",
        "note": (
            f"{{Characters {START}--{END}: ``The lake rose by 40 \\% in 1931, "
            r"\textbraceleft{}and\textbraceright{} fell\_again. It cost \$5 \& more.''}"
        ),
    }


@pytest.mark.parametrize(
    ("known", "absent"),
    [
        ({"published": "1932-05"}, {"day"}),
        ({"published": "1932"}, {"day", "month"}),
        ({"published": None}, {"day", "month", "year"}),
        ({"title": None}, {"title"}),
        ({"authors": ()}, {"author"}),
        ({"publisher": None}, {"publisher"}),
    ],
)
def test_bibtex_leaves_out_what_is_not_known(known, absent):
    assert fields().keys() - fields(**known).keys() == absent


def test_bibtex_key_without_anything_known_is_the_document():
    entry = bibtex(citation(title=None, authors=(), publisher=None, published=None))
    assert entry.startswith("@misc{01234567,\n")


@pytest.mark.parametrize(
    "name", ["Ministry of Trade and Industry", "Holm, Jan", "Team AND Friends", "many others"]
)
def test_a_name_that_bibtex_would_take_apart_stands_in_braces(name):
    assert fields(authors=(name,))["author"] == f"{{{{{name}}}}}"


@pytest.mark.parametrize(
    "hostile",
    [
        "}}, note = {x",
        "{{{",
        "\\input{/etc/passwd}",
        "a\n@misc{other,}",
        "100% $ # ~ ^ _ & \\",
        '"',
    ],
)
def test_bibtex_stays_one_balanced_entry(hostile):
    entry = bibtex(citation(title=hostile, authors=(hostile,), publisher=hostile))
    depths = [0]
    for character in entry:
        depths.append(depths[-1] + {"{": 1, "}": -1}.get(character, 0))
    assert depths[-1] == 0
    assert all(depth > 0 for depth in depths[len("@misc{") : -1])
    assert "\\input" not in entry
    assert len(FIELDS.findall(entry)) == 8
    bare = re.sub(r"\\[$&#_%]", "", entry)
    assert re.search(r"[$#%~^&]", bare) is None


def test_every_style_can_be_named():
    given = [reference(citation(), style) for style in STYLES]
    assert given == [plain(citation()), markdown(citation()), bibtex(citation())]
    with pytest.raises(InputError, match="plain, markdown, bibtex"):
        reference(citation(), "apa")
