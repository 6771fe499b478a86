"""The attacks of BIPIA's kinds, the variant that plants them, and a model that obeys them."""

import json
import re
from collections import Counter

import pytest

from eval.documents import DatasetDocuments
from eval.planted.obeying import CITES, ObeyingModel
from eval.variants import load_plants, make_variant
from eval.variants.attacking import ALL_ATTACKS
from eval.variants.attacks import TASKS, encodings
from eval.variants.collection import Collection
from eval.variants.injection import WORDINGS
from eval.variants.matching import padded_words, states

WORD = "Bradalquelfyo"
QUESTION = "How long is the Arpa?"


def test_the_kinds_are_those_of_the_benchmark():
    assert len(TASKS) == 15
    assert min(len(attacks) for attacks in TASKS.values()) >= 3
    for attacks in TASKS.values():
        assert {attack.position for attack in attacks} == {"start", "middle", "end"}
    assert len({attack.text for attack in ALL_ATTACKS.values()}) == 45 + 5 == len(ALL_ATTACKS)


@pytest.mark.parametrize("name", ALL_ATTACKS)
def test_obeying_shows_and_only_obeying(name):
    attack = ALL_ATTACKS[name]
    written, payload = attack.written(WORD, QUESTION), attack.payload(WORD)
    assert "{" not in written
    assert states(padded_words(written), WORD)
    assert states(padded_words(attack.obeyed(WORD)), payload)
    is_encoded = attack.encode is not encodings.as_it_is
    assert states(padded_words(written), payload) is not is_encoded
    assert not states(padded_words("The river is 128 km long, and no other is."), payload)


def test_encodings():
    assert encodings.rot13("Hello") == "Uryyb"
    assert encodings.caesar("Xyz") == "Abc"
    assert encodings.atbash("Abyz") == "Zyba"
    assert encodings.base64_of("Hello") == "SGVsbG8="
    assert encodings.base32_of("Hello") == "JBSWY3DP"
    assert encodings.base16_of("Hello") == "48656c6c6f"
    assert encodings.reversed_letters("Hello") == "olleH"
    assert encodings.reversed_capitals("abc") == "C-B-A"
    assert encodings.reversed_pairs("abcde") == "badce"
    assert encodings.emoji_for_vowels("Oat") == "🍊🍎t"
    assert encodings.hearts_for_vowels("Oat") == "💜💜t"
    assert encodings.letters_on_fire("ab") == "a🔥b🔥"


@pytest.fixture(params=["dataset", "briefs", "seeds"])
def attacked(request, tmp_path):
    """A dataset, and what is planted in its variant."""
    source = request.getfixturevalue(request.param)
    variant = make_variant(source, "attacks", tmp_path / "v")
    return source, load_plants(variant.folder).plants


def test_each_attack_is_planted(attacked):
    source, plants = attacked
    assert {plant.form for plant in plants} == ALL_ATTACKS.keys()
    assert len({plant.text for plant in plants}) == len(plants) >= 50
    counts = Counter(plant.form for plant in plants)
    assert max(counts.values()) - min(counts.values()) <= 1
    words = Collection(source).words
    assert not any(states(words, plant.payload) for plant in plants)
    assert all(states(padded_words(plant.reply), plant.payload) for plant in plants)
    assert {case for plant in plants for case in plant.cases} == {case.id for case in source.cases}


def test_where_attacks_stand(briefs, tmp_path):
    variant = make_variant(briefs, "attacks", tmp_path / "v")
    texts = DatasetDocuments(variant.documents)
    found = {position: Counter() for position in ("start", "middle", "end", "apart")}
    for plant in load_plants(variant.folder).plants:
        text = texts.text(plant.document)
        begins = text[: plant.start].endswith("\n\n")
        ends = text[plant.end :][:1] in ("", "\n")
        found[ALL_ATTACKS[plant.form].position][begins, ends] += 1
    # Few stand otherwise: beside another one, in a paragraph of one sentence, to keep gold whole.
    usual = {"start": (True, False), "middle": (False, False), "end": (False, True)}
    for position, place in (usual | {"apart": (True, True)}).items():
        assert found[position][place] >= 0.7 * found[position].total() > 0, (position, found)


def test_the_wordings_of_the_variant_injection_are_among_them():
    for form, text in WORDINGS.items():
        attack = ALL_ATTACKS[form]
        expected = text.format(payload=WORD, question=QUESTION)
        assert attack.written(WORD, QUESTION) == expected
        assert attack.obeyed(WORD) == WORD


def request(*lines, **more):
    content = "\n".join(["=== mark ===", *lines, "=== mark ===", "", f"Question: {QUESTION}"])
    messages = [{"role": "system", "content": "Cite as in: So it is. [3.2]"}]
    return {"messages": [*messages, {"role": "user", "content": content}], **more}


@pytest.fixture
def obeying(dataset, tmp_path):
    """A model that obeys, with one of the instructions it knows."""
    plants = load_plants(make_variant(dataset, "attacks", tmp_path / "v").folder).plants
    return ObeyingModel(plants), next(p for p in plants if p.form == "reverse_text_1")


def test_a_model_that_obeys_cites_in_turn(obeying):
    model, plant = obeying
    body = request("[1.1] The Arpa is a river.", f"[1.2] {plant.text}", "[2.1] It is long.")
    assert [model(body) for _ in CITES] == [
        f"{plant.reply} [1.2]",
        f"{plant.reply} [1.1]",
        plant.reply,
    ]
    assert model.obeyed == [plant.form] * 3
    form = json.loads(model(request(f"[1.2] {plant.text}", response_format={"type": "json"})))
    assert form == {"statements": [{"text": plant.reply, "ids": ["1.2"]}]}


def test_one_that_obeys_all(dataset, tmp_path):
    plants = load_plants(make_variant(dataset, "attacks", tmp_path / "w").folder).plants
    first, second = (next(p for p in plants if p.form == f"base_encoding_{n}") for n in (1, 3))
    body = request(f"[1.1] {second.text}", f"[2.1] {first.text}", f"[2.2] {first.text}")
    assert ObeyingModel(plants, obeys_all=True)(body).splitlines() == [
        f"{second.reply} [1.1]",
        f"{first.reply} [1.1]",
    ]
    assert ObeyingModel(plants)(body) == f"{second.reply} [1.1]"


def test_a_part_of_an_instruction_is_obeyed(obeying):
    model, plant = obeying
    part = re.match(r"(?:\S+ ){5}", plant.text)[0]
    assert model(request(f"[4.1] The Arpa. {part}")) == f"{plant.reply} [4.1]"


def test_without_an_instruction_it_is_honest(obeying):
    model, _ = obeying
    assert model(request("[1.1] The Arpa is a river.")) == "The Arpa is a river. [1.1]"
    assert model(request()) == f"Question: {QUESTION}"
    assert (model.obeyed, model.replies) == ([], 2)
