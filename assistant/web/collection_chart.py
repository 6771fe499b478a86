"""A picture of a collection: its documents over time, and by author.

The charts are inline SVG whose widths are shares of the page's, so that their words keep their size
on a phone; each number in them also stands in a table.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.types import DocumentInfo
from assistant.web.markup import escape
from index.counting import plural
from index.dates import MONTHS

MOST_BARS = 40
MOST_MONTHS = 24
"""Of a collection of so many months each has a bar of its own, if all dates tell the month."""
MOST_AUTHORS = 12
"""The others are counted together."""
_HEIGHT = 132
"""Pixels of the highest bar."""
_ABOVE, _BELOW = 20, 24
_WIDEST = 10.0
"""Percent of the chart that a bar has at most."""
_MOST_LABELS, _MOST_LONG_LABELS = 6, 4
_MOST_COUNTS = 16
"""Bars up to which each has its number above it."""
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500)


@dataclass(frozen=True, slots=True)
class Bar:
    """The documents of a time."""

    label: str
    count: int


def picture(documents: Iterable[DocumentInfo]) -> str:
    """Both charts as HTML; empty where there are no documents."""
    infos = list(documents)
    if not infos:
        return ""
    return f'<div class="v-lib-charts">{_over_time(infos)}{_by_author(infos)}</div>'


def bars_of(dates: Iterable[str]) -> list[Bar]:
    """How many of some ISO dates fall into each month, year or span of years, without gaps."""
    known = sorted(dates)
    if not known:
        return []
    months = [_month(date) for date in known if len(date) >= 7]
    if len(months) == len(known) and max(months) - min(months) < MOST_MONTHS:
        counts = Counter(months)
        return [Bar(_month_name(m), counts[m]) for m in range(min(months), max(months) + 1)]
    years = [int(date[:4]) for date in known]
    step = next(
        (s for s in _STEPS if years[-1] // s - years[0] // s < MOST_BARS),
        _STEPS[-1],
    )
    counts = Counter(year // step for year in years)
    spans = range(years[0] // step, years[-1] // step + 1)
    return [Bar(_span_name(span * step, step), counts[span]) for span in spans]


def _over_time(infos: Sequence[DocumentInfo]) -> str:
    dates = [info.published for info in infos if info.published]
    bars = bars_of(dates)
    undated = len(infos) - len(dates)
    told = f"{plural(len(dates), 'document')} with a date"
    if undated:
        told += f", {undated:,} without one, which {'is' if undated == 1 else 'are'} not shown"
    if not bars:
        return (
            '<section class="v-lib-chart"><h3 class="v-label">Over time</h3>'
            '<p class="v-lib-note">No document has a date.</p></section>'
        )
    rows = "".join(
        f'<tr><th scope="row">{escape(bar.label)}</th><td>{bar.count:,}</td></tr>'
        for bar in bars
        if bar.count
    )
    if undated:
        rows += f'<tr><th scope="row">No date</th><td>{undated:,}</td></tr>'
    return (
        '<section class="v-lib-chart"><h3 class="v-label">Over time</h3>'
        f"{_svg(bars, f'{told}, from {bars[0].label} to {bars[-1].label}.')}"
        f'<p class="v-lib-note">{escape(told)}.</p>'
        '<details class="v-lib-numbers"><summary>Numbers</summary>'
        '<table><thead><tr><th scope="col">Published</th><th scope="col">Documents</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></details></section>"
    )


def _svg(bars: Sequence[Bar], told: str) -> str:
    most = max(bar.count for bar in bars)
    room = 100 / len(bars)
    width = min(0.78 * room, _WIDEST)
    parts = [_axis()]
    labeled = _labeled(bars)
    for place, bar in enumerate(bars):
        middle = (place + 0.5) * room
        height = max(2, round(_HEIGHT * bar.count / most)) if bar.count else 0
        top = _ABOVE + _HEIGHT - height
        parts.append(
            f'<rect x="{middle - width / 2:.2f}%" y="{top}" width="{width:.2f}%" '
            f'height="{height}" rx="2"><title>{escape(bar.label)}: {bar.count:,}</title></rect>'
        )
        if bar.count and len(bars) <= _MOST_COUNTS:
            parts.append(_text(middle, top - 6, f"{bar.count:,}", "middle"))
        if place in labeled:
            anchor = _anchor(place, len(bars))
            x = {"start": middle - width / 2, "end": middle + width / 2}.get(anchor, middle)
            parts.append(_text(x, _ABOVE + _HEIGHT + 17, bar.label, anchor))
    return (
        f'<svg class="v-lib-bars" role="img" aria-label="{escape(told)}" width="100%" '
        f'height="{_ABOVE + _HEIGHT + _BELOW}">{"".join(parts)}</svg>'
    )


def _axis() -> str:
    y = _ABOVE + _HEIGHT + 0.5
    return f'<line x1="0" x2="100%" y1="{y}" y2="{y}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'


def _labeled(bars: Sequence[Bar]) -> set[int]:
    """The bars that have room for a name below them, also on a phone: first, last, some between."""
    is_long = max(len(bar.label) for bar in bars) > len("2024")
    most = _MOST_LONG_LABELS if is_long else _MOST_LABELS
    if len(bars) <= most:
        return set(range(len(bars)))
    return {round(step * (len(bars) - 1) / (most - 1)) for step in range(most)}


def _anchor(place: int, count: int) -> str:
    if count <= 2:
        return "middle"
    return "start" if place == 0 else "end" if place == count - 1 else "middle"


def _by_author(infos: Sequence[DocumentInfo]) -> str:
    counts = Counter(author for info in infos for author in dict.fromkeys(info.authors))
    nameless = sum(not info.authors for info in infos)
    if not counts:
        return (
            '<section class="v-lib-chart"><h3 class="v-label">By author</h3>'
            '<p class="v-lib-note">No document names an author.</p></section>'
        )
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    most = ranked[0][1]
    rows = "".join(_author_row(name, count, most) for name, count in ranked[:MOST_AUTHORS])
    left = len(ranked) - MOST_AUTHORS
    notes = [f"{plural(left, 'more author')}"] if left > 0 else []
    notes += [f"{plural(nameless, 'document')} without an author"] if nameless else []
    note = f'<p class="v-lib-note">And {" and ".join(notes)}.</p>' if notes else ""
    return (
        '<section class="v-lib-chart"><h3 class="v-label">By author</h3>'
        '<table class="v-lib-people"><thead class="v-hidden"><tr><th scope="col">Author</th>'
        '<th scope="col">Documents</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{note}</section>"
    )


def _author_row(name: str, count: int, most: int) -> str:
    return (
        f'<tr><th scope="row"><button type="button" class="v-lib-find" data-words="{escape(name)}">'
        f"<bdi>{escape(name)}</bdi></button></th><td>"
        '<svg aria-hidden="true" width="100%" height="10">'
        f'<rect width="{100 * count / most:.1f}%" height="10" rx="2"/></svg>'
        f"<span>{count:,}</span></td></tr>"
    )


def _month(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7]) - 1


def _month_name(month: int) -> str:
    return f"{MONTHS[month % 12][:3]} {month // 12}"


def _span_name(first: int, years: int) -> str:
    return f"{first}" if years == 1 else f"{first}–{first + years - 1}"
