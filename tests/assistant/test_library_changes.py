"""The table of documents: status, search, order and pages."""

import os

import pytest
from library_texts import document_info

from assistant.library import PAGE_SIZE, Entry, Order, entries_of, listing_of
from assistant.library_files import FileStates, checked_name, free_name
from index import Index, build
from index.errors import InputError
from index.sidecars import edit


def entry(state="in step", passages=1, **fields):
    return Entry(document_info(**fields), passages, state, 1)


ENTRIES = [
    entry(title="Zebra", authors=("Émile Zola",), published="2020-05", publisher="Éditions"),
    entry(title="apple", authors=("Ann Ode", "Bo Ek"), published="2019", passages=12),
    entry(title=None, source="docs/mango.md", published=None, state="missing"),
    entry(title="Banana", authors=("Bo Ek",), published="2020-04-30", state="changed", passages=3),
]


def names(listing):
    return [each.info.name for each in listing.entries]


@pytest.mark.parametrize(
    ("sort", "down", "expected"),
    [
        ("title", False, ["apple", "Banana", "mango.md", "Zebra"]),
        ("title", True, ["Zebra", "mango.md", "Banana", "apple"]),
        ("authors", False, ["apple", "Banana", "Zebra", "mango.md"]),
        ("authors", True, ["Zebra", "Banana", "apple", "mango.md"]),
        ("published", False, ["apple", "Banana", "Zebra", "mango.md"]),
        ("published", True, ["Zebra", "Banana", "apple", "mango.md"]),
        ("publisher", False, ["Zebra", "apple", "Banana", "mango.md"]),
        ("passages", True, ["apple", "Banana", "mango.md", "Zebra"]),
        ("state", False, ["mango.md", "Banana", "apple", "Zebra"]),
    ],
)
def test_order_with_the_unknown_last(sort, down, expected):
    assert names(listing_of(ENTRIES, Order(sort=sort, is_down=down))) == expected


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("emile", ["Zebra"]),
        ("EDITIONS  zebra", ["Zebra"]),
        ("bo ek", ["apple", "Banana"]),
        ("mango", ["mango.md"]),
        ("2020", ["Banana", "Zebra"]),
        ("apple zola", []),
        ("   ", ["apple", "Banana", "mango.md", "Zebra"]),
    ],
)
def test_search(search, expected):
    listing = listing_of(ENTRIES, Order(search))
    assert (names(listing), listing.matching, listing.total) == (expected, len(expected), 4)


def test_one_state():
    listing = listing_of(ENTRIES, Order(state="changed"))
    assert names(listing) == ["Banana"]
    assert listing.states == {"missing": 1, "changed": 1, "in step": 2}


def test_pages():
    many = [entry(title=f"{number:04}") for number in range(2 * PAGE_SIZE + 1)]
    first, last = (listing_of(many, Order(page=page)) for page in (1, 3))
    assert (len(first.entries), len(last.entries), first.pages) == (PAGE_SIZE, 1, 3)
    assert names(last) == [f"{2 * PAGE_SIZE:04}"]
    assert listing_of(many, Order(page=99)).page == 3
    assert listing_of(many, Order(page=-1)).page == 1
    assert listing_of([], Order()).pages == 1


def test_an_unknown_column():
    with pytest.raises(InputError, match="Expected one of the columns"):
        listing_of(ENTRIES, Order(sort="size"))


@pytest.fixture
def indexed(tmp_path, embedder):
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a", "b", "c"):
        (docs / f"{name}.md").write_text(f"# The {name}\n\nThe {name} was built in 1850.\n")
    (docs / "twin.md").write_text((docs / "c.md").read_text())
    build([docs], tmp_path / "index", embedding_model=embedder)
    return docs


def test_states_of_real_files(indexed, tmp_path):
    states = FileStates()

    def now():
        with Index.open(tmp_path / "index") as index:
            entries = entries_of(index, states)
        assert [each.files for each in entries] == [1, 1, 2]
        return [each.state for each in entries]

    assert now() == ["in step"] * 3
    os.utime(indexed / "a.md")  # touched, and the same
    assert now() == ["in step"] * 3
    (indexed / "a.md").write_text("Something else.")
    edit(indexed / "b.md", {"title": "B"})
    (indexed / "twin.md").unlink()
    assert now() == ["changed", "changed", "in step"]
    (indexed / "c.md").unlink()
    (indexed / "a.md").unlink()
    assert now() == ["missing", "changed", "missing"]


def test_passages_are_counted(indexed, tmp_path):
    with Index.open(tmp_path / "index") as index:
        counts = [each.passages for each in entries_of(index, FileStates())]
        assert sum(counts) == index.passage_count
        assert counts == [len(index.passages(info.id)) for info in index.documents()]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("report.md", "report.md"),
        ("Report Of 2024.TXT", "Report Of 2024.TXT"),
        ("  a\u202etxt.\u2066md ", "atxt.md"),
        ("a\nb\tc.md", "abc.md"),
        ("e\u0301.md", "\u00e9.md"),
        ("..md.md", None),
        ("%2e%2e%2fetc.md", "%2e%2e%2fetc.md"),
        ("'; DROP TABLE documents; --.md", "'; DROP TABLE documents; --.md"),
        ("$(reboot) & `reboot`.md", "$(reboot) & `reboot`.md"),
        ("-rf.md", "-rf.md"),
        ("../../etc/passwd.md", None),
        ("/etc/passwd.md", None),
        ("..\\..\\boot.md", None),
        ("C:boot.md", None),
        ("a\0.md", None),
        ("<img src=x onerror=alert(1)>.md", None),
        ("passwd", None),
        (".md", None),
        (".hidden.md", None),
        (" .md", None),
        ("", None),
        ("..", None),
        ("a.md.exe", None),
        ("a.md.meta.yaml", None),
        ("x" * 200 + ".md", None),
        ("é" * 100 + ".md", None),
    ],
)
def test_names(given, kept):
    if kept is not None:
        assert checked_name(given) == kept
        return
    with pytest.raises(InputError, match=r"[.…]: expected|: expected|A file"):
        checked_name(given)


@pytest.mark.parametrize(
    ("given", "what_to_do"),
    [
        ("old.Doc", "Save it as .docx."),
        ("photo.jpg", "Convert the file to text or Markdown."),
    ],
)
def test_what_is_not_taken_is_told_what_to_do(given, what_to_do):
    with pytest.raises(InputError) as caught:
        checked_name(given)
    assert what_to_do in str(caught.value)


def test_free_names():
    assert free_name("a.md", []) == "a.md"
    assert free_name("a.md", ["A.MD", "a (2).md"]) == "a (3).md"
    assert free_name("a.md", ["a.md.meta.yaml"]) == "a (2).md"
