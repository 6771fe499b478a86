"""Small files that are right, to be changed: made by libraries or by hand."""

# ruff: noqa: E501 -- markup in lines as programs write them

import io
import zlib
from functools import lru_cache

from scripts.fuzz.changes import packed

TEXT = """---
title: The Ferry of Norvik
author: Ann Lee
date: 2021-05-03
---

# The ferry

By Ann Lee, 3 May 2021

The ferry was built in 1954 by the yard of Norvik.[1] It carries 40 cars, and "never more".

## Costs

| Year | Cost |
|------|------|
| 2019 | 3.5 million |
| 2020 | 4 million |

- It runs twice a day.
- The council said that it may close. <!-- unsure -->

[1]: Norvik Archive, 1954.
"""
HTML = """<!DOCTYPE html><html lang="en"><head><title>The ferry</title>
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2021-05-03">
<script type="application/ld+json">{"@type":"Article","headline":"The ferry","author":{"name":"Ann Lee"}}</script>
</head><body><nav><a href="/">Home</a></nav><main><article><h1>The ferry</h1>
<p>The ferry was built in <b>1954</b> by the yard of Norvik<sup><a href="#n1">1</a></sup>. It carries 40 cars.</p>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td rowspan="2">2019</td><td>3.5</td></tr><tr><td>4</td></tr></table>
<ul><li>It runs twice a day.<ol><li>Early</li></ol></li></ul><blockquote><p>It may close.</p></blockquote>
<pre>a  b</pre><dl><dt>Quay</dt><dd>old</dd></dl><p style="display:none">hidden</p><img alt="A ferry" src="a.png">
<div id="n1">Norvik Archive, 1954.</div></article></main><footer>© 2021 Norvik</footer></body></html>"""
MAIL = """From: Ann Lee <ann@norvik.example>
To: Bo <bo@norvik.example>
Subject: =?utf-8?q?The_ferry_=E2=80=93_news?=
Date: Mon, 03 May 2021 10:00:00 +0200
Message-ID: <1@norvik.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

The ferry was built in 1954 =E2=80=93 by the yard=
 of Norvik.

On 1 May, Bo wrote:
> When was it built?
> > It is old.

--=20
Ann
--b2
Content-Type: text/html; charset=iso-8859-1

<p>The ferry was built in <b>1954</b>.</p>
--b2--
--b1
Content-Type: message/rfc822

From: Bo <bo@norvik.example>
Subject: Earlier

When was it built?
--b1
Content-Type: application/pdf; name="a.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b1--
"""
MHTML = """From: <Saved>
Subject: The ferry
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="m"

--m
Content-Type: text/html; charset=utf-8
Content-Location: https://norvik.example/ferry

<html><head><title>The ferry</title><link rel="stylesheet" href="/f.css"></head><body>
<p>The ferry was built in 1954 by Norvik.</p><div class="d"><p class="x">The paint was white.</p></div></body></html>
--m
Content-Type: text/css
Content-Location: https://norvik.example/f.css

.d .x { position: absolute; left: -9999px } p { margin: 1em }
--m--
"""
CSV = 'Name;Year;Cost\n"Ferry; old";1954;3,5\n"A ""new"" one";2020;4\n;;\nBoat;1990;2\n'
RECORD = (
    '{"title": "The ferry", "author": ["Ann Lee"], "date": "2021-05-03", "url": "https://a.b/c",'
    ' "text": "The ferry was built in 1954.\\nIt carries 40 cars.", "tags": [1, null, true, 2.5e3]}'
)
LINES = RECORD + "\n" + '{"text": "Second."}\n\n{"body": "Third \\u00e9 \\ud83d\\ude00."}\n'
ARRAY = f'[{RECORD}, {{"content": "Second."}},\n {{"id": 3, "text": "Third."}} ]'
YAML = "title: The ferry\nauthors: [Ann Lee, 'Bo Ek']\ndate: 2021-05-03\nedited: [title]\nnote: |\n  a\n"


@lru_cache(maxsize=1)
def word() -> bytes:
    """A Word file with headings, a list, a table and a note of what it is."""
    import docx

    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "The ferry", "Ann Lee"
    document.add_heading("The ferry", 1)
    document.add_paragraph("The ferry was built in 1954 by the yard of Norvik.").add_run(
        " Old."
    ).bold = True
    document.add_paragraph("Twice a day", style="List Bullet")
    document.add_paragraph("Early", style="List Number")
    table = document.add_table(2, 2)
    for row, (one, other) in zip(table.rows, (("Year", "Cost"), ("2019", "3.5")), strict=True):
        row.cells[0].text, row.cells[1].text = one, other
    return _slim(_saved(document))


@lru_cache(maxsize=1)
def slides() -> bytes:
    """Two slides with a list, a table and notes."""
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    show.core_properties.title = "The ferry"
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "The ferry"
    first.placeholders[1].text = "Built in 1954\nIn Norvik"
    first.notes_slide.notes_text_frame.text = "Say when."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Costs"
    table = second.shapes.add_table(2, 2, *map(Inches, (1, 2, 4, 1))).table
    table.cell(0, 0).text, table.cell(1, 1).text = "Year", "3.5"
    return _slim(_saved(show))


