"""Pages as images, and where on them a range of the text stands."""

import io

import numpy as np
import pytest
from pdf_briefs import PDFS
from pdf_files import lines_at, make_pdf, text_at
from PIL import Image

from index.errors import UnreadableFileError
from index.loaders.pdf import converted, find_markings, images, paint_page

LINES = [
    "The harbor has seven cranes, and all of them",
    "were painted yellow in the spring of 2021.",
]
COURIER = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"  # words can be left out of a line
WORDS = "seven cranes, and all of them were painted yellow"


def painted(data, number=0, width=1190):
    return np.asarray(Image.open(io.BytesIO(paint_page(data, "a.pdf", number, width))).convert("L"))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", "/CropBox [50 400 560 820]"])
def test_the_boxes_of_a_range_hold_its_ink_and_nothing_else(turn, crop):
    options = {"font": COURIER, "page": f"/Rotate {turn} {crop}"}
    data = make_pdf(lines_at(72, 770, LINES), **options)
    found = converted(data, "a.pdf")
    start = found.loaded.text.index(WORDS)
    (marking,) = find_markings(found, start, start + len(WORDS))
    assert marking.page == 0
    assert len(marking.boxes) == 2, "one for each line"
    pixels = painted(data).copy()
    height, width = pixels.shape
    for left, top, right, bottom in marking.boxes:
        part = pixels[
            round(top * height) : round(bottom * height), round(left * width) : round(right * width)
        ]
        assert part.min() < 100, "no ink in a box"
        part[:] = 255
    first, second = WORDS[: WORDS.index(" were")], "were painted yellow"
    others = [
        LINES[0].replace(first, " " * len(first)),
        LINES[1].replace(second, " " * len(second)),
    ]
    rest = painted(make_pdf(lines_at(72, 770, others), **options))
    assert (rest < 100).sum() > 500
    assert (np.abs(pixels.astype(int) - rest) > 100).sum() < 20


def test_a_range_over_a_page_break_is_marked_on_both():
    found = converted((PDFS / "briefs.pdf").read_bytes(), "briefs.pdf")
    text = found.loaded.text
    breaks = [place.start for place in found.loaded.places if place.start > 2]
    at = next(at for at in breaks if text[at - 1] == " " and "\n" not in text[at - 60 : at])
    first, second = find_markings(found, at - 30, at + 30)
    assert second.page == first.page + 1
    assert first.boxes[-1][3] > 0.8
    assert second.boxes[0][1] < 0.2


def test_what_does_not_stand_on_a_page_has_no_box():
    found = converted((PDFS / "briefs.pdf").read_bytes(), "briefs.pdf")
    assert find_markings(found, 0, 1) == []  # the mark of a heading
    assert find_markings(found, 5, 5) == []
    assert find_markings(found, 10**9, 10**9 + 5) == []


def test_an_image_is_never_too_large():
    huge = make_pdf(text_at(72, 500, "Large."), page="/MediaBox [0 0 14400 14400]")
    pixels = painted(huge, width=30_000)
    assert pixels.size <= images.MOST_PIXELS * 1.01


def test_a_page_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(images, "MOST_SECONDS", 0.0)
    many = make_pdf("".join(f"{n % 500} {n % 800} 9 9 re f\n" for n in range(20_000)))
    with pytest.raises(UnreadableFileError, match="takes more than 0 seconds"):
        images.paint_page(many, "a.pdf", 0, 900)


def test_a_page_that_is_not_there():
    with pytest.raises(UnreadableFileError, match="expected a page from 1 to 1, found 2"):
        paint_page(make_pdf(lines_at(72, 770, LINES)), "a.pdf", 1, 900)
