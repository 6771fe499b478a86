import copy
import json
import os
from pathlib import Path

import pytest

from eval import evaluate, load_dataset
from eval.errors import ImportDataError
from eval.importers import import_squad
from eval.importers.squad import NO_ANSWER, NO_QUESTION, WRONG_START
from index.canonical import canonical_text

FIRST = "  Café Arpa\r\nis a river. It is 128 km long; 128 km in all."
SECOND = "The Hrazdan is longer."


def question(key, *answers, **more):
    return {
        "id": key,
        "question": f" What of {key}? ",
        "answers": [{"text": text, "answer_start": start} for text, start in answers],
        **more,
    }


@pytest.fixture
def form():
    long = FIRST.index("128 km long")
    qas = [
        question("twice", ("128 km", long), ("128 km long", long), ("128 km", long)),
        question("later", (" 128 km in all", FIRST.index(" 128 km in"))),
        question("over two lines", ("Café Arpa\r\nis", 2)),
    ]
    impossible = question("not", is_impossible=True, plausible_answers=[])
    return {
        "version": "v2.0",
        "data": [
            {
                "title": "Caf%C3%A9_rivers",
                "paragraphs": [
                    {"context": FIRST, "qas": qas},
                    {"context": SECOND, "qas": [question("next", ("Hrazdan", 4)), impossible]},
                ],
            }
        ],
    }


@pytest.fixture
def load(tmp_path):
    def load(form, **options):
        path = tmp_path / "squad.json"
        path.write_text(json.dumps(form), encoding="utf-8")
        return import_squad(path, tmp_path / "out", **options)

    return load


def test_answers_are_gold_where_they_stand(load, form):
    made = load(form)
    cases = {case.id: case for case in made.dataset.cases}
    (name,) = cases["twice"].sources
    text = canonical_text(made.dataset.documents / name)
    assert text.startswith('---\ntitle: "Café rivers"\n---\n\n')
    assert text.endswith("in all.\n\nThe Hrazdan is longer.\n")
    (group,) = cases["twice"].evidence
    assert [span.quote for span in group] == ["128 km", "128 km long"]
    assert {span.start for span in group} == {text.index("128 km long")}
    assert cases["twice"].facts == (("128 km", "128 km long"),)
    assert cases["twice"].question == "What of twice?"
    assert cases["later"].evidence[0][0].start == text.index("128 km in all")
    assert cases["over two lines"].evidence[0][0].quote == "Café Arpa\nis"
    assert cases["next"].evidence[0][0].start == text.index("Hrazdan")
    assert (cases["not"].category, cases["not"].evidence, cases["not"].facts) == (
        "unanswerable",
        (),
        (),
    )
    assert made.skipped == {}


def test_wrong_starts_are_skipped_and_counted(load, form):
    qas = form["data"][0]["paragraphs"][0]["qas"]
    qas[0]["answers"][0]["answer_start"] += 1
    qas[1]["answers"][0]["answer_start"] = -3
    qas[2]["question"] = " "
    made = load(form)
    assert made.skipped == {WRONG_START: 2, NO_ANSWER: 1, NO_QUESTION: 1}
    assert [case.id for case in made.dataset.cases] == ["twice", "next", "not"]
    assert [span.quote for span in made.dataset.cases[0].evidence[0]] == ["128 km long", "128 km"]


def test_squad_1_has_no_impossible_questions(load, form):
    form["data"][0]["paragraphs"][1]["qas"] = [question("none")]
    made = load(form)
    assert made.skipped == {NO_ANSWER: 1}
    assert made.dataset.count_by_category()["unanswerable"] == 0


def test_articles_of_one_title_stay_apart(load, form):
    for number in range(2):
        other = copy.deepcopy(form["data"][0])
        other["title"] = f"Caf%C3%A9_rivers{' (2)' * number}"
        for part in other["paragraphs"]:
            part["context"] += f" No. {number}."
            for each in part["qas"]:
                each["id"] += f" {number}"
        form["data"].append(other)
    made = load(form)
    assert made.documents == 3
    assert len({case.sources for case in made.dataset.cases if case.sources}) == 3


