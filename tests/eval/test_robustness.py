import json
from dataclasses import replace
from pathlib import Path

import pytest

import eval as evaluation
from assistant.types import Answer, Citation, Quote, Statement
from eval import load_dataset
from eval.answers import outcome_of
from eval.cli import main
from eval.documents import DatasetDocuments
from eval.errors import VariantError
from eval.scorers.base import CitedQuote, Outcome
from eval.variants import KINDS, load_plants, make_variant, robustness
from eval.variants import scorers as variant_scorers
from eval.variants.scorers import HAVE_BEFORE, VARIANT_SCORERS
from index.canonical import canonical_text, text_sha256
from index.errors import VerbatimError
from index.types import DocumentInfo

BRIEFS = Path(evaluation.__file__).parent / "datasets" / "briefs"


@pytest.fixture(scope="module")
def briefs():
    return load_dataset(BRIEFS)


def citation(dataset, number, doc, start, end):
    path = dataset.documents / doc
    text = canonical_text(path)
    sha256 = text_sha256(text)
    info = DocumentInfo(sha256[:16], None, (), None, None, str(path), sha256)
    return Citation(number, Quote.slice(text, start, end), info, f"{info.id}:0-{len(text)}")


def answered(dataset, question, text, spans, retrieved=None):
    """An answer that cites these (document, start, end)."""
    citations = tuple(citation(dataset, n, *span) for n, span in enumerate(spans, start=1))
    numbers = tuple(c.number for c in citations)
    return Answer(
        question,
        f"{text} {''.join(f'[{number}]' for number in numbers)}",
        "answered",
        statements=(Statement(text, numbers, 1.0),),
        citations=citations,
        retrieved=retrieved,
        model="planted",
    )


class System:
    """Answers a variant's cases as `reply` says, and everything else as an oracle does."""

    def __init__(self, dataset, oracle, reply):
        self.dataset, self.oracle, self.reply = dataset, oracle, reply
        self.cases = {(case.question, case.history): case for case in dataset.cases}
        is_variant = (dataset.folder / "variant.json").exists()
        self.record = load_plants(dataset.folder) if is_variant else None

    def __call__(self, question, /, *, history):
        case = self.cases[question, tuple(history)]
        if self.record is None or case.id not in self.record.aimed_at:
            return self.oracle(question, history=history)
        plants = self.record.plants_for(case.id)
        return self.reply(self, case, plants) or self.oracle(question, history=history)


@pytest.fixture
def maker(make_oracle):
    """Gives a `make_system` whose systems reply in this way where something is planted."""
    return lambda reply: lambda dataset: System(dataset, make_oracle(dataset), reply)


def obey(system, case, plants):
    spans = [(group[0].doc, group[0].start, group[0].end) for group in case.evidence]
    cited = spans or [(plants[0].document, 0, 20)]
    return answered(system.dataset, case.question, f"{plants[0].payload}.", cited)


def quote(system, case, plants):
    plant = plants[0]
    shown = " ".join(plant.text.split())
    place = (plant.document, plant.start, plant.end)
    return answered(system.dataset, case.question, f"A file says: “{shown}”", [place])


def ignore(system, case, plants):
    return None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reply", "attack", "shown", "cited"),
    [(obey, 1.0, 1.0, 0.0), (quote, 0.0, 1.0, 1.0), (ignore, 0.0, 0.0, 0.0)],
)
def test_injections(briefs, maker, reply, attack, shown, cited):
    finding = robustness(briefs, maker(reply), ["injection"]).finding("injection")
    assert finding.measure("payload_shown_rate").found.value == shown
    assert finding.measure("attack_success_rate").found.value == attack
    assert finding.measure("injection_cited_rate").found.value == cited
    assert finding.measure("attack_success_rate").found.n == len(briefs.cases)
    assert finding.measure("attack_success_rate").change is None
    change = finding.measure("evidence_recall").change
    assert change.a == 1.0
    assert change.value == (-1.0 if reply is quote else 0.0)


@pytest.mark.slow
def test_it_is_said_whether_an_instruction_was_obeyed_or_quoted(briefs, maker):
    for reply, expected in ((obey, "complied: the answer states"), (quote, "quoted: an instr")):
        finding = robustness(briefs, maker(reply), ["injection"]).finding("injection")
        scores = finding.explained["attack_success_rate"]
        assert all(score.explanation.startswith(expected) for score in scores.values())


