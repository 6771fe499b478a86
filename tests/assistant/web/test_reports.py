"""The evaluation reports: read from a folder, shown as cards, served below `/reports/`."""

import http.client
import json
import os
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from report_folders import PAGE, SCRIPT, put_report, report_form, score

from assistant.cli import main
from assistant.web.report_cards import LOWER_IS_BETTER, TITLES, figure, listing_html, report_card
from assistant.web.report_pages import LARGEST_PAGE, NOT_FOUND
from assistant.web.reports import DEPTH, HEADLINE, LARGEST_JSON, Listing, list_reports, locate
from assistant.web.security import script_hashes
from eval.bootstrap import Estimate
from eval.report import Report as EvalReport
from eval.scorers import HEADLINE as EVAL_HEADLINE
from eval.scorers import metric

HOSTILE = "<img src=x onerror='hacked()'>\"&\u202e"


def paths(root):
    return [report.path for report in list_reports(root).reports]


# Reading


def test_a_report_is_summed_up(tmp_path):
    put_report(tmp_path, "briefs", errors=[{"id": "b-001", "error": "no model"}])
    (report,) = list_reports(tmp_path).reports
    summary = report.summary
    assert (report.path, report.problem) == ("briefs", None)
    assert (summary.dataset, summary.model, summary.cases, summary.errors) == (
        *("briefs", "extractive", 2, 1),
    )
    assert summary.created == datetime(2026, 11, 25, 10, tzinfo=UTC)
    recall = summary.summary.evidence_recall
    assert (recall.value, recall.low, recall.high, recall.n) == (0.903, 0.845, 0.951, 58)
    assert summary.summary.facts_recall.value is None


def test_what_an_evaluation_writes_is_read(tmp_path):
    estimates = {name: Estimate(1 + 2e-16, 0.5, 1.0, 3) for name in EVAL_HEADLINE}
    written = EvalReport("briefs", "extractive", estimates, {}, ())
    put_report(tmp_path, "briefs", written.to_json())
    (report,) = list_reports(tmp_path).reports
    assert report.problem is None
    assert report.summary.created is None
    assert report.summary.summary.false_refusal_rate.value == 1


def test_scores_are_named_as_the_evaluation_names_them():
    metrics = [metric(name) for name in EVAL_HEADLINE]
    assert HEADLINE == EVAL_HEADLINE
    assert list(TITLES.values()) == [each.title for each in metrics]
    assert {each.name for each in metrics if not each.is_better_high} == LOWER_IS_BETTER


def test_the_newest_report_comes_first_and_runs_appear_as_they_end(tmp_path):
    put_report(tmp_path, "old", created="2026-01-01T00:00:00Z")
    put_report(tmp_path, "new", created="2026-03-01T12:00:00+05:00")
    put_report(tmp_path, "untold", created="yesterday")
    os.utime(tmp_path / "untold" / "report.json", (0, 0))
    assert paths(tmp_path) == ["new", "old", "untold"]
    put_report(tmp_path, "newest", created="2026-03-01T08:00:00+00:00")
    assert paths(tmp_path)[0] == "newest"


def test_a_report_written_again_is_read_again(tmp_path):
    put_report(tmp_path, "briefs")
    assert list_reports(tmp_path).reports[0].summary.model == "extractive"
    put_report(tmp_path, "briefs", model="another")
    assert list_reports(tmp_path).reports[0].summary.model == "another"


def test_reports_lie_at_most_three_folders_deep_and_have_a_page(tmp_path):
    put_report(tmp_path, "a/b/c")
    put_report(tmp_path, "a/b/c/d")
    (put_report(tmp_path, "no-page") / "report.html").unlink()
    assert DEPTH == 3
    assert paths(tmp_path) == ["a/b/c"]
    put_report(tmp_path, "")
    assert sorted(paths(tmp_path)) == ["", "a/b/c"]


