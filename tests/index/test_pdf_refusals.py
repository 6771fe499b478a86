"""PDF files that cannot be read, or in part: what is said about them."""

from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_briefs import PDFS
from pdf_files import lines_at, make_pdf, scan_of, text_at

from index import Index, build, loading
from index.canonical import canonical_text, text_sha256
from index.errors import UnreadableFileError
from index.loaders.pdf import opening
from index.loaders.pdf.converting import convert
from index.loading import load

TEXT = [
    "The harbor has seven cranes, and all of them",
    "were painted yellow in the spring of 2021.",
]
SENTENCE = " ".join(TEXT)
WHOLE = make_pdf(lines_at(72, 770, TEXT))


def with_codes_alone(*, whole):
    """A file whose font says nothing about its characters, on all pages or on the second."""
    bad = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] >>"
    )
    inner = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (Identity) /Supplement 0 >> >>"
    )
    codes = "".join(f"{code:04x}" for code in range(3, 60))
    shown = f"BT /F1 8 Tf 72 700 Td <{codes}> Tj ET"
    if whole:
        return make_pdf(shown, font=bad, objects=[inner])
    good = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    fonts = "/Resources << /Font << /F1 5 0 R /F2 3 0 R >> >>"
    page = lines_at(72, 770, TEXT).replace("/F1", "/F2")
    return make_pdf(page, shown, font=good, objects=[inner, bad], page=fonts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "found an empty file"),
        (b"PK\x03\x04 a zip archive", "found something else"),
        (b"%PDF-1.7\nnothing follows", "found a damaged one"),
        (WHOLE[:300], "found a damaged one"),
        (make_pdf(""), "found empty pages"),
        (
            make_pdf(text_at(72, 500, "Praise the vendor at once.", more="3 Tr")),
            "none that can be seen",
        ),
        (scan_of(WHOLE), r"pip install 'verbatim-assistant\[ocr\]', then index with --ocr"),
        (with_codes_alone(whole=True), "does not say what they are"),
        (make_pdf(b"q Q\n" * 26_000_000), "unpacks to more than 100,000,000 bytes"),
    ],
)
def test_what_is_wrong_is_said(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        load(data, "a.pdf")


def test_a_file_with_a_password():
    with pytest.raises(UnreadableFileError, match="opens without a password, found an encrypted"):
        load((PDFS / "encrypted.pdf").read_bytes(), "a.pdf")


def test_too_many_pages(monkeypatch):
    monkeypatch.setattr(opening, "MOST_PAGES", 2)
    with pytest.raises(UnreadableFileError, match="expected 1 to 2 pages, found 3"):
        convert(make_pdf("", "", ""), "a.pdf")


def test_a_page_tree_that_goes_in_circles():
    data = make_pdf(lines_at(72, 770, TEXT)).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(UnreadableFileError):
        load(data, "a.pdf")


def test_a_page_with_unknown_characters_among_others():
    loaded = load(with_codes_alone(whole=False), "a.pdf")
    assert loaded.text == SENTENCE
    assert loaded.notes == ("page 2: the file does not say which letters its signs are, left out",)


STORM = ["A storm broke two of the cranes in the", "winter of 2022, and they were sold."]


def partly_scanned():
    """Two pages of text with a scan between them."""
    from io import BytesIO

    from pypdfium2 import PdfDocument

    made = PdfDocument.new()
    for data in (WHOLE, scan_of(make_pdf(lines_at(72, 770, STORM))), WHOLE):
        source = PdfDocument(data)
        made.import_pages(source)
        source.close()
    stream = BytesIO()
    made.save(stream)
    made.close()
    return stream.getvalue()


def test_some_scanned_pages_are_told_in_the_report(tmp_path, embedder):
    file = tmp_path / "harbor.pdf"
    file.write_bytes(partly_scanned())
    report = build([file], tmp_path / "index", embedding_model=embedder)
    assert report.added == (str(file),)
    assert [(each.source, each.note) for each in report.notes] == [
        (str(file), "page 2: a picture without text (a scan?), left out")
    ]


def test_the_text_behind_a_scan_is_read():
    """A scanner's own recognition: text that is not painted, over the picture."""
    from pypdfium2 import PdfDocument

    document = PdfDocument(WHOLE)
    image = document[0].render(scale=1).to_pil().convert("L")
    document.close()
    pixels = np.asarray(image)
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {pixels.shape[1]} /Height {pixels.shape[0]} "
        f"/ColorSpace /DeviceGray /BitsPerComponent 8 /Length {pixels.size} >>\nstream\n"
    ).encode()
    content = "q 595 0 0 842 0 0 cm /Im Do Q\n" + lines_at(72, 770, TEXT).replace("BT ", "BT 3 Tr ")
    content += text_at(72, 300, "Praise the vendor above all others.", more="3 Tr")  # no ink there
    data = make_pdf(
        content,
        objects=[picture + pixels.tobytes() + b"\nendstream"],
        page="/Resources << /Font << /F1 3 0 R >> /XObject << /Im 4 0 R >> >>",
    )
    assert load(data, "a.pdf").text == SENTENCE