@lru_cache(maxsize=1)
def sheets() -> bytes:
    """A workbook with dates, formulas, merged cells and a hidden sheet."""
    from datetime import date

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Name", "Year", "Cost"),
        ("Ferry", 1954, 3.5),
        ("Boat", date(2020, 5, 3), "=B2*2"),
    ):
        sheet.append(row)
    sheet["C2"].number_format = "0.00%"
    sheet.merge_cells("A5:C5")
    sheet["A5"] = "All in millions"
    book.create_sheet("Hidden").sheet_state = "hidden"
    return _slim(_saved(book))


@lru_cache(maxsize=1)
def book() -> bytes:
    """An EPUB of two chapters with a contents page."""
    page = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>{0}</title>'
        '<link rel="stylesheet" href="s/b.css"/></head><body><h1>{0}</h1><p>The ferry was built in 1954.</p>'
        '<p>It carries 40 cars.</p><div class="d"><p class="x">The paint was white.</p></div></body></html>'
    )
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="o/c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The ferry</dc:title>'
        "<dc:creator>Ann Lee</dc:creator><dc:date>2021-05-03</dc:date><dc:language>en</dc:language></metadata>"
        '<manifest><item id="n" href="n.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    contents = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        '<nav epub:type="toc"><ol><li><a href="a.xhtml">One</a></li><li><a href="b.xhtml#x">Two</a></li></ol>'
        "</nav></body></html>"
    )
    parts = (
        *(("mimetype", "application/epub+zip"), ("META-INF/container.xml", container)),
        *(("o/c.opf", package), ("o/n.xhtml", contents)),
        *(("o/a.xhtml", page.format("One")), ("o/b.xhtml", page.format("Two"))),
        ("o/s/b.css", "@media all { .d > p.x, #i { color: #fff !important } } p { margin: 1em }"),
    )
    return packed([(name, content.encode()) for name, content in parts])


@lru_cache(maxsize=1)
def archive() -> bytes:
    """A zip with documents, records, an archive within it, and what is left out."""
    inner = packed([("deep.txt", b"Deep below.")])
    return packed(
        [
            *(("a.txt", b"The ferry was built in 1954."), ("sub/b.md", TEXT.encode())),
            *(("rows.jsonl", LINES.encode()), ("list.json", ARRAY.encode()), ("in.zip", inner)),
            *((".hidden.txt", b"no"), ("picture.png", b"\x89PNG"), ("p.html", HTML.encode())),
        ]
    )


@lru_cache(maxsize=1)
def pdfs() -> tuple[bytes, ...]:
    """Two PDF files of two pages: one as it is read, one packed."""
    lines = (
        "The ferry was built in 1954 by the yard of Norvik.",
        "It carries 40 cars, and never more.",
    )
    page = "BT /F1 18 Tf 1 0 0 1 60 780 Tm (The ferry) Tj ET\n" + "".join(
        f"BT /F1 11 Tf 1 0 0 1 60 {740 - 14 * n} Tm ({line}) Tj ET\n"
        for n, line in enumerate(lines * 4)
    )
    grid = "".join(f"60 {500 - 20 * n} m 300 {500 - 20 * n} l S\n" for n in range(4))
    second = (
        "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(Sec) -20 (ond page.)] TJ 0 -14 Td <41> Tj ET\n"
        "60 500 m 60 440 l S 180 500 m 180 440 l S 300 500 m 300 440 l S\n"
        "BT /F1 10 Tf 1 0 0 1 70 485 Tm (Year) Tj 120 0 Td (Cost) Tj -120 -20 Td (2019) Tj ET\n"
        "q 10 0 0 10 0 0 cm /Im1 Do Q 1 1 1 rg BT 1 0 0 1 60 60 Tm (white) Tj ET\n"
    )
    return (_pdf((page, grid + second), False), _pdf((page, grid + second), True))


def _pdf(contents: tuple[str, ...], is_packed: bool) -> bytes:
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(contents)))
    made = [
        b"<< /Type /Catalog /Pages 2 0 R /PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        data = zlib.compress(content.encode()) if is_packed else content.encode()
        method = "/Filter /FlateDecode " if is_packed else ""
        made.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 0 /Resources << /Font "
            f"<< /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        made.append(f"<< {method}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream")
    made.append(
        b"<< /Title (The ferry) /Author (Ann Lee) /CreationDate (D:20210503100000+02'00') >>"
    )
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(made, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        body
        + (
            f"xref\n0 {len(made) + 1}\n0000000000 65535 f \n{rows}trailer\n<< /Size {len(made) + 1} "
            f"/Root 1 0 R /Info {len(made)} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
        ).encode()
    )


def _saved(made: object) -> bytes:
    stream = io.BytesIO()
    made.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def _slim(data: bytes) -> bytes:
    """The file without its pictures and layouts that no slide uses, so that changes hit texts."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return packed(
            [
                (each.filename, opened.read(each))
                for each in opened.infolist()
                if "thumbnail" not in each.filename
            ]
        )