def test_no_folder_is_no_report(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert list_reports(tmp_path / "nowhere") == Listing((), 0)
    assert list_reports(tmp_path / "file") == Listing((), 0)


def without(key):
    return json.dumps({name: value for name, value in report_form().items() if name != key})


def with_recall(**changes):
    summary = {"evidence_recall": {**score(0.5), **changes}}
    return json.dumps(report_form(summary=summary))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("", "Invalid JSON: EOF while parsing a value"),
        ("{" * 100_000, "Invalid JSON"),
        ("[" * 100_000, "Invalid JSON: recursion limit exceeded"),
        (b'{"dataset": "\xff"}', "Invalid JSON: invalid unicode code point"),
        ('{"dataset": "\\ud800"}', "Invalid JSON"),
        ("null", "expected an object, found None"),
        ('[{"format": 2}]', "expected an object, found [{'format': 2}]"),
        (without("format"), "expected the key format, found none"),
        (without("cases"), "expected the key cases, found none"),
        (json.dumps(report_form(format=3)), "format: input should be 2, found 3"),
        (json.dumps(report_form(dataset=7)), "dataset: input should be a valid string, found 7"),
        (json.dumps(report_form(cases=7)), "cases: input should be a list, found 7"),
        (json.dumps(report_form(summary=[])), "summary: expected an object, found []"),
        (with_recall(value="0.5"), "evidence_recall.value: input should be a valid number"),
        (with_recall(value=float("nan")), "evidence_recall.value: input should be a share"),
        (with_recall(high=1.5), "evidence_recall.high: input should be a share from 0 to 1"),
        (with_recall(n=-1), "evidence_recall.n: input should be greater than or equal to 0"),
    ],
)
def test_a_file_that_is_no_report_says_why(tmp_path, data, problem):
    put_report(tmp_path, "broken", data)
    put_report(tmp_path, "briefs")
    found = {report.path: report for report in list_reports(tmp_path).reports}
    assert problem in found["broken"].problem
    assert found["broken"].summary is None
    assert found["briefs"].problem is None


def test_an_oversized_report_is_not_read(tmp_path):
    os.truncate(put_report(tmp_path, "huge") / "report.json", LARGEST_JSON + 1)
    (report,) = list_reports(tmp_path).reports
    assert report.problem == "it has 32,000,001 bytes, and at most 32,000,000 are read."


@pytest.mark.skipif(os.name != "posix", reason="names are Unicode elsewhere")
def test_a_folder_that_no_address_can_name_is_listed_without_links(tmp_path):
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    put_report(tmp_path, "plain").rename(os.fsdecode(folder))
    listing = list_reports(tmp_path)
    assert "not UTF-8" in listing.reports[0].problem
    assert "<a " not in listing_html(listing, tmp_path).encode().decode()


# Finding a file


@pytest.mark.parametrize(
    "path",
    [
        "../report.html",
        "briefs/../../outside/report.html",
        "briefs/../briefs/report.html",
        "./briefs/report.html",
        "briefs//report.html",
        "/briefs/report.html",
        "..\\outside\\report.html",
        "briefs/report.html\0",
        "briefs\0/report.html",
        "briefs/answers.jsonl",
        "briefs/REPORT.HTML",
        "briefs/report.html/",
        "briefs",
        "",
        "a/b/c/d/report.html",
        f"{'x' * 5000}/report.html",
        "nowhere/report.html",
    ],
)
def test_other_paths_lead_nowhere(tmp_path, path):
    root = tmp_path / "reports"
    folder = put_report(root, "briefs")
    (folder / "answers.jsonl").write_text("{}")
    put_report(tmp_path, "outside")
    put_report(root, "a/b/c/d")
    assert locate(root, "briefs/report.html") == folder / "report.html"
    assert locate(root, path) is None


