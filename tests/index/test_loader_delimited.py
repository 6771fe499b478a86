from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder
from office_files import FILES, libreoffice

from index import Index, build
from index.errors import UnreadableFileError
from index.loaders import delimited
from index.loaders.delimited import load


def text_of(text, name="a.csv", encoding="utf-8"):
    return load(text.encode(encoding), name).text


EXPECTED = "- Town: Café; People: 1,5\n- Town: Öd; People: 2\n"


@pytest.mark.parametrize(
    ("text", "name", "encoding"),
    [
        ('Town,People\nCafé,"1,5"\nÖd,2\n', "a.csv", "utf-8"),
        ("Town;People\r\nCafé;1,5\r\nÖd;2\r\n", "a.csv", "cp1252"),
        ("Town\tPeople\nCafé\t1,5\nÖd\t2", "a.tsv", "utf-16"),
        ("Town|People\nCafé|1,5\nÖd|2\n", "a.csv", "utf-8-sig"),
        ('sep=;\nTown;People\n"Café";"1,5"\n\nÖd;2\n', "a.csv", "utf-8"),
        ("Town , People\n Café,\"1,5\" \n,\nÖd,2,,\n", "a.csv", "utf-8"),
    ],
)  # fmt: skip
def test_delimiters_and_encodings(text, name, encoding):
    assert text_of(text, name, encoding) == EXPECTED


def test_quoted_values():
    text = 'Town,Remark,N\nA,"two\nlines, ""quoted""",1\nB,a\u2028b,2\n'
    assert text_of(text) == (
        '- Town: A; Remark: two lines, "quoted"; N: 1\n- Town: B; Remark: a b; N: 2\n'
    )


def test_one_column():
    assert text_of("The river rose.\nIt fell.\n") == "The river rose.\n\nIt fell.\n"


def test_a_file_of_libreoffice(tmp_path_factory):
    data = libreoffice(FILES / "district.fods", "csv", tmp_path_factory.mktemp("csv"))
    text = load(data, "district.csv").text
    assert text.startswith("Towns of the river district\n\n- Region: North; Town: Belmora; Popul")
    assert text.endswith("Population: 69635\n\nSource: the census of 2021.\n")


def test_quotes_through_the_whole_way(tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text("Town;People\nBelmora;13420\nCastrel;48900\n", encoding="utf-8")
    build([path], tmp_path / "index", embedding_model=words_embedder())
    with Index.open(tmp_path / "index", words_embedder()) as index:
        hit = index.search("How many people has Castrel?", k=1)[0]
    assert [s.text for s in hit.passage.sentences] == [
        "Town: Belmora; People: 13420",
        "Town: Castrel; People: 48900",
    ]
    text = load(path.read_bytes(), "towns.csv").text
    assert all(text[s.start : s.end] == s.text for s in hit.passage.sentences)


def test_what_is_too_much_is_told(monkeypatch):
    monkeypatch.setattr(delimited, "MOST_CELLS", 6)
    loaded = load(b"Town,People\nA,1\nB,2\nC,3\n", "a.csv")
    assert loaded.text == "- Town: A; People: 1\n- Town: B; People: 2\n"
    assert loaded.notes == ("row 4 and those after it were left out: there are too many values",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "found an empty file"),
        (b",,\n,,\n", "expected values, found none"),
        (b'a,"' + b"b" * 200_000, "missing its other half"),
        (bytes(range(256)) * 9, "found binary data"),
    ],
)
def test_what_cannot_be_read_is_told(data, message):
    with pytest.raises(UnreadableFileError, match=f"a.csv: .*{message}"):
        load(data, "a.csv")


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(alphabet=',;\t|"\n ab1', max_size=200).map(str.encode)
    )
)
def test_any_bytes_are_values_or_an_error(data):
    with suppress(UnreadableFileError):
        assert load(data, "a.csv").text.strip()
