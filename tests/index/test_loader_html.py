"""Web pages written by hand in the style of sites, made by pandoc, and saved by Chromium."""

import subprocess
from pathlib import Path

import pytest
from document_programs import program
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from index_helpers import words_embedder

from index import Index, build
from index.canonical import canonical_text
from index.errors import UnreadableFileError
from index.loaders.html import load, tree
from index.loading import load as load_any
from index.sources import read_document

PAGES = Path(__file__).parent / "pages"
EXPECTED = sorted(PAGES.glob("*.expected"))


def page_of(expected):
    return next(path for path in PAGES.glob(f"{expected.stem}.*") if path.suffix != ".expected")


def body(html, head="<title>A page of tests</title>"):
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{html}</body></html>"
    return load(page.encode(), "page.html").text


def fields(head, html="<p>Some text is shown here.</p>"):
    page = f"<html><head>{head}</head><body>{html}</body></html>"
    return load(page.encode(), "page.html").fields


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_page_has_its_sentences_and_no_menu(expected):
    page = page_of(expected)
    text = canonical_text(page)
    lines = expected.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("+ ") and line[2:] not in text] == []
    assert [line for line in lines if line.startswith("- ") and line[2:] in text] == []


def test_news_page_becomes_a_document_of_labeled_passages():
    document, passages = read_document(PAGES / "news.html")
    info = document.info
    assert info.title == "Harbour bridge reopens after nine months"
    assert info.authors == ("Maren Holt", "Idris Okafor")
    assert (info.publisher, info.published) == ("The Lintel Gazette", "2024-05-14")
    assert info.language == "en-GB"
    assert dict(info.found)["published"] == "embedded"
    labels = {s.text: p.label for p in passages for s in p.sentences}
    assert labels["She cut no ribbon."] == "body"
    assert "[^1]" not in labels
    assert labels["Survey of the port authority, sheet 12."] == "notes"
    headings = {s.text: p.heading for p in passages for s in p.sentences}
    assert headings["The northern lane opens to lorries in July."] == "What comes next"


def test_quotes_of_a_page_are_slices_of_it(tmp_path):
    build(
        [PAGES / "news.html", PAGES / "old.htm"], tmp_path / "i", embedding_model=words_embedder()
    )
    with Index.open(tmp_path / "i", embedder=words_embedder()) as index:
        hit = index.search("hardest winter this city has built through", k=1)[0]
    assert hit.document.source == str(PAGES / "news.html")
    for sentence in hit.passage.sentences:
        assert canonical_text(hit.document.source)[sentence.start : sentence.end] == sentence.text


def test_blocks_follow_the_contract():
    text = body(
        "<h1>Rules\n of the house</h1><p>First\n line.<br>Second line.</p>"
        "<ul><li>one<ul><li>inner</li></ul></li><li><p>two</p><p>more of two</p></li></ul>"
        "<ol start=4><li>four</ol><blockquote><p>Said.</p><p>Again.</p></blockquote>"
        "<pre># no heading\n  code()</pre>"
        "<table><tr><th>A<th>B<tr><td rowspan=2>x|y<td>1<br>2<tr><td>3</table>"
    )
    assert text == (
        "# Rules of the house\n\nFirst line.\nSecond line.\n\n"
        "- one\n  - inner\n- two\n\n  more of two\n\n4. four\n\n> Said.\n\n> Again.\n\n"
        "    # no heading\n      code()\n\n"
        "- A: x|y; B: 1 2\n- A: x|y; B: 3\n"
    )


def test_characters_are_written_as_a_reader_sees_them():
    text = body(
        "<p>10<sup>2</sup> m<sup>2</sup>, H<sub>2</sub>O, the 4<sup>th</sup>, <q>so</q>, "
        "ca&shy;nal, 5&nbsp;km, 2 &lt; 3, <b>bo</b>ld, *stars* and a|b.</p>"
    )
    assert text == "10² m², H2O, the 4th, “so”, canal, 5 km, 2 < 3, bold, *stars* and a|b.\n"


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- HIDDEN -->",
        "<script>HIDDEN</script>",
        "<style>HIDDEN</style>",
        "<template><p>HIDDEN</p></template>",
        "<noscript>HIDDEN</noscript>",
        "<p hidden>HIDDEN</p>",
        '<p style="color:red; DISPLAY : none">HIDDEN</p>',
        '<p style="visibility:hidden">HIDDEN</p>',
        '<span style="font-size:0px">HIDDEN</span>',
        '<span style="opacity:0">HIDDEN</span>',
        '<div style="position:absolute; left:-9999px">HIDDEN</div>',
        '<i aria-hidden="true">HIDDEN</i>',
        '<span class="btn sr-only">HIDDEN</span>',
        "<select><option>HIDDEN</option></select>",
        "<textarea>HIDDEN</textarea>",
        "<dialog><p>HIDDEN</p></dialog>",
        '<img alt="HIDDEN" src="x.png">',
        "<svg><text>HIDDEN</text></svg>",
        "<s>HIDDEN</s>",
        "<div hidden><p>in <b>HIDDEN</b></p></div>",
    ],
)
def test_what_nobody_sees_is_left_out(hidden):
    assert body(f"<p>Seen before.</p>{hidden}<p>Seen after.</p>") == "Seen before.\n\nSeen after.\n"


