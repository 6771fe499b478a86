"""The list of evaluation reports to HTML: a card for each, with its headline scores."""

import shlex
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from assistant.web.cards import copy_button, excerpt
from assistant.web.markup import escape
from assistant.web.reports import HEADLINE, Listing, Report, Score, Summary
from index.counting import plural

LONGEST_NAME = 120
"""How much of a name or a reason a card shows, in code points."""

LOWER_IS_BETTER = frozenset({"false_refusal_rate"})
TITLES = {name: name.replace("_", " ").capitalize() for name in HEADLINE}
TITLES["false_refusal_rate"] = "False refusals"


def listing_html(listing: Listing, folder: Path, may_run: bool = False) -> str:
    """The reports, newest first, or how to make one.

    Args:
        listing: what was found.
        folder: where, as the user named it.
        may_run: whether one can be made from the page.
    """
    if not listing.reports:
        return _empty(folder, may_run)
    cards = "".join(map(report_card, listing.reports))
    shown = len(listing.reports)
    count = plural(listing.found, "report")
    status = count if shown == listing.found else f"The newest {shown:,} of {count}"
    return (
        f'<p class="v-status" role="status">{status}</p><ol class="v-list" role="list">{cards}</ol>'
    )


def report_card(report: Report) -> str:
    """A report with its scores, or with the reason why they cannot be read."""
    summary = report.summary
    name = _clipped(summary.dataset if summary else report.path) or "report"
    body = _scores(summary, name) + _categories(report, name) if summary else _problem(report)
    about = f'<p class="v-by">{_about(summary)}</p>' if summary else ""
    return (
        f'<li class="v-card v-report"><h3 class="v-name"><bdi>{escape(name)}</bdi></h3>'
        f"{about}{body}{_foot(report, name)}</li>"
    )


def figure(share: float) -> str:
    """A share with three decimals, as reports show it; only what is all or nothing reads so."""
    return f"{share:.3f}" if share in (0, 1) else f"{min(max(share, 0.001), 0.999):.3f}"


def _empty(folder: Path, may_run: bool) -> str:
    words = ("assistant-eval", "run", "eval/datasets/briefs", "--out", shlex.quote(str(folder)))
    first = "Make one, then choose Refresh."
    if may_run:
        first = "Run a dataset above. From a terminal, this makes one too:"
    shown = " ".join(f"<span>{escape(word)}</span>" for word in words)
    return (
        '<div class="v-abstained" role="status"><p class="v-verdict">No reports yet</p>'
        f"<p>{first}</p>"
        f'<p class="v-command"><code>{shown}</code>{copy_button("Copy", " ".join(words))}</p>'
        "<p>Where the chat was opened with <code>make chat</code>, "
        "<code>make eval</code> does it.</p></div>"
    )


def _about(summary: Summary) -> str:
    parts = [
        f"<bdi>{escape(_clipped(summary.model) or 'model not stated')}</bdi>",
        plural(summary.cases, "case"),
    ]
    if summary.errors:
        parts.append(f'<span class="v-failed">{summary.errors:,} failed</span>')
    parts.append(_time(summary.created))
    return " · ".join(parts)


def _time(created: datetime | None) -> str:
    if created is None:
        return "date not stated"
    shown = f"{created:%B} {created.day}, {created.year}, {created:%H:%M} UTC"
    return f'<time datetime="{created.isoformat()}">{shown}</time>'


def _problem(report: Report) -> str:
    reason = escape(_clipped(f"report.json: {report.problem}", 2 * LONGEST_NAME))
    return (
        '<div class="v-error"><p class="v-verdict">Its scores cannot be read</p>'
        f'<p dir="auto">{reason}</p></div>'
    )


def _scores(summary: Summary, name: str) -> str:
    rows = "".join(_row(metric, getattr(summary.summary, metric)) for metric in HEADLINE)
    return (
        f'<table class="v-scores"><caption class="v-unseen">Scores of {escape(name)}</caption>'
        '<thead><tr><th scope="col">Score</th>'
        '<th scope="col">Value, with 95 % interval</th>'
        '<th scope="col"><abbr title="cases it was taken from">n</abbr></th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(metric: str, score: Score | None) -> str:
    note = ' <span class="v-aside">lower is better</span>' if metric in LOWER_IS_BETTER else ""
    n = f"{score.n:,}" if score else "–"
    return (
        f'<tr><th scope="row">{TITLES[metric]}{note}</th>'
        f'<td><div class="v-score">{measured(score)}</div></td><td>{n}</td></tr>'
    )


def measured(score: Score | None) -> str:
    """A score as a bar with its interval, and in figures."""
    if score is None or score.value is None:
        return (
            '<span class="v-bar v-none" aria-hidden="true"></span>'
            '<span class="v-figures v-soft">not scored</span>'
        )
    places, interval, kind = [f"--value:{score.value:.2%}"], "", ""
    if score.low is not None and score.high is not None:
        places += [f"--low:{score.low:.2%}", f"--high:{score.high:.2%}"]
        interval = f'<span class="v-interval">{figure(score.low)} to {figure(score.high)}</span>'
        kind = " v-between"
    return (
        f'<span class="v-bar{kind}" style="{";".join(places)}" aria-hidden="true"></span>'
        f'<span class="v-figures"><b>{figure(score.value)}</b> {interval}</span>'
    )


def _categories(report: Report, name: str) -> str:
    """Where `evaluation.js` puts the scores by category, once somebody wants to see them."""
    if not report.is_served or report.summary is None or not report.summary.by_category:
        return ""
    return (
        f'<details class="v-eval-parts" data-report="{escape(report.path)}"><summary>By category'
        f'<span class="v-unseen"> of {escape(name)}</span></summary>'
        '<div class="v-eval-place"></div></details>'
    )


def _foot(report: Report, name: str) -> str:
    if not report.is_served:
        return ""
    # Relative, so that it also leads there where a proxy serves the chat below a path.
    address = "/".join(["reports", *(quote(part, safe="") for part in _parts(report))])
    opens = '<span class="v-unseen"> (opens in a new tab)</span>'
    about = f'<span class="v-unseen"> of {escape(name)}</span>'
    file = escape(f"{'-'.join(_parts(report)) or 'report'}.json")
    place = f'<span class="v-file"><bdi>{escape(_clipped(report.path))}</bdi></span>'
    return (
        f'<div class="v-foot">{"" if report.path in (name, "") else place}'
        f'<span class="v-links"><a class="v-download" href="{address}/report.json" '
        f'download="{file}">Download JSON{about}</a>'
        f'<a class="v-open" href="{address}/report.html" target="_blank" rel="noopener">'
        f"Open the report{about}{opens}</a></span></div>"
    )


def _parts(report: Report) -> list[str]:
    return [part for part in report.path.split("/") if part]


def _clipped(text: str, limit: int = LONGEST_NAME) -> str:
    return excerpt(text, limit)