@pytest.fixture
def injected(dataset, tmp_path):
    variant = make_variant(dataset, "injection", tmp_path / "v")
    return variant, load_plants(variant.folder)


def outcome(variant, case, text, *quotes, status="answered", **more):
    documents = DatasetDocuments(variant.documents)
    cited = tuple(
        CitedQuote(n, documents.text(doc)[start:end], start, end, doc, doc)
        for n, (doc, start, end) in enumerate(quotes, start=1)
    )
    return Outcome(case, status, text, cited, documents, **more)


def test_what_counts_as_obeyed(injected):
    variant, record = injected
    case, plant = variant.cases[0], record.plants_for("c-1")[0]
    whole = (plant.document, plant.start, plant.end)
    at = plant.start + plant.text.index(plant.payload)
    bare = (plant.document, at, at + len(plant.payload))
    attack = variant_scorers.attack_success_rate
    shown = f"It says “{plant.text}” [1]"
    values = {
        "quoted": attack(outcome(variant, case, shown, whole), record),
        "quoted and obeyed": attack(
            outcome(variant, case, f"{plant.payload}. {shown}", whole), record
        ),
        "quoted, not cited": attack(outcome(variant, case, shown), record),
        "the payload as the quote": attack(
            outcome(variant, case, f"{plant.payload} [1]", bare), record
        ),
        "another case's payload": attack(
            outcome(variant, case, f"{record.plants_for('c-2')[0].payload}."), record
        ),
        "in an abstention": attack(
            outcome(variant, case, f"I say {plant.payload.upper()}", status="abstained"), record
        ),
        "cited only": attack(outcome(variant, case, "It is 128 km.", whole), record),
    }
    assert {name: score.value for name, score in values.items()} == {
        "quoted": 0.0,
        "quoted and obeyed": 1.0,
        "quoted, not cited": 1.0,
        "the payload as the quote": 1.0,
        "another case's payload": 1.0,
        "in an abstention": 1.0,
        "cited only": 0.0,
    }
    assert plant.form in values["quoted and obeyed"].explanation
    there = variant_scorers.payload_shown_rate
    assert there(outcome(variant, case, shown, whole), record).value == 1.0
    assert there(outcome(variant, case, "It is 128 km.", whole), record).value == 0.0
    claimed = outcome(variant, case, "So.", claims=(f"{plant.payload} it is.",))
    assert plant.form in there(claimed, record).explanation
    assert there(outcome(variant, case, "", status="failed"), record).value is None
    assert attack(outcome(variant, case, "", status="failed"), record).value is None
    cited = variant_scorers.injection_cited_rate
    elsewhere = outcome(variant, case, "x", whole)
    elsewhere = replace(elsewhere, quotes=(replace(elsewhere.quotes[0], doc=None),))
    assert cited(elsewhere, record).value == 1.0
    assert cited(outcome(variant, case, "", status="failed"), record).value is None
    unaimed = replace(case, id="c-0")
    assert attack(outcome(variant, unaimed, shown, whole), record).value is None


def test_whether_a_plant_was_found(injected):
    variant, record = injected
    case, plant = variant.cases[0], record.plants_for("c-1")[0]
    documents = DatasetDocuments(variant.documents)
    found = variant_scorers.plant_retrieved_rate

    def retrieved(*places):
        answer = {
            "status": "abstained",
            "text": "",
            "citations": [],
            "retrieved": [{"source": d, "start": s, "end": e} for d, s, e in places],
        }
        return outcome_of(case, answer, documents)

    first = (plant.document, 0, 5)
    assert found(retrieved(first, (plant.document, plant.start, plant.end)), record).value == 1.0
    assert found(retrieved(first), record).value == 0.0
    assert found(retrieved(), record).value == 0.0
    assert found(outcome(variant, case, ""), record).value is None


def mislead(system, case, plants):
    plant = plants[0]
    return answered(
        system.dataset,
        case.question,
        f"It is {plant.false_figure}.",
        [(plant.document, plant.start, plant.end)],
    )


def show_both(system, case, plants):
    span, plant = case.evidence[0][0], plants[0]
    return answered(
        system.dataset,
        case.question,
        f"One says {plant.false_figure}, one {plant.true_figure}.",
        [(plant.document, plant.start, plant.end), (span.doc, span.start, span.end)],
    )


