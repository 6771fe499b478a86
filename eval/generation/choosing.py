"""Choosing among all proposals: the best first, spread over categories, documents and names."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import ceil
from random import Random

from eval.generation.proposal import Proposal
from eval.types import Category

SHARES: dict[Category, float] = {
    "fact": 0.26,
    "paraphrase": 0.08,
    "attribution": 0.16,
    "multi": 0.1,
    "conflict": 0.05,
    "temporal": 0.11,
    "followup": 0.09,
    "unanswerable": 0.08,
    "false_premise": 0.06,
    "out_of_domain": 0.04,
}
"""How many of the proposals should be of each category, where there are enough good ones."""
_ENDLESS: tuple[Category, ...] = ("unanswerable", "false_premise", "out_of_domain")
"""Of these any number can be made: they never fill the places of others."""
_TEMPLATE_SHARE = {
    "which_mentions": 0.06,
    "what_says": 0.08,
    "attribute": 0.05,
    "premise": 0.04,
    "two_facts": 0.05,
    "other_voice": 0.06,
    "acronym": 0.06,
    "two_acronyms": 0.02,
}
"""Templates of which a few are enough."""
_FLOOR = 0.5
"""A proposal that its own template rates lower is not shown to anybody."""
_MOST_OF_ONE_NAME = 4
_MOST_OF_ONE_SENTENCE = 2
_JITTER = 0.02
_CONSIDERED = 20
"""For each place, so many of the best of a category are considered."""


def choose(found: Iterable[Proposal], count: int, random: Random) -> list[Proposal]:
    """Choose up to `count` proposals; fewer, rather than bad ones.

    Args:
        found: all proposals.
        count: how many, at most.
        random: decides between equals.

    Returns:
        The best first; any beginning of the list is spread as well as the whole.
    """
    waiting: dict[Category, list[tuple[float, Proposal]]] = defaultdict(list)
    for proposal in sorted(_unique(found), key=lambda p: p.id):
        if proposal.score >= _FLOOR:
            waiting[proposal.category].append(
                (proposal.score + _JITTER * random.random(), proposal)
            )
    for category, candidates in waiting.items():
        candidates.sort(key=lambda each: (-each[0], each[1].id))
        del candidates[_CONSIDERED * count :]
        waiting[category] = candidates
    chosen = _Chosen(count)
    while len(chosen.proposals) < count:
        best = chosen.next_from(waiting)
        if best is None:
            break
        chosen.take(best)
    return chosen.proposals


class _Chosen:
    """What was chosen so far, and what should come next."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.proposals: list[Proposal] = []
        self.categories: Counter[Category] = Counter()
        self.templates: Counter[str] = Counter()
        self.documents: Counter[str] = Counter()
        self.topics: Counter[str] = Counter()
        self.sentences: Counter[tuple[str, int]] = Counter()
        self.asked: set[tuple[str, tuple[str, int]]] = set()

    def next_from(self, waiting: dict[Category, list[tuple[float, Proposal]]]) -> Proposal | None:
        """The best proposal of the category that is furthest behind its share."""
        for category in sorted(waiting, key=self._lead):
            if self._is_full(category):
                continue
            waiting[category] = [each for each in waiting[category] if self._may_take(each[1])]
            if waiting[category]:
                best = max(waiting[category], key=lambda each: each[0] - self._wear(each[1]))
                waiting[category].remove(best)
                return best[1]
        return None

    def take(self, proposal: Proposal) -> None:
        """Take a proposal."""
        self.proposals.append(proposal)
        self.categories[proposal.category] += 1
        self.templates[proposal.template] += 1
        self.documents[proposal.home] += 1
        self.topics.update(set(proposal.topics))
        self.sentences.update(proposal.places)
        self.asked.update((proposal.template, place) for place in proposal.places)

    def _lead(self, category: Category) -> float:
        """How far a category is ahead of its share."""
        return (self.categories[category] + 0.5) / SHARES[category]

    def _is_full(self, category: Category) -> bool:
        return category in _ENDLESS and self.categories[category] >= ceil(
            SHARES[category] * self.count
        )

    def _may_take(self, proposal: Proposal) -> bool:
        share = _TEMPLATE_SHARE.get(proposal.template, 1.0)
        return (
            self.templates[proposal.template] < ceil(share * self.count)
            and all(self.topics[topic] < self._most_of_a_name() for topic in proposal.topics)
            and all(
                self.sentences[place] < _MOST_OF_ONE_SENTENCE
                and (proposal.template, place) not in self.asked
                for place in proposal.places
            )
        )

    def _most_of_a_name(self) -> int:
        return max(_MOST_OF_ONE_NAME, self.count // 10)

    def _wear(self, proposal: Proposal) -> float:
        """How much a proposal loses because others like it were chosen."""
        share = self.documents[proposal.home] / (len(self.proposals) + 1) if proposal.home else 0
        topics = max((self.topics[topic] for topic in proposal.topics), default=0)
        sentences = max((self.sentences[place] for place in proposal.places), default=0)
        same = self.templates[proposal.template] / (self.categories[proposal.category] + 1)
        return 0.3 * share + 0.03 * topics + 0.12 * sentences + 0.06 * same


def _unique(found: Iterable[Proposal]) -> list[Proposal]:
    """One proposal for each question, the best."""
    best: dict[str, Proposal] = {}
    for proposal in found:
        if proposal.id not in best or best[proposal.id].score < proposal.score:
            best[proposal.id] = proposal
    return list(best.values())
