"""The report as HTML, read back as a browser reads it."""

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from eval import load_dataset, score_answers
from eval.html import render_report
from eval.html.page import render_form

HOSTILE = (
    "</script><script>window.hacked = 1</script></style><!-- {{ 7 * 7 }} {% raw %} "
    '<img src="http://evil.example/y.png" onerror="window.hacked = 2"> '
    "'\" onmouseover='window.hacked = 3' ]]> &lt;b&gt; הטקסט"
)
VOID = ("meta", "link", "input", "path", "rect", "circle", "line")


class Page(HTMLParser):
    """Elements with their attributes, and the text in them."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.markup = markup
        self.elements = []
        self.texts = []
        self.open = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag, **wanted):
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in wanted.items())
        ]

    def text(self, tag=None):
        parts = [text for name, text in self.texts if name not in ("script", "style")]
        if tag:
            parts = [text for name, text in self.texts if name == tag]
        return " ".join("".join(parts).split())

    def case(self, case_id):
        """The markup of one case."""
        start = self.markup.index(f'<details class="case" id="{case_id}"')
        end = self.markup.find('<details class="case"', start + 1)
        return self.markup[start : end if end > 0 else len(self.markup)]


def plain(markup):
    return " ".join(re.sub(r"<[^>]*>", "", markup).split())


def answers_of(oracle):
    return {
        case.id: oracle(case.question, history=list(case.history)).to_dict()
        for case in oracle.dataset.cases
    }


def citing(answer, **changes):
    """The answer with its first quote changed."""
    first, *rest = answer["citations"]
    return {**answer, "citations": [{**first, "quote": {**first["quote"], **changes}}, *rest]}


@pytest.fixture
def answers(oracle):
    """Right answers to all cases."""
    return answers_of(oracle)


@pytest.fixture
def page_of(dataset):
    """Scores answers to the small dataset and shows the report."""

    def make(answers, errors=None, baseline=None, known=dataset):
        report = score_answers(dataset, answers, errors=errors or {})
        return Page(render_report(report, known, baseline))

    return make


def test_the_first_lines_tell_the_story(page_of, answers):
    page = page_of(answers)
    assert "none, oracle on waters" in page.text()
    assert "Of 3 questions that the documents answer, 3 were answered, 3 of them rightly." in (
        page.text()
    )
    assert "Of 1 question that they do not answer, 1 was declined. All 4 quotes are exact." in (
        page.text()
    )
    assert "3 answerable questions" in page.text("h3")
    told = [text for name, text in page.texts if name == "title"]
    assert "1 unanswerable question: 1 declined rightly" in told


def test_scores_have_values_intervals_and_counts(page_of, answers):
    page = page_of(answers)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page.markup, re.DOTALL)
    row = plain(next(row for row in rows if row.startswith("Evidence recall")))
    assert "1.000 to 1.000" in row
    assert row.endswith("3")
    refusals = plain(next(row for row in rows if row.startswith("False refusals")))
    assert "lower is better" in refusals
    assert "0.000" in refusals


def test_each_metric_is_in_its_group_with_its_definition(page_of, answers):
    page = page_of(answers)
    start = page.markup.index('id="~all"')
    section = page.markup[start : page.markup.index('id="~cases"', start)]
    names = re.findall(r"<h3>(.*?)</h3>", section)
    assert names == [
        "Answers", "Citations", "Quotes", "Statements", "Chat model", "Abstention", "Retrieval",
        "Calibration", "Cost",
    ]  # fmt: skip
    recall = section[section.index("Evidence recall") :]
    assert "A group is met by any one of its spans." in plain(recall[: recall.index("</details>")])
    assert "Returns" not in plain(section)


def test_what_is_not_scored_is_called_so(page_of, answers):
    page = page_of(answers)
    row = page.markup[page.markup.index("Temporal accuracy") :]
    assert "not scored" in plain(row[: row.index("</tr>")])
    assert "the case is not answerable" in plain(page.case("c-4"))


def test_a_metric_of_another_release_is_shown(dataset, answers):
    form = score_answers(dataset, answers).to_dict()
    form["summary"]["charm_rate"] = {"value": 0.25, "low": 0.1, "high": 0.5, "n": 4}
    page = Page(render_form(form, dataset))
    assert "Charm rate" in page.text()
    assert "0.250" in page.text()
    assert "Other" in page.text("h3")


def test_a_quote_stands_in_the_context_of_its_document(page_of, answers):
    case = page_of(answers).case("c-1")
    assert 'The Arpa is a river. <u class="gold">It is </u><mark class="gold">128 km</mark>' in (
        " ".join(case.split())
    )
    assert '<mark class="gold"> long</mark> “in all”.' in case
    assert "exact" in plain(case)
    assert "on gold evidence" in plain(case)


def test_markers_lead_to_quotes_and_back(page_of, answers):
    page = page_of(answers)
    ids = Counter(found["id"] for _, found in page.elements if "id" in found)
    assert [key for key, count in ids.items() if count > 1] == []
    links = [unquote(found["href"][1:]) for found in page.all("a") if found["href"] != "#"]
    assert [link for link in links if link not in ids] == []
    assert page.all("a", href="#~2q2")
    assert page.all("a", href="#~2m2")


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"text": "182 km long"}, "The source does not have these words."),
        ({"start": 24, "end": 35}, "These words stand at characters 27–38 of the source."),
        ({"start": 27, "end": 37}, "These words stand at characters 27–38"),
        ({"text": "gone", "start": 9000, "end": 9004}, "characters, and the span is 9,000–9,004."),
        ({"text": "gone", "start": -4, "end": 0}, "characters, and the span is -4–0."),
    ],
)
def test_a_quote_that_is_not_its_slice_is_wrong(page_of, answers, changes, note):
    page = page_of({**answers, "c-1": citing(answers["c-1"], **changes)})
    case = page.case("c-1")
    assert "Wrong: the source does not say this there." in plain(case)
    assert note in plain(case)
    assert f"<s>{changes.get('text', '128 km long')}</s>" in case
    assert "inexact quote" in plain(case)
    assert "inexact" in page.all("details", id="c-1")[0]["data-is"].split()
    assert "1 of 4 quotes is not exact." in page.text()
    assert "Wrong: the source" not in plain(page.case("c-2"))


def test_a_wrong_quote_is_shown_beside_what_the_source_says(page_of, answers):
    case = page_of({**answers, "c-1": citing(answers["c-1"], text="182 km long")}).case("c-1")
    assert plain(case[case.index("The source says there") :]).startswith(
        "The source says there The Arpa is a river. It is 128 km long “in all”."
    )


def test_gold_evidence_that_is_not_cited_is_listed(page_of, answers):
    only_one = {**answers["c-2"], "citations": answers["c-2"]["citations"][:1]}
    page = page_of({**answers, "c-2": only_one})
    case = page.case("c-2")
    missed = plain(case[case.index("Missed evidence") : case.index("The answer must state")])
    assert "An older survey says 1,360 km²." in missed
    assert "sub/lakes.txt · characters 50–59" in missed
    assert "evidence group 2, not cited" in missed
    assert "Missed evidence" not in page.case("c-1")


def test_the_alternatives_of_a_group_are_all_shown(page_of, answers, abstainer):
    case = page_of({**answers, "c-1": abstainer("?").to_dict()}).case("c-1")
    assert case.count('<u class="gold">') == 2
    assert '<p class="says">or</p>' in case


def test_verdicts(page_of, answers, abstainer):
    wrong = {**answers["c-2"], "text": "About a hundred. [1][2]"}
    page = page_of(
        {"c-2": wrong, "c-3": abstainer("?").to_dict(), "c-4": answers["c-1"]},
        errors={"c-1": "ModelError: the model is away."},
    )
    tokens = {found["id"]: found["data-is"] for found in page.all("details") if "id" in found}
    assert tokens == {
        "c-1": "failed",
        "c-2": "wrong",
        "c-3": "declined-wrongly",
        "c-4": "wrong undeclined",
    }
    ranks = {found["id"]: found["data-rank"] for found in page.all("details") if "id" in found}
    assert ranks["c-1"] == "0"
    assert ranks["c-3"] == "3"
    options = [text for name, text in page.texts if name == "option"]
    assert "wrong (2)" in options
    assert "wrong: should have declined (1)" in options
    assert "right (0)" not in options


def test_failures_are_called_out(page_of, answers):
    del answers["c-1"]
    page = page_of(answers, errors={"c-1": "ModelError: the model is away."})
    before, _, _ = page.markup.partition('id="~scores"')
    assert "1 of 4 cases failed." in plain(before)
    assert "c-1 ModelError: the model is away." in plain(before)
    assert "The system failed. ModelError: the model is away." in plain(page.case("c-1"))
    assert "cases failed" not in page_of({**answers, "c-1": answers["c-3"]}).text()


def test_an_abstention_shows_its_reason_and_the_nearest_passages(page_of, answers):
    source = answers["c-1"]["citations"][0]["document"]
    hit = {"rank": 1, "text": "word " * 200, "start": 3, "end": 1003, "document": source}
    page = page_of({**answers, "c-4": {**answers["c-4"], "nearest": [hit] * 5}})
    case = plain(page.case("c-4"))
    assert "Declined. nothing fits" in case
    assert "3 nearest passages" in case
    assert "rivers.txt · characters 3–1,003" in case
    assert case.count("word") < 3 * 80


def test_the_conversation_and_the_explanations_are_shown(page_of, answers):
    case = plain(page_of(answers).case("c-3"))
    assert "Earlier in the conversation Is the Arpa a river? Yes. Asked And how long is it?" in case
    assert "1 of 1 evidence groups cited" in case
    assert case.endswith("250 ms oracle Link to this case")


@pytest.mark.parametrize("has_dataset", [True, False])
def test_answers_with_only_the_required_keys(page_of, dataset, answers, has_dataset):
    bare = {
        key: {
            "status": answer["status"],
            "text": answer["text"],
            "citations": [
                {
                    "quote": {name: c["quote"][name] for name in ("text", "start", "end")},
                    "document": {"source": c["document"]["source"]},
                }
                for c in answer["citations"]
            ],
        }
        for key, answer in answers.items()
    }
    page = page_of(bare, known=dataset if has_dataset else None)
    case = plain(page.case("c-1"))
    assert "128 km long" in case
    assert "rivers.txt · characters 27–38" in case
    assert ("on gold evidence" in case) is has_dataset
    assert "right" in page.all("details", id="c-1")[0]["data-is"]
    assert page.text().count("Not scored: the answers carry no confidence.") == 2
    assert "Not scored: the answers do not say how long they took." in page.text()


def test_a_document_that_the_dataset_does_not_have_is_not_checked(page_of, answers):
    answer = answers["c-1"]
    first = answer["citations"][0]
    other = {**answer, "citations": [{**first, "document": {"source": "elsewhere/other.txt"}}]}
    case = plain(page_of({**answers, "c-1": other}).case("c-1"))
    assert "The dataset has no such document: shown as the answer gives it." in case
    assert "other.txt · characters 27–38" in case


@pytest.mark.parametrize("junk", [None, "text", 7, 0.5, True, [], [None], [["a"]], {}, {"a": 1}])
def test_optional_keys_may_hold_anything(dataset, answers, junk):
    form = score_answers(dataset, answers).to_dict()
    keys = ("nearest", "timings", "usage", "confidence", "reason", "dropped", "model", "statements")
    for case in form["cases"]:
        case["answer"].update(dict.fromkeys(keys, junk))
        case["history"] = junk
        for citation in case["answer"]["citations"]:
            citation["number"] = junk
            citation["document"].update(title=junk, authors=junk, published=junk, publisher=junk)
    form.update(calibration=junk, risk_coverage=junk, created=junk, version=junk)
    assert "How long is the Arpa?" in Page(render_form(form, dataset)).text()


def test_confidence_is_drawn_with_words_and_numbers(page_of, answers):
    sure = {key: {**answer, "confidence": 0.62} for key, answer in answers.items()}
    page = page_of({**sure, "c-2": {**sure["c-2"], "text": "No idea [1][2].", "confidence": 0.95}})
    told = [text for name, text in page.texts if name == "title"]
    assert (
        "Share of answers right by confidence. 0.6 to 0.7: 1.00 of 2 answers; "
        "0.9 to 1.0: 0.00 of 1 answer."
    ) in told
    assert any(text.startswith("Risk by coverage: 1.00 at 33%; 0.33 at 100%") for text in told)
    assert any(text.startswith("Time of 3 answers: half took at most 250 ms") for text in told)
    for label in ("confidence of the answer", "share of answers right", "time to answer"):
        assert label in page.text("text")
    assert "ECE" in page.text("span")
    assert "confidence 0.62" in plain(page.case("c-1"))


def test_a_baseline_shows_differences_and_flips(dataset, page_of, answers, abstainer):
    weaker = score_answers(dataset, {**answers, "c-1": abstainer("?").to_dict()})
    page = page_of(answers, baseline=weaker)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page.markup, re.DOTALL)
    recall = next(row for row in rows if row.startswith("Evidence recall"))
    assert '<td class="number better">+0.333' in recall
    refusals = next(row for row in rows if row.startswith("False refusals"))
    assert '<td class="number better">−0.333' in refusals
    exactness = next(row for row in rows if row.startswith("Quote exactness"))
    assert '<td class="number ">=' in exactness
    assert "better than before" in plain(page.case("c-1"))
    assert "than before" not in plain(page.case("c-2"))
    assert page.all("details", id="c-1")[0]["data-is"] == "right better"
    assert "Compared with none, oracle on waters" in page.text()


def test_without_a_baseline_there_is_no_column_for_it(page_of, answers):
    assert "change" not in page_of(answers).text("th")


@pytest.fixture
def hostile_page(write_dataset, records, make_oracle):
    """Hostile text wherever somebody else's text can stand."""
    records[0].update(question=HOSTILE, facts=[[HOSTILE]], id="c<1>\"'")
    records[1].update(id="~scores")
    records[2].update(history=[[HOSTILE, HOSTILE]], id="~list x")
    folder = write_dataset(records)
    dataset = load_dataset(folder)
    answers = answers_of(make_oracle(dataset))
    first, *_ = answers
    quote = {"text": HOSTILE, "start": 0, "end": len(HOSTILE), "prefix": HOSTILE, "suffix": HOSTILE}
    document = {key: HOSTILE for key in ("title", "publisher", "published")}
    document |= {"authors": [HOSTILE], "source": "rivers.txt"}
    outside = {"quote": quote, "document": {**document, "source": HOSTILE}}
    answers[first].update(
        text=f"{HOSTILE} [1] [2]\n\n{HOSTILE}",
        model=HOSTILE,
        citations=[{"quote": quote, "document": document}, outside],
    )
    hit = {"text": HOSTILE, "passage_id": HOSTILE, "document": document, "start": 1, "end": 2}
    answers["c-4"].update(text=HOSTILE, reason=HOSTILE, nearest=[hit])
    answers.pop("~scores")
    report = score_answers(dataset, answers, errors={"~scores": HOSTILE})
    case = report.cases[0]
    explained = {k: replace(s, explanation=HOSTILE) for k, s in case.scores.items()}
    cases = (replace(case, scores=explained), *report.cases[1:])
    report = replace(report, cases=cases, model=HOSTILE, created=HOSTILE, version=HOSTILE)
    return Page(render_report(report, dataset, replace(report, model=HOSTILE)))