@pytest.mark.parametrize(
    "shown",
    [
        '<p class="hidden md:block">SHOWN</p>',
        '<p style="opacity:0.9; font-size:0.8em">SHOWN</p>',
        "<details><summary>More</summary><p>SHOWN</p></details>",
        "<dialog open><p>SHOWN</p></dialog>",
        "<form><p>SHOWN</p></form>",
    ],
)
def test_what_is_shown_is_kept(shown):
    assert "SHOWN" in body(f"<p>Seen before.</p>{shown}<p>Seen after.</p>")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Only a title here</title>", {"title": "Only a title here"}),
        ("<title>Untitled Document</title>", {}),
        (
            '<meta name=citation_title content="On tides"><meta name=citation_author '
            'content="Holt, Maren"><meta name=citation_author content="Reyes, A.">'
            '<meta name=citation_publication_date content="2019/03"><meta '
            'name=citation_journal_title content="Journal of Mud">',
            {
                "title": "On tides",
                "authors": ["Maren Holt", "A. Reyes"],
                "published": "2019-03",
                "publisher": "Journal of Mud",
            },
        ),
        (
            '<meta name="DC.Title" content="Dublin"><meta name="DC.Creator" content="Ada Moe">'
            '<meta name="DC.date.issued" content="2020-01-02"><meta name="dc.language" content=no>',
            {
                "title": "Dublin",
                "authors": "Ada Moe",
                "published": "2020-01-02",
                "language": "no",
            },
        ),
        ('<meta property="article:modified_time" content="2020-01-02">', {}),
        ('<meta name=author content="admin"><meta name=date content="soon">', {}),
        (
            '<link rel=canonical href="/relative"><meta property="og:url" content="javascript:x">',
            {},
        ),
        ('<script type="application/ld+json">{"@type": "NewsArticle", oops</script>', {}),
        (
            '<script type="application/ld+json">[{"@type":"Organization","name":"X"},{"@type":'
            '["BlogPosting"],"headline":"H &amp; B of it","author":{"name":"Ada Moe"},'
            '"datePublished":"2021-05-06T10:00:00Z"}]</script>',
            {"title": "H &amp; B of it", "authors": ["Ada Moe"], "published": "2021-05-06"},
        ),
        (
            "<!-- saved from url=(0025)https://example.org/page1 -->",
            {"url": "https://example.org/page1"},
        ),
    ],
)
def test_fields_are_what_the_page_states(head, expected):
    assert dict(fields(head)) == expected


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Mud rises | The Gazette", "<h1>Mud rises</h1>", "Mud rises"),
        ("The Gazette: Mud rises", "<h1>Mud rises</h1>", "Mud rises"),
        ("Mud - a history", "<h1>Mud - a history</h1>", "Mud - a history"),
        ("Mud | rises | The Gazette", "<h1>Other words</h1>", "Mud | rises | The Gazette"),
    ],
)
def test_name_of_the_site_is_cut_from_a_title(title, heading, expected):
    assert fields(f"<title>{title}</title>", f"{heading}<p>Text.</p>")["title"] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('<meta charset="windows-1251"><p>Мост открыт.'.encode("cp1251"), "Мост открыт."),
        ('<meta charset="iso-8859-1"><p>\x93So\x94 – x'.encode("cp1252", "replace"), None),
        ('<?xml version="1.0" encoding="koi8-r"?><p>Мост открыт.'.encode("koi8-r"), "Мост открыт."),
        ('<meta charset="shift_jis"><p>橋が開いた。'.encode("cp932"), "橋が開いた。"),
        ('<meta charset="iso-2022-jp"><p>橋が開いた。'.encode("iso-2022-jp"), "橋が開いた。"),
        ('<meta charset="latin1"><p>Brücke offen.'.encode(), "Brücke offen."),
        ('<meta charset="utf-8"><p>Brücke offen, schön.'.encode("cp1252"), "Brücke offen, schön."),
        ("<p>Brücke offen.".encode("utf-16"), "Brücke offen."),
        (b"\xef\xbb\xbf" + '<meta charset="cp1251"><p>Brücke.'.encode(), "Brücke."),
    ],
)
def test_encodings(data, expected):
    text = load(data, "page.html").text
    assert expected is None or text == f"{expected}\n"


