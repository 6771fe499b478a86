"""The scores of a report by category, as bars with intervals, and the same as a table."""

from collections.abc import Mapping

from assistant.web.markup import escape
from assistant.web.report_cards import LOWER_IS_BETTER, TITLES, measured
from assistant.web.reports import HEADLINE, Headline, Score, Summary

MOST_CATEGORIES = 30
"""Categories shown, at most: a report could be made by anybody."""
ALL = "All"

Parts = Mapping[str, Headline]


def charts(summary: Summary) -> str:
    """A chart for each score that some category has; empty where there are no categories."""
    parts = dict(list(summary.by_category.items())[:MOST_CATEGORIES])
    found = [name for name in HEADLINE if any(_score(part, name) for part in parts.values())]
    if not found:
        return '<p class="v-eval-note">This report has no scores by category.</p>'
    everything = {ALL: summary.summary, **parts}
    figures = "".join(_chart(name, everything) for name in found)
    return (
        '<p class="v-eval-note">Bars are shares from 0 to 1; the thin line is the 95 % interval. '
        "A category is left out where a score does not apply.</p>"
        f'<div class="v-eval-charts">{figures}</div>'
        '<details class="v-eval-numbers"><summary>The same as a table</summary>'
        f"{_table(found, everything)}</details>"
    )


def title_of(category: str) -> str:
    """The name of a category, for people."""
    return category.replace("_", " ").capitalize()[:60]


def _chart(name: str, parts: Parts) -> str:
    rows = "".join(
        _row(category, score)
        for category, part in parts.items()
        if (score := _score(part, name)) is not None
    )
    note = '<span class="v-aside">lower is better</span>' if name in LOWER_IS_BETTER else ""
    return (
        f'<figure class="v-eval-chart"><figcaption>{TITLES[name]}{note}</figcaption>'
        f'<ul role="list">{rows}</ul></figure>'
    )


def _row(category: str, score: Score) -> str:
    kind = ' class="v-eval-all"' if category == ALL else ""
    return (
        f'<li{kind}><span class="v-eval-category"><bdi>{escape(title_of(category))}</bdi></span>'
        f'<span class="v-score">{measured(score)}</span>'
        f'<span class="v-eval-n"><span class="v-unseen">cases: </span>{score.n:,}</span></li>'
    )


def _table(names: list[str], parts: Parts) -> str:
    head = "".join(f'<th scope="col">{TITLES[name]}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row"><bdi>{escape(title_of(category))}</bdi></th>'
        + "".join(f"<td>{_cell(_score(part, name))}</td>" for name in names)
        + "</tr>"
        for category, part in parts.items()
    )
    return (
        '<div class="v-eval-scroll" tabindex="0" role="region" aria-label="Scores by category">'
        '<table><caption class="v-unseen">Scores by category</caption>'
        f'<thead><tr><th scope="col">Category</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _cell(score: Score | None) -> str:
    if score is None or score.value is None:
        return "–"
    if score.low is None or score.high is None:
        return f"{score.value:.2f}"
    return f"{score.value:.2f} <small>{score.low:.2f} to {score.high:.2f}</small>"


def _score(part: Headline, name: str) -> Score | None:
    """A score that was scored."""
    score: Score | None = getattr(part, name)
    return score if score is not None and score.value is not None else None