def test_text_of_others_is_never_live(hostile_page):
    tags = Counter(tag for tag, _ in hostile_page.elements)
    assert tags["script"] == 1
    assert tags["style"] == 1
    assert tags["title"] >= 1
    for tag in ("img", "iframe", "object", "b", "base", "embed", "audio", "video", "template"):
        assert tags[tag] == 0
    assert [key for _, found in hostile_page.elements for key in found if key[:2] == "on"] == []
    assert hostile_page.text().count("window.hacked = 1") > 20
    assert "{{ 7 * 7 }}" in hostile_page.text()
    assert hostile_page.open == []


def test_ids_of_cases_cannot_take_ids_of_the_page(hostile_page):
    ids = Counter(found["id"] for _, found in hostile_page.elements if "id" in found)
    assert [key for key, count in ids.items() if count > 1] == []
    cases = [found["id"] for found in hostile_page.all("details") if "data-is" in found]
    assert cases == ["c<1>\"'", "-scores", "-list-x", "c-4"]
    assert hostile_page.all("a", href="#c%3C1%3E%22%27")


def test_nothing_is_loaded_from_anywhere(hostile_page):
    for _, found in hostile_page.elements:
        assert not {"src", "srcset", "action", "data", "poster"} & found.keys()
        address = found.get("href", "#")
        assert address.startswith(("#", "data:image/svg+xml,"))
    style = hostile_page.text("style")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_lets_only_the_page_s_own_script_run(hostile_page):
    policy = hostile_page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    script = "".join(text for name, text in hostile_page.texts if name == "script")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "base-uri 'none'" in policy
    assert "connect-src" not in policy
    for dangerous in ("innerHTML", "insertAdjacentHTML", "outerHTML", "eval(", "document.write"):
        assert dangerous not in script


