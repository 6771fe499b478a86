"""Folders of evaluation reports made by hand."""

import json

SCRIPT = """
const show = () => {
  const row = document.getElementById(location.hash.slice(1));
  document.title = row ? `at ${row.id}` : "Report";
};
addEventListener("hashchange", show);
show();
"""
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Report</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';
script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<style>body {{ color: rgb(1, 2, 3) }}</style></head>
<body><h1>Report of a run</h1><a href="#b-001">b-001</a>
<form><input name="words"></form>
<div style="height: 3000px"></div><p id="b-001">The first case</p>
<script>{SCRIPT}</script></body></html>
"""


def score(value, low=None, high=None, n=40):
    return {"value": value, "low": low, "high": high, "n": n}


def report_form(**changes):
    return {
        "format": 2,
        "dataset": "briefs",
        "model": "extractive",
        "created": "2026-11-25T10:00:00+00:00",
        "version": "0.1.0",
        "k": 5,
        "summary": {
            "evidence_recall": score(0.903, 0.845, 0.951, 58),
            "citation_precision": score(0.871, 0.801, 0.934, 56),
            "facts_recall": score(None, n=0),
            "source_recall": score(0.95, 0.9, 0.99, 58),
            "quote_exactness": score(0.99996, 0.999, 1, 131),
            "abstention_recall": score(0.5, 0.29, 0.71, 24),
            "false_refusal_rate": score(0, 0, 0, 58),
            "latency_p95": score(12.5),
        },
        "by_category": {},
        "cases": [{"id": "b-001"}, {"id": "b-002"}],
        **changes,
    }


def put_report(root, path, data=None, page=PAGE, **changes):
    """Write a report; `data` instead of the form itself, as bytes or text, is for broken ones."""
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report_form(**changes)) if data is None else data
    (folder / "report.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "report.html").write_text(page, encoding="utf-8")
    return folder
