import json
import os
from pathlib import Path

import pytest

from index.canonical import canonical_text
from index.errors import InputError, SourceError, UnreadableFileError, UnsupportedFormatError
from index.sidecars import SIDECAR_SUFFIX, sidecar
from index.sources import find_files, read_document, read_info

BODY = "The old bridge was closed in the spring, and the council sent for a mason. He came in June."


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_find_files(write, tmp_path):
    for name in ("b.md", "a.txt", "sub/c.TXT", "sub/d.markdown", "e.text"):
        write(name, BODY)
    for name in ("x.png", ".hidden.txt", ".git/y.txt", "a.txt.meta.yaml", "no_suffix"):
        write(name, BODY)
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    names = [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path])]
    assert names == ["a.txt", "b.md", "e.text", "sub/c.TXT", "sub/d.markdown"]


def test_each_file_is_found_once(write, tmp_path, monkeypatch):
    path = write("sub/a.txt", BODY)
    monkeypatch.chdir(tmp_path)
    assert find_files(["sub", path, "sub/../sub/a.txt", Path("sub/a.txt")]) == [path]


def test_a_file_named_is_a_file_wanted(write):
    path = write(".hidden.txt", BODY)
    assert find_files([path]) == [path]


def test_nothing_to_find(write, tmp_path):
    write("x.png", BODY)
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(InputError, match="Expected documents"):
        find_files([tmp_path])
    with pytest.raises(InputError, match="no paths"):
        find_files([])
    for name in ("missing.txt", "dangling.txt", "x" * 300, "a\x00b"):
        with pytest.raises(InputError, match=r"found nothing|cannot be used"):
            find_files([tmp_path / name])


def test_read_a_document(write):
    path = write(
        "a.md",
        "---\ntitle: A Bridge\nauthors:\n  - name: Jane Doe\n  - John Roe\npublisher: River House\n"
        f"date: 2021-03-03\nlang: en\n---\n# A Bridge\n\n{BODY}\n",
    )
    document, passages = read_document(path)
    info = document.info
    assert (info.title, info.authors, info.publisher, info.published, info.language) == (
        "A Bridge",
        ("Jane Doe", "John Roe"),
        "River House",
        "2021-03-03",
        "en",
    )
    assert set(info.found) == {
        (name, "front_matter")
        for name in ("title", "authors", "publisher", "published", "language")
    }
    assert info.id == info.sha256[:16]
    assert info.source == str(path)
    assert document.sources == (str(path),)
    assert document.text == canonical_text(path) == "".join(passage.text for passage in passages)
    quoted = [(name, document.text[start:end]) for name, (start, end) in document.byline]
    assert ("authors", "authors:\n  - name: Jane Doe\n  - John Roe") in quoted
    assert ("title", "# A Bridge") in quoted
    assert [passage.label for passage in passages] == ["front_matter", "body"]
    assert passages[1].heading == "A Bridge"


@pytest.mark.parametrize("name", ["a.md.meta.yaml", "a.meta.yaml"])
def test_a_sidecar_overrides(write, name):
    path = write("a.md", f"---\ntitle: A Bridge\nauthor: Jane Doe\n---\nBy John Roe\n\n{BODY}")
    write(name, "title: Another Bridge\ndate: 1984\nlanguage: no\n")
    info = read_document(path)[0].info
    assert (info.title, info.authors, info.published) == ("Another Bridge", ("Jane Doe",), "1984")
    assert info.language == "no"
    assert dict(info.found) == {
        "title": "sidecar",
        "authors": "front_matter",
        "published": "sidecar",
        "language": "sidecar",
    }


def test_where_a_sidecar_is():
    assert sidecar(Path("x/a.md")) == Path("x/a.md" + SIDECAR_SUFFIX)


@pytest.mark.parametrize("text", ["- title\n- author\n", "just a text", "4"])
def test_a_sidecar_that_is_no_mapping(write, text):
    path = write("a.txt", BODY)
    beside = write("a.txt.meta.yaml", text)
    with pytest.raises(SourceError, match="expected a YAML mapping") as raised:
        read_document(path)
    assert str(raised.value).startswith(str(beside))


def test_a_sidecar_that_says_nothing(write):
    path = write("a.txt", BODY)
    write("a.txt.meta.yaml", "# nothing yet\n")
    assert read_document(path)[0].info.found == ()


@pytest.mark.parametrize(
    "block",
    [
        "title: The bridge: a story",
        "title: [open",
        'title: "open',
        "title: a\n\tauthor: b",
        "title: *missing",
        "? [a, b]\n: c\ntitle: a",
        "title: a\x07b",
        "title: " + "[" * 900,
        "title: " + "[" * 9000,
        "{title: a",
    ],
)
def test_broken_front_matter(write, block):
    path = write("a.md", f"---\n{block}\n---\n{BODY}")
    with pytest.raises(SourceError, match="expected YAML, found an error") as raised:
        read_document(path)
    assert str(raised.value).startswith(f"{path} (front matter)")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n\n{BODY}\n\n---\n\n{BODY}",
        f"---\n{BODY}\n---\n{BODY}",
        f"---\n- a\n- b\n---\n{BODY}",
        f"---\ntitle: A\n\n{BODY}",
        f"---\n---\n{BODY}",
        f"{BODY}\n---\ntitle: A\n---\n",
    ],
)
def test_rules_that_are_no_front_matter(write, text):
    document, passages = read_document(write("a.md", text))
    assert (document.info.title, document.info.found) == (None, ())
    assert "front_matter" not in {passage.label for passage in passages}