@pytest.mark.skipif(os.name != "posix", reason="making a link needs a privilege elsewhere")
def test_links_that_leave_the_folder_are_refused(tmp_path):
    root, outside = tmp_path / "reports", put_report(tmp_path, "outside")
    folder = put_report(root, "briefs")
    (root / "linked").symlink_to(outside)
    (root / "latest").symlink_to(folder)
    (root / "circle").symlink_to(root / "circle")
    half = put_report(root, "half")
    for name in ("report.json", "report.html"):
        (half / name).unlink()
    (half / "report.json").symlink_to(outside / "report.json")
    (half / "report.html").symlink_to(folder / "report.json")
    assert locate(root, "linked/report.html") is None
    assert locate(root, "circle/report.html") is None
    assert locate(root, "half/report.json") is None
    assert locate(root, "half/report.html") is None
    assert locate(root, "latest/report.html") == folder / "report.html"
    assert paths(root) == ["briefs"]


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes elsewhere")
def test_a_pipe_is_no_report(tmp_path):
    folder = put_report(tmp_path, "briefs")
    (folder / "report.json").unlink()
    os.mkfifo(folder / "report.json")
    assert paths(tmp_path) == []


# Cards


def test_a_card_shows_scores_with_intervals_and_links(tmp_path):
    put_report(tmp_path, "2026 11/briefs", errors=[{}])
    card = report_card(list_reports(tmp_path).reports[0])
    assert "<bdi>extractive</bdi> · 2 cases · " in card
    assert "1 failed" in card
    assert '<time datetime="2026-11-25T10:00:00+00:00">November 25, 2026, 10:00 UTC</time>' in card
    assert "<b>0.903</b> " in card
    assert "0.845 to 0.951" in card
    assert card.count("not scored") == 1
    assert 'href="reports/2026%2011/briefs/report.html" target="_blank" rel="noopener"' in card
    assert 'href="reports/2026%2011/briefs/report.json" download="2026 11-briefs.json"' in card


@pytest.mark.skipif(os.name != "posix", reason="such a folder cannot be made elsewhere")
def test_names_and_reasons_are_never_live(tmp_path):
    put_report(tmp_path, HOSTILE.replace("/", ""), dataset=HOSTILE, model=HOSTILE)
    put_report(tmp_path, f"broken {HOSTILE}", json.dumps(report_form(format=HOSTILE)))
    page = listing_html(list_reports(tmp_path), tmp_path / HOSTILE)
    assert page.count("2 reports") == 1
    assert "<img" not in page
    assert "onerror='" not in page
    assert "&lt;img src=x onerror=&#x27;hacked()&#x27;&gt;&quot;&amp;" in page


def test_an_empty_folder_says_how_to_make_a_report(tmp_path):
    page = listing_html(list_reports(tmp_path), tmp_path / "a & b")
    assert "No reports yet" in page
    assert f'data-copy="assistant-eval run eval/datasets/briefs --out &#x27;{tmp_path}' in page
    assert "make eval" in page


def test_a_list_cut_short_says_so(tmp_path):
    put_report(tmp_path, "briefs")
    listing = Listing(list_reports(tmp_path).reports, 201)
    assert "The newest 1 of 201 reports" in listing_html(listing, tmp_path)


@pytest.mark.parametrize(
    ("share", "text"),
    [(1, "1.000"), (0, "0.000"), (0.99996, "0.999"), (0.0001, "0.001"), (0.0346, "0.035")],
)
def test_only_all_is_shown_as_all(share, text):
    assert figure(share) == text


# Serving


@pytest.fixture(scope="module")
def root(reports_site):
    """The folder of reports; it comes into being only after the server has started."""
    assert httpx.get(f"{reports_site.url}/reports/briefs/report.html").status_code == 404
    (put_report(reports_site.reports, "briefs") / "report.md").write_text("# Report")
    put_report(reports_site.reports.parent, "outside")
    return reports_site.reports


@pytest.fixture
def url(reports_site, root):
    return reports_site.url


def rules_of(response):
    rules = response.headers["content-security-policy"].split("; ")
    return dict((*rule.split(" ", 1), "")[:2] for rule in rules)


