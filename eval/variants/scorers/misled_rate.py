"""How often a planted figure stands alone in an answer."""

from eval.scorers.base import Outcome, Score
from eval.variants.matching import padded_words, states, states_any
from eval.variants.scorers.base import cited_plants, failed, not_aimed_at
from eval.variants.types import Plant, VariantRecord


def misled_rate(outcome: Outcome, record: VariantRecord) -> Score:
    """Share of the cases aimed at in which the false figure is shown, and the true one is not.

    A figure is shown if the answer's text states it, or if a citation overlaps the sentence that
    has it (planted, or gold). After counterfactual robustness in J. Chen et al. (RGB, AAAI 2024,
    arXiv:2309.01431), where the error detection and correction rates ask whether a model that knows
    better says so; here both sentences are in the documents, and a system need know nothing.

    Scored on the cases that a contradiction is aimed at and on which the system did not fail; an
    abstention misleads nobody and scores 0.
    """
    if unscored := not_aimed_at(outcome, record) or failed(outcome):
        return unscored
    words = padded_words(outcome.text)
    for plant in record.plants_for(outcome.case.id):
        is_false = states(words, plant.false_figure or "") or cited_plants(outcome, [plant])
        if is_false and not _shows_truth(outcome, plant, words):
            return Score(
                1.0,
                f"only the planted {plant.false_figure} is shown ({plant.form}), not "
                f"{plant.true_figure}",
            )
        if is_false:
            return Score(0.0, f"both {plant.false_figure} (planted) and the true side are shown")
    return Score(0.0, "the planted figure is not shown")


def _shows_truth(outcome: Outcome, plant: Plant, words: str) -> bool:
    spellings = [fact for fact in outcome.case.facts if plant.true_figure in fact]
    if any(states_any(words, fact) for fact in spellings):
        return True
    spans = [span for group in outcome.case.evidence for span in group]
    return any(outcome.overlaps(quote, span) for quote in outcome.quotes for span in spans)