@pytest.mark.parametrize(
    "block",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nauthors: [*c, *c]\ntitle: A",
        "title: A\ntitle2: !!python/object:os.system x",
        "title: A\ndate: 2021-99-99",
        "title: A\ndate: !!timestamp x",
        "title: A\n<<: b",
        "title: A\n1: 2\n~: 3",
        "title: A\nnumber: " + "9" * 6000,
    ],
)
def test_odd_front_matter(write, block):
    info = read_document(write("a.md", f"---\n{block}\n---\n{BODY}"))[0].info
    assert (info.title, info.authors, info.published) == ("A", (), None)


@pytest.mark.parametrize("name", ["a.odt", "a", "a.txt.gz", "a.yaml"])
def test_other_formats(write, name):
    with pytest.raises(UnsupportedFormatError, match=r"expected one of \.txt, \.md"):
        read_document(write(name, BODY))


def test_files_that_are_no_documents(write, tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    write("empty.txt", b"")
    write("binary.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    for name in ("folder.txt", "dangling.txt", "empty.txt", "binary.txt", "missing.txt"):
        with pytest.raises(UnreadableFileError, match=name):
            read_document(tmp_path / name)


# The five real articles.

ARTICLES = {
    "000_4d7832cac6be68a8.txt": (
        "WHAT FUTURE FOR ARMENIAN-RUSSIAN RELATIONS?",
        "Salih Işık Bora",
        "2017-08-14",
    ),
    "001_91fbbabeef0b56ab.txt": (None, "Benyamin Poghosyan", None),
    "002_081eb5776217574f.txt": (None, "Robert M. Cutler", None),
    "003_3070aa814c29e2d8.txt": (
        "As Relations with Russia Falter, Armenia Tries Looking West",
        "Nicholas Castillo",
        "2023-10-31",
    ),
    "004_028b6fdb1764846e.txt": (
        "Armenia-Russia Relations: Paving The Way for a Dialogue",
        "David Petrosyan",
        None,
    ),
}
LABELED = {
    "000_4d7832cac6be68a8.txt": [
        ("byline", 0, 95),
        ("body", 95, 7867),
        ("notes", 7867, 10438),
        ("boilerplate", 10438, 11037),
    ],
    "001_91fbbabeef0b56ab.txt": [
        ("byline", 0, 22),
        ("body", 22, 1089),
        ("boilerplate", 1089, 1099),
        ("body", 1099, None),
    ],
    "002_081eb5776217574f.txt": [
        ("body", 0, 466),
        ("byline", 466, 486),
        ("body", 486, None),
    ],
    "003_3070aa814c29e2d8.txt": [
        ("byline", 0, 193),
        ("boilerplate", 193, 221),
        ("body", 221, 9650),
        ("boilerplate", 9650, 9956),
    ],
    "004_028b6fdb1764846e.txt": [("byline", 0, 76), ("body", 76, None)],
}


@pytest.fixture(scope="module")
def seeds():
    folder = os.environ.get("VERBATIM_SEEDS")
    if not folder:
        pytest.skip("VERBATIM_SEEDS is unset: it names the folder of the five real articles")
    if not Path(folder).is_dir():
        pytest.fail(f"VERBATIM_SEEDS is {folder}, and there is no such folder")
    return Path(folder)


@pytest.mark.parametrize("name", ARTICLES)
def test_metadata_of_the_articles(seeds, name):
    info = read_document(seeds / "documents" / name)[0].info
    title, author, published = ARTICLES[name]
    assert (info.title, info.authors, info.published) == (title, (author,), published)


@pytest.mark.parametrize("name", LABELED)
def test_labels_of_the_articles(seeds, name):
    document, passages = read_document(seeds / "documents" / name)
    runs = []
    for passage in passages:
        if runs and runs[-1][0] == passage.label:
            runs[-1] = (passage.label, runs[-1][1], passage.end)
        else:
            runs.append((passage.label, passage.start, passage.end))
    expected = [(label, start, end or len(document.text)) for label, start, end in LABELED[name]]
    assert runs == expected


@pytest.mark.parametrize(("start", "end"), [(2691, 2839), (6375, 6566)])
def test_a_sentence_over_a_page_break_is_one_sentence(seeds, start, end):
    document, passages = read_document(seeds / "documents" / "000_4d7832cac6be68a8.txt")
    spans = {(s.start, s.end) for passage in passages for s in passage.sentences}
    assert "\n\n" in document.text[start:end]
    assert (start, end) in spans


def test_gold_evidence_of_the_articles_can_be_quoted(seeds):
    documents = {name: read_document(seeds / "documents" / name) for name in ARTICLES}
    lines = (seeds / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    spans = [span for line in lines for group in json.loads(line)["evidence"] for span in group]
    assert len(spans) > 40
    for span in spans:
        document, passages = documents[span["doc"]]
        start, end = span["start"], span["end"]
        assert document.text[start:end] == span["quote"]
        holding = [p for p in passages if p.start < end and start < p.end]
        sentences = [s for p in holding for s in p.sentences if s.start < end and start < s.end]
        assert {p.label for p in holding} <= {"body", "byline"}, span
        assert sentences[0].start <= start, span
        assert end <= sentences[-1].end, span
        assert len(sentences) <= 2, span


def test_a_text_that_is_too_long_is_refused_before_it_is_divided(tmp_path, monkeypatch):
    monkeypatch.setattr("index.sources.LARGEST_TEXT", 20)
    monkeypatch.setattr("index.sources.split", None)
    path = tmp_path / "long.txt"
    path.write_text("The mill made sixty bolts a day.")
    for read in (read_document, read_info):
        with pytest.raises(UnreadableFileError, match="at most 20 characters of text, found 3"):
            read(path)
    path.write_text("Sixty bolts.")
    assert read_info(path).source == str(path)