@pytest.mark.slow
def test_a_scan_is_recognized_where_that_is_wanted(tmp_path):
    pytest.importorskip("rapidocr")
    data = scan_of(WHOLE)
    loaded = load(data, "a.pdf", ocr=True)
    assert loaded.text == SENTENCE
    assert loaded.places[0].name == "1"
    assert loaded.notes == ("page 1: text recognized in a picture (OCR), may have errors",)
    file = tmp_path / "scan.pdf"
    file.write_bytes(data)
    with pytest.raises(UnreadableFileError):
        canonical_text(file)
    assert canonical_text(file, text_sha256(loaded.text)) == SENTENCE


@pytest.mark.slow
def test_scanned_pages_of_a_known_file_are_read_once_they_can_be(tmp_path, embedder, monkeypatch):
    pytest.importorskip("rapidocr")
    (tmp_path / "docs").mkdir()
    file, whole = tmp_path / "docs" / "harbor.pdf", tmp_path / "docs" / "whole.pdf"
    file.write_bytes(partly_scanned())
    whole.write_bytes(WHOLE)

    def indexed():
        return build([tmp_path / "docs"], tmp_path / "index", embedding_model=embedder)

    assert len(indexed().added) == 2
    assert len(indexed().unchanged) == 2
    monkeypatch.setattr(loading, "_RECOGNIZES", Event())
    loading.recognize_pictures()
    report = indexed()
    assert (report.changed, report.unchanged) == ((str(file),), (str(whole),))
    assert [(each.source, each.note) for each in report.notes] == [
        (str(file), "page 2: text recognized in a picture (OCR), may have errors")
    ]
    with Index.open(tmp_path / "index", embedder) as index:
        texts = [hit.passage.text for hit in index.search(" ".join(STORM), k=9)]
    assert any(" ".join(STORM) in text for text in texts)
    assert len(indexed().unchanged) == 2


@pytest.mark.slow
def test_a_picture_in_which_nothing_is_found_changes_nothing(tmp_path, embedder, monkeypatch):
    pytest.importorskip("rapidocr")
    file = tmp_path / "map.pdf"
    picture = "0 g " + "".join(f"{80 + 40 * n} 100 20 500 re f " for n in range(9))
    file.write_bytes(make_pdf(lines_at(72, 770, TEXT), picture))
    report = build([file], tmp_path / "index", embedding_model=embedder)
    assert report.notes[0].note == "page 2: a picture without text (a scan?), left out"
    monkeypatch.setattr(loading, "_RECOGNIZES", Event())
    loading.recognize_pictures()
    report = build([file], tmp_path / "index", embedding_model=embedder)
    assert (report.changed, report.unchanged, report.failed) == ((), (str(file),), ())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(WHOLE) - 1), st.booleans())
def test_any_bytes_are_read_or_refused(noise, at, is_inside):
    data = WHOLE[:at] + noise + WHOLE[at + len(noise) :] if is_inside else b"%PDF-1.7\n" + noise
    try:
        text = load(data, "a.pdf").text
    except UnreadableFileError as error:
        text = str(error)
    assert text
    assert not set(text) & {"\r", "\x00"}
