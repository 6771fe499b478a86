import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.html.answer_text import paragraphs
from eval.html.confidence import curve_points, reliability_diagram
from eval.html.context import CONTEXT, in_context
from eval.html.intervals import interval_plot, stacked_bar
from eval.html.latency import latency_histogram, quantile
from eval.html.svg import element
from eval.html.wording import (
    date_text,
    difference_text,
    interval_text,
    moment_text,
    seconds_text,
    shortened,
)

SPANS = st.tuples(st.integers(0, 90), st.integers(1, 30)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.text("ab \n", min_size=130, max_size=400), SPANS, st.lists(SPANS, max_size=3))
def test_context_is_a_slice_with_the_quote_and_the_gold_marked(text, quote, gold):
    pieces = in_context(text, quote, gold)
    assert "".join(p.text for p in pieces if p.is_quote) == text[slice(*quote)]
    whole = "".join(p.text for p in pieces if p.text not in ("… ", " …"))
    assert whole in text
    marked = {place for start, end in gold for place in range(start, end)}
    assert sum(len(p.text) for p in pieces if p.is_gold) == len(marked)


def test_context_ends_at_the_paragraph_or_at_a_word():
    text = "Heading\n\n" + "word " * 100 + "QUOTE" + " word" * 100 + "\n\nNext"
    start = text.index("QUOTE")
    shown = "".join(piece.text for piece in in_context(text, (start, start + 5), []))
    assert shown.startswith("… word")
    assert shown.endswith("word …")
    assert len(shown) <= 2 * CONTEXT + 5 + 4
    short = in_context("Heading\n\nA QUOTE here.\n\nNext", (11, 16), [])
    assert [piece.text for piece in short] == ["A ", "QUOTE", " here."]


def test_gold_far_from_the_quote_is_not_beside_it():
    text = "quote " + "x" * 1000 + " gold"
    assert not any(piece.is_gold for piece in in_context(text, (0, 5), [(1007, 1011)]))


def test_a_marker_inside_a_quoted_quote_is_the_source_s_own():
    (runs,) = paragraphs("She says “as in [2] and” [1] [3].", ["as in [2] and"], {1: 1, 2: 2})
    assert [(run.text, run.place) for run in runs] == [
        ("She says “as in [2] and”\u00a0", None),
        ("[1]", 1),
        (" [3].", None),
    ]


def test_only_the_first_marker_of_a_quote_can_be_gone_back_to():
    (first, second) = paragraphs("One [1].\n\nTwo [1].", [], {1: 1})
    assert first[1].is_first
    assert not second[1].is_first


def test_interval_plots_stay_inside_their_axis():
    plot = interval_plot(1.0, -0.5, 1.5, before=0.25)
    assert 'x1="0%" x2="100%"' in plot
    assert 'cx="25%"' in plot
    assert "circle" not in interval_plot(None, None, None)


def test_a_bar_fills_its_width():
    bar = stacked_bar([("right", 3), ("wrong", 1)], 4, "3 right, 1 <wrong>")
    assert re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', bar) == [("0", "75"), ("75", "25")]
    assert "1 &lt;wrong&gt;" in bar


def test_attributes_are_escaped():
    assert element("a", title='"><b>') == '<a title="&quot;&gt;&lt;b&gt;"/>'


def test_quantiles_are_between_neighbors():
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([1.0, 2.0], 0.95) == pytest.approx(1.95)


@pytest.mark.parametrize("seconds", [[0.0], [0.0, 3600.0], [0.02] * 50, [0.001, 0.01, 0.1, 1, 10]])
def test_latency_of_any_size_can_be_drawn(seconds):
    chart = latency_histogram(seconds)
    heights = [float(found) for found in re.findall(r'height="([\d.]+)"', chart)]
    assert max(heights) == 188
    places = [float(found) for found in re.findall(r' x="(-?[\d.]+)"', chart)]
    assert all(0 <= place <= 360 for place in places)
    assert latency_histogram([]) is None


def test_long_curves_are_thinned_and_keep_their_ends():
    points = [[(n + 1) / 5000, n / 5000] for n in range(5000)]
    found = curve_points({"points": points})
    assert len(found) == 200
    assert (found[0], found[-1]) == ((0.0002, 0.0), (1.0, 0.9998))


def test_bins_without_answers_are_left_out():
    full = {"low": 0.9, "high": 1.0, "n": 2, "confidence": 0.95, "accuracy": 0.5}
    empty = {"low": 0.0, "high": 0.1, "n": 0, "confidence": None, "accuracy": None}
    assert reliability_diagram({"bins": [empty, full]}).count('class="column"') == 1
    assert reliability_diagram({"bins": [empty]}) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.00042, "0.42 ms"), (0.0463, "46.3 ms"), (0.9999, "1 s"), (1.234, "1.23 s"), (340, "340 s")],
)
def test_seconds_in_words(seconds, text):
    assert seconds_text(seconds) == text


def test_other_words():
    assert interval_text(0.018, 0.0286, "seconds") == "18 to 28.6 ms"
    assert interval_text(0.5, 2.0, "seconds") == "500 ms to 2 s"
    assert interval_text(None, 0.5) == ""
    assert difference_text(-0.0701) == "−0.070"
    assert difference_text(0.0001) == "="
    assert date_text("2023-10-31") == "October 31, 2023"
    assert date_text("2023-10") == "October 2023"
    assert date_text("about 2023") == "about 2023"
    assert moment_text("2026-11-25T12:30:00+02:00") == "November 25, 2026, 10:30 UTC"
    assert moment_text("today") == "today"
    assert shortened("x" * 10, 4) == "xx … [6 characters left out] … xx"