@pytest.mark.slow
def test_long_texts_are_shortened(page_of, answers):
    short = len(page_of(answers).markup)
    answers["c-1"]["text"] = "word " * 300_000
    answers["c-4"]["reason"] = "word " * 300_000
    page = page_of(answers)
    assert len(page.markup) - short < 50_000
    assert "characters left out" in page.text()


def test_half_a_surrogate_pair_does_not_stop_the_report(dataset, answers):
    form = score_answers(dataset, answers).to_dict()
    form["cases"][0]["answer"]["text"] = "half \ud83d of it"
    form["cases"][0]["id"] = "c\ud83d"
    assert "half ? of it" in Page(render_form(form)).text()


def test_a_report_without_cases_has_a_page(dataset, answers):
    form = score_answers(dataset, answers).to_dict()
    page = Page(render_form({**form, "cases": [], "by_category": {}, "summary": {}}))
    assert "0 cases" in page.text()


def test_twice_the_same_number_is_no_twice_the_same_id(page_of, answers):
    for citation in answers["c-2"]["citations"]:
        citation["number"] = 7
    answers["c-2"]["text"] = "1,242 or 1,360 [7]."
    page = page_of(answers)
    assert len(page.all("li", id="~2q1")) == len(page.all("li", id="~2q2")) == 1
    assert [found["href"] for found in page.all("a", id="~2m1")] == ["#~2q1"]
    assert page.all("a", id="~2m2") == []