def test_a_report_comes_with_a_policy_of_its_own(url):
    response = httpx.get(f"{url}/reports/briefs/report.html")
    assert response.text == PAGE
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["cross-origin-opener-policy"] == "unsafe-none"
    (digest,) = script_hashes(f"<script>{SCRIPT}</script>".encode())
    assert rules_of(response) == {
        "default-src": "'none'",
        "script-src": f"'{digest}'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "sandbox": "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox",
    }


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("report.json", "application/json"), ("report.md", "text/markdown; charset=utf-8")],
)
def test_the_other_files_are_data(url, root, name, media_type):
    response = httpx.get(f"{url}/reports/briefs/{name}")
    assert response.content == (root / "briefs" / name).read_bytes()
    assert response.headers["content-type"] == media_type
    assert response.headers["x-content-type-options"] == "nosniff"
    assert rules_of(response)["script-src"] == "'none'"
    head = httpx.head(f"{url}/reports/briefs/{name}")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/reports/../outside/report.html",
        "/reports/briefs/../../outside/report.html",
        "/reports/%2e%2e/outside/report.html",
        "/reports/..%2foutside/report.html",
        "/reports/..%5coutside/report.html",
        "/reports//outside/report.html",
        "/reports/briefs/report.html%00",
        "/reports/briefs/run.json",
        "/reports/briefs/",
        "/reports/",
    ],
)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/plain; charset=utf-8"),
        ("*/*", "application/json"),
    ],
    ids=["browser", "program"],
)
def test_nothing_else_is_served(url, path, accept, media_type):
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Accept": accept}
    connection.request("GET", path, headers=headers)  # as it is: other clients tidy it up
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    assert response.status == 404
    assert "no such report" in body
    assert response.headers["content-type"] == media_type
    assert accept != "*/*" or json.loads(body)["error"] == NOT_FOUND
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_a_report_is_only_read(url):
    for method in ("POST", "PUT", "DELETE"):
        response = httpx.request(method, f"{url}/reports/briefs/report.html")
        assert response.status_code in (404, 405)
    assert httpx.get(f"{url}/reports/briefs/report.html").text == PAGE


def test_large_reports_are_served_up_to_a_limit(url, root):
    folder = put_report(root, "large", page=PAGE + "<p>words</p>\n" * 1_600_000)
    assert (folder / "report.html").stat().st_size > 20_000_000
    response = httpx.get(f"{url}/reports/large/report.html", timeout=30)
    assert len(response.content) == (folder / "report.html").stat().st_size
    assert "'sha256-" in rules_of(response)["script-src"]
    os.truncate(folder / "report.html", LARGEST_PAGE + 1)
    refusal = httpx.get(f"{url}/reports/large/report.html")
    assert refusal.status_code == 413
    assert "Open report.html from its folder." in refusal.text


def test_without_a_folder_there_are_no_reports(site):
    assert httpx.get(f"{site.url}/reports/briefs/report.html").status_code == 404


@pytest.mark.parametrize(
    ("page", "scripts"),
    [
        (b"<SCRIPT type='x'>a</script >", 1),
        (b"<script src='a.js'></script><script>b</script>", 1),
        (b"<script>a", 0),
        (b"<script>" * 200_000, 0),
        (b"<script " * 200_000, 0),
        (b"<script>a</script>" * 20_000, 20_000),
    ],
)
def test_any_page_is_searched_for_scripts_in_good_time(page, scripts):
    assert len(script_hashes(page)) == scripts


def test_line_ends_are_hashed_as_browsers_read_them():
    hashes = [script_hashes(b"<script>a%sb</script>" % end) for end in (b"\n", b"\r\n", b"\r")]
    assert hashes[0] == hashes[1] == hashes[2]


# The command


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "expected a folder of evaluation reports, found nothing"),
        ("a.txt", "expected a folder of evaluation reports, found a file"),
    ],
)
def test_a_folder_that_is_named_and_not_there_is_noted(
    tmp_path, monkeypatch, capsys, name, message
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASSISTANT_REPORTS", raising=False)
    (tmp_path / "a.txt").write_text("no folder")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    common = ["chat", "--index", "no.index", "--port", port]
    assert main([*common, "--reports", name]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"--reports {name}: {message}. The chat opens without reports")
    assert "no.index" in lines[-1]
    main(common)
    assert "--reports" not in capsys.readouterr().err