def test_articles_are_chosen_by_title(load, form):
    form["data"].append({"title": "Seas", "paragraphs": [{"context": "Salt.", "qas": []}]})
    assert load(form, articles=["café rivers"]).documents == 1


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ((), [], 'expected an object with "data", found []'),
        (("data",), None, "expected 'data' to be a list of objects, found null"),
        (("data", 0), 7, "expected 'data' to be a list of objects, found [7]"),
        (("data", 0, "title"), 7, "data[0]: expected 'title' to be a string, found 7"),
        (("data", 0, "paragraphs"), {}, "data[0]: expected 'paragraphs' to be a list of objects"),
        (("data", 0, "paragraphs", 1, "context"), 1, "data[0].paragraphs[1]: expected 'context'"),
        (
            ("data", 0, "paragraphs", 1, "qas", 0, "answers", 0, "answer_start"),
            "4",
            "data[0].paragraphs[1].qas[0]: expected 'answer_start' to be an integer, found \"4\"",
        ),
        (("data", 0, "paragraphs", 1, "qas", 0, "id"), "not", 'expected a new id, found "not"'),
        (("data", 0, "paragraphs", 1, "qas", 0, "id"), " ", "expected 'id' to be a non-empty"),
        (("data", 0, "paragraphs", 1, "qas", 1, "is_impossible"), 1, "to be true or false"),
        (("data", 0, "paragraphs", 1, "context"), "\ud800", "half a surrogate pair"),
    ],
)
def test_wrong_forms(load, form, place, value, expected):
    holder = {"": form}
    *path, last = ("", *place)
    for key in path:
        holder = holder[key]
    holder[last] = value
    with pytest.raises(ImportDataError) as caught:
        load(holder[""] if not place else form)
    assert expected in str(caught.value)
    assert "squad.json: " in str(caught.value)


def test_text_that_is_no_json(tmp_path):
    path = tmp_path / "squad.json"
    path.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ImportDataError, match="expected JSON, found text that is not"):
        import_squad(path, tmp_path / "out")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ImportDataError, match="expected UTF-8, found byte 0"):
        import_squad(path, tmp_path / "out")


@pytest.fixture(scope="module")
def squad():
    path = os.environ.get("VERBATIM_SQUAD")
    if not path:
        pytest.skip("VERBATIM_SQUAD is unset: it names a SQuAD 2 JSON file")
    if not Path(path).is_file():
        pytest.fail(f"VERBATIM_SQUAD is {path}, and there is no such file")
    return path


@pytest.mark.slow
def test_the_real_file_is_imported_whole(squad, tmp_path):
    made = import_squad(squad, tmp_path / "squad")
    assert made.skipped == {}
    form = json.loads(Path(squad).read_text(encoding="utf-8"))
    wanted = {
        question["id"]: {answer["text"] for answer in question["answers"]}
        for article in form["data"]
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    }
    found = {
        case.id: {span.quote for group in case.evidence for span in group}
        for case in load_dataset(tmp_path / "squad").cases
    }
    assert found == wanted
    assert made.documents == len(form["data"])


@pytest.mark.slow
def test_a_part_of_the_real_file_is_perfect_for_an_oracle(squad, tmp_path, make_oracle):
    made = import_squad(squad, tmp_path / "squad", limit=40, seed=3)
    again = import_squad(squad, tmp_path / "again", limit=40, seed=3)
    assert made.dataset.cases == again.dataset.cases
    assert made.dataset.count_by_category()["unanswerable"] == 20
    summary = evaluate(made.dataset, make_oracle(made.dataset)).summary
    for name in ("evidence_recall", "facts_recall", "source_recall", "abstention_recall"):
        assert summary[name].value == 1.0, name