def test_notes_of_a_page():
    text = body(
        '<p>A claim<a href="#n1" id="r1"><sup>[1]</sup></a> and more.<sup><a href="#n2">2</a></sup>'
        ' See <a href="#part">1</a>.</p><h2 id="part">Part</h2><p>End.</p>'
        '<ol><li id="n1"><a href="#r1">^</a> First note.</li><li id="n2">Second note.</li></ol>'
    )
    assert text.startswith("A claim[^1] and more.[^2] See 1.\n")
    assert "[^1]: First note." in text
    assert "[^2]: Second note." in text


def test_page_of_links_keeps_them():
    links = "".join(
        f"<li><a href='{n}'>Report number {n} of the council</a></li>" for n in range(9)
    )
    assert body(f"<ul>{links}</ul>").count("of the council") == 9


def test_layout_table_is_read_as_paragraphs():
    cell = "It rained for a week and the ferry did not run, so nobody came. " * 12
    text = body(f"<table><tr><td>{cell}</td><td>{cell}</td></tr><tr><td>x</td></tr></table>")
    assert "|" not in text
    assert text.count("It rained") == 24


def test_pandoc_page(tmp_path):
    source = tmp_path / "gauge.md"
    source.write_text((PAGES / "gauge.markdown").read_text(encoding="utf-8"), encoding="utf-8")
    for target in ("gauge.html", "gauge.xhtml"):
        subprocess.run([program("pandoc"), "-s", source, "-o", tmp_path / target], check=True)
        loaded = load_any((tmp_path / target).read_bytes(), target)
        assert loaded.fields["title"] == "The tide gauge of Lintel"
        assert loaded.fields["authors"] == ["Maren Holt", "Idris Okafor"]
        assert loaded.fields["published"] == "2021-04-09"
        for line in (
            "The gauge was set up in 1887.[^1] It stood on three piles.",
            "> It measures mud, said others.",
            "2. then the house:\n   - a roof,\n   - a door.",
            "- Year: 1890; Mean (cm): 214",
            "Water is H2O and the area 20 m². Struck out.",
            "[^1]: Harbour minutes, volume 3.\n    A second paragraph of the note.\n",
        ):
            assert line in loaded.text


@pytest.mark.browser
def test_page_that_chromium_saved_reads_as_the_page(chromium, tmp_path):
    page = chromium.new_page()
    page.goto((PAGES / "news.html").as_uri())
    archive = page.context.new_cdp_session(page).send("Page.captureSnapshot")["data"]
    shown = page.content()
    page.close()
    original = load((PAGES / "news.html").read_bytes(), "news.html")
    saved = load_any(archive.encode(), "news.mhtml")
    assert saved.text == original.text == load(shown.encode(), "dom.html").text
    assert saved.fields["url"] == original.fields["url"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\xff" * 200, "binary"),
        (b"<html><body><script>x()</script></body></html>", "none that is shown"),
        (b"<div>" * 5_000 + b"deep", "nested|deep"),
        (b"<br>" * 1_000_001, "elements"),
    ],
)
def test_unreadable_pages_say_why(data, found):
    with pytest.raises(UnreadableFileError, match=found):
        load(data, "page.html")


def test_too_long_a_page_is_refused(monkeypatch):
    monkeypatch.setattr(tree, "PAGE_BYTES", 50)
    with pytest.raises(UnreadableFileError, match="at most"):
        load(b"<p>" + b"long " * 20, "page.html")


def test_entities_of_a_page_are_not_expanded():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body>'
        "<p>Before &b; &f; &nbsp;&eacute;.</p></body></html>"
    )
    text = load(bomb.encode(), "page.xhtml").text
    assert "lol" not in text
    assert "é." in text


def test_mhtml_without_a_page_is_refused():
    with pytest.raises(UnreadableFileError, match="part of HTML"):
        load_any(b"From: x\nSubject: y\n\nplain text", "page.mhtml")


MARKUP = st.lists(
    st.sampled_from(
        (
            *("<p>", "</p>", "<div>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<ul>"),
            *("</ul>", "<li>", "<a href='#x'>", "</a>", "<sup>1", "<b id=x>", "<br>", "<pre>"),
            *("</pre>", "<h1>", "</h1>", "<nav>", "<!--", "-->", "<svg>", "&amp;", "text.", "é"),
        )
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=300), MARKUP))
@example(b"<")
@example(b"<!DOCTYPE html>")
def test_any_bytes_are_a_page_or_refused(data):
    for name in ("x.html", "x.mhtml"):
        try:
            text = load_any(data, name).text
        except UnreadableFileError:
            continue
        assert text.strip()
        assert "\r" not in text
        assert text == load_any(data, name).text