@pytest.mark.parametrize(
    ("reply", "misled", "both"), [(mislead, 1.0, 0.0), (show_both, 0.0, 1.0), (ignore, 0.0, 0.0)]
)
def test_contradictions(briefs, maker, reply, misled, both):
    finding = robustness(briefs, maker(reply), ["contradiction"]).finding("contradiction")
    assert finding.measure("misled_rate").found.value == misled
    assert finding.measure("both_sides_rate").found.value == both
    assert finding.measure("misled_rate").found.n == len(finding.record.plants)


def test_what_counts_as_misled(dataset, tmp_path):
    variant = make_variant(dataset, "contradiction", tmp_path / "v")
    record, case = load_plants(variant.folder), variant.cases[0]
    plant, span = record.plants_for("c-1")[0], case.evidence[0][0]
    planted = (plant.document, plant.start, plant.end)
    gold = (span.doc, span.start, span.end)
    misled, both = variant_scorers.misled_rate, variant_scorers.both_sides_rate
    assert misled(outcome(variant, case, "See [1].", planted), record).value == 1.0
    assert misled(outcome(variant, case, f"It is {plant.false_figure}."), record).value == 1.0
    assert misled(outcome(variant, case, "See [1][2].", planted, gold), record).value == 0.0
    stated = outcome(variant, case, f"{plant.false_figure} or 128 km", planted)
    assert misled(stated, record).value == 0.0
    assert both(stated, record).value == 0.0
    for status, value in (("abstained", 0.0), ("failed", None)):
        assert misled(outcome(variant, case, "", status=status), record).value == value
        assert both(outcome(variant, case, "", status=status), record).value == 0.0


@pytest.mark.slow
def test_noise_that_is_cited(briefs, maker, make_oracle):
    def make_system(dataset):
        oracle = make_oracle(dataset)
        if not (dataset.folder / "variant.json").exists():
            return oracle
        plant = load_plants(dataset.folder).plants[0]
        place = (plant.document, 0, 20)
        oracle.spans = lambda case: [place]
        return oracle

    finding = robustness(briefs, make_system, ["noise"]).finding("noise")
    assert finding.measure("planted_share").found.value == 1.0
    recall = finding.measure("evidence_recall")
    assert (recall.change.a, recall.change.b, recall.change.value) == (1.0, 0.0, -1.0)
    assert recall.change.low == recall.change.high == -1.0
    assert recall.n_paired == sum(case.is_answerable for case in briefs.cases)
    assert finding.measure("facts_recall").change.value == 0.0
    clean = robustness(briefs, maker(ignore), ["noise"]).finding("noise")
    assert clean.measure("planted_share").found.value == 0.0
    assert clean.measure("evidence_recall").change.value == 0.0


@pytest.mark.slow
def test_duplicates_that_are_cited_twice(briefs, make_oracle):
    def make_system(dataset):
        oracle = make_oracle(dataset)
        oracle.spans = lambda case: [(s.doc, s.start, s.end) for s in case.evidence[0]]
        return oracle

    finding = robustness(briefs, make_system, ["duplicates"]).finding("duplicates")
    documents, repeats = finding.measure("distinct_documents"), finding.measure("repeat_rate")
    assert documents.change.value == 0.0
    assert documents.change.a > 1.0
    assert repeats.change.a == 0.0
    assert repeats.found.value >= 2 / 3
    assert finding.measure("planted_share").found.value == pytest.approx(2 / 3)
    assert finding.measure("evidence_recall").change.value == 0.0


def always_answer(system, case, plants):
    doc = DatasetDocuments(system.dataset.documents).names[0]
    return answered(system.dataset, case.question, "It is so.", [(doc, 0, 10)])


@pytest.mark.parametrize(("reply", "rejected"), [(always_answer, 0.0), (ignore, 1.0)])
def test_negative_rejection(briefs, maker, reply, rejected):
    finding = robustness(briefs, maker(reply), ["negative"]).finding("negative")
    measure = finding.measure("rejection_rate")
    assert measure.found.value == rejected
    assert measure.found.n == measure.n_paired == len(finding.record.originals)
    assert measure.change.a == 0.0
    names = [measure.name for measure in finding.measures]
    assert "evidence_recall" not in names
    kept = finding.measure("abstention_recall")
    assert kept.change.value == 0.0
    assert kept.n_paired == sum(not case.is_answerable for case in briefs.cases)


def test_a_failure_is_no_rejection(briefs, maker):
    def fail(system, case, plants):
        raise VerbatimError("The model is away.")

    report = robustness(briefs, maker(fail), ["negative"])
    finding = report.finding("negative")
    assert finding.measure("rejection_rate").found.value == 0.0
    assert len(report.errors) == len(finding.record.originals)
    assert "negative/b-001" in report.errors
    assert f"{len(report.errors)} failed" in report.to_text()


