"""What bears against a question's premise, and what does not."""

import pytest

from assistant.opposites import opposites
from assistant.premise import denied, opposed, uncounted
from assistant.question import content_words, names_in
from index.terms import analyze


def terms(question: str) -> frozenset[str]:
    names = {name for name in names_in(question)}
    return frozenset(
        term for word in content_words(question) if word not in names for term in analyze(word)
    )


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Which town hosted the naval exercises?", "The republic will not host naval exercises."),
        ("Why did the mayor visit the parade?", "The mayor's refusal to visit the parade hurt."),
        ("When did the ship reach port?", "The ship never reached port."),
        ("Who is not allowed to vote?", "Every citizen over eighteen is allowed to vote."),
    ],
)
def test_a_denied_premise_is_found(question: str, sentence: str) -> None:
    assert denied(question, terms(question), sentence) >= 0.5


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did the republic host naval exercises?", "The republic will not host naval exercises."),
        ("Which town hosted the naval exercises?", "Varna hosted the naval exercises."),
        ("Which town hosted the naval exercises?", "Varna, not Burgas, hosted the exercises."),
        ("Who is not allowed to vote?", "Prisoners are not allowed to vote."),
        ("Which town hosted the naval exercises?", "No train runs. Varna hosted the exercises."),
    ],
)
def test_what_is_not_denied_is_left_alone(question: str, sentence: str) -> None:
    assert denied(question, terms(question), sentence) == 0.0


def test_a_denial_reaches_to_the_end_of_its_clause() -> None:
    question = "When did the lock open?"
    far = "It has no roof (and the lock did open)."
    assert denied(question, terms(question), far) == 0.0
    assert denied(question, terms(question), "It has no lock that would open.") > 0.5


def test_opposites_are_found_in_any_inflection() -> None:
    assert opposed("Why did exports fall in May?", "In May exports were rising.")
    assert opposed("Who bought the mill?", "The mill was sold in autumn.")
    assert not opposed("Why did exports fall in May?", "They rose in April and fell in May.")
    assert not opposed("Why did exports fall in May?", "The harbor was closed.")


def test_opposites_go_both_ways() -> None:
    known = opposites()
    assert all(term in known[other] for term, others in known.items() for other in others)
    assert not any(term in others for term, others in known.items())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The squadron has twelve helicopters.", 0.0),
        ("Helicopters number 12 in all.", 0.0),
        ("Five miles from the capital lies a field where they keep their helicopters.", 0.4),
        ("It lies 5 miles from the capital.", 0.6),
        ("The squadron has helicopters.", 1.0),
    ],
)
def test_a_number_must_stand_by_what_is_counted(sentence: str, expected: float) -> None:
    question = "How many helicopters does the squadron at Tivat have?"
    assert uncounted(question, sentence) == expected


def test_a_number_of_the_question_is_no_answer() -> None:
    assert uncounted("How many ships did the 12 towns send?", "The 12 towns sent ships.") == 1.0


def test_what_is_not_counted_needs_no_number() -> None:
    assert uncounted("How much?", "Nothing.") == 0.0
    assert uncounted("Where is the squadron?", "It is at Tivat.") == 0.0


def test_long_texts_do_not_take_long() -> None:
    text = "not " * 20_000
    assert denied("Why did they leave?", frozenset(("leav",)), text) == 0.0
    assert uncounted("how many " + "a " * 20_000, text) in (0.0, 1.0)