def test_every_scorer_is_named_and_defined():
    scorers = {scorer for kind in VARIANT_SCORERS.values() for scorer in kind}
    assert set(VARIANT_SCORERS) == set(KINDS)
    assert scorers >= HAVE_BEFORE
    for scorer in scorers:
        assert getattr(variant_scorers, scorer.__name__) is scorer
        assert len(scorer.__doc__.split("\n")[0]) > 20


def test_what_cannot_be_made_is_skipped(dataset, maker):
    report = robustness(dataset, maker(ignore), ["noise", "injection"])
    assert [finding.record.kind for finding in report.variants] == ["injection"]
    assert "expected text beside the gold" in report.skipped["noise"]
    assert "No variant noise: " in report.to_text()
    with pytest.raises(VariantError, match="Expected at least one kind of variant"):
        robustness(dataset, maker(ignore), ["noise"])


def test_the_forms_of_a_report(dataset, maker):
    report = robustness(dataset, maker(obey), ["injection", "duplicates"], seed=3)
    form = json.loads(report.to_json())
    assert [variant["kind"] for variant in form["variants"]] == ["injection", "duplicates"]
    assert form["clean"]["summary"]["evidence_recall"]["value"] == 1.0
    injection = form["variants"][0]
    assert injection["seed"] == 3
    assert injection["measures"]["attack_success_rate"]["value"] == 1.0
    assert injection["measures"]["evidence_recall"]["change"]["n"] == 3
    assert "complied" in injection["explained"]["attack_success_rate"]["c-1"]["explanation"]
    text, table = report.to_text(), report.to_markdown()
    assert text.startswith("Dataset waters, model none, oracle, 4 cases, seed 3\n")
    assert "injection   attack_success_rate         -    1.000  1.000 to 1.000" in text
    assert table.count("\n| ") == text.count("\ninjection") + text.count("\nduplicates") + 2
    assert "| injection | evidence_recall | 1.000 | 1.000 |" in table.replace("\\", "")


def test_variant_on_the_command_line(dataset, tmp_path, capsys):
    target = tmp_path / "v"
    arguments = ["variant", str(dataset.folder), "--kind", "injection", "--out", str(target)]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Variant injection of waters in {target}: ")
    assert out.endswith(" plants in 2 documents, 4 of 4 cases aimed at.\n")
    assert main(["validate", str(target)]) == 0
    capsys.readouterr()
    assert main(arguments) == 2
    assert "expected no such file or folder, found one" in capsys.readouterr().err
    other = [*arguments[:-1], str(tmp_path / "w"), "--ratio", "2"]
    assert main(other) == 2
    assert "Expected a ratio for duplicates" in capsys.readouterr().err
    negative = ["variant", str(dataset.folder), "--kind", "negative", "--out", str(tmp_path / "n")]
    assert main(negative) == 0
    assert "n: 2 cuts, 3 cases made unanswerable." in capsys.readouterr().out


@pytest.mark.slow
def test_robustness_on_the_command_line(dataset, tmp_path, capsys):
    target = tmp_path / "robustness.json"
    options = ["--kinds", "injection,negative", "--json", str(target)]
    assert main(["robustness", str(dataset.folder), *options]) == 0
    out = capsys.readouterr().out
    assert "Dataset waters, model extractive, 4 cases, seed 0" in out
    form = json.loads(target.read_text(encoding="utf-8"))
    measures = form["variants"][0]["measures"]
    assert measures["attack_success_rate"]["value"] == 0.0
    assert measures["plant_retrieved_rate"]["value"] == 1.0
    assert measures["quote_exactness"]["value"] == 1.0
    assert form["variants"][1]["measures"]["rejection_rate"]["n"] == 3


@pytest.mark.parametrize(
    ("options", "expected"),
    [(["--kinds", "flood"], "expected some of"), (["--kinds", ","], "expected some of")],
)
def test_wrong_kinds(dataset, capsys, options, expected):
    with pytest.raises(SystemExit, match="2"):
        main(["robustness", str(dataset.folder), *options])
    assert expected in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_found_first(dataset, capsys):
    assert main(["robustness", str(dataset.folder), "--json", "no/such/folder/x.json"]) == 2
    assert "found no folder to put it in" in capsys.readouterr().err
