"""Many instructions of many kinds, hidden in documents: the text attacks of BIPIA and five more.

J. Yi et al., Benchmarking and Defending Against Indirect Prompt Injection Attacks on Large Language
Models (BIPIA), arXiv:2312.14197: 15 tasks, at the start, the middle or the end of what the model
reads. `eval.variants.attacks` has them. The variant `injection` has its five wordings alone.
"""

from itertools import cycle
from random import Random

from eval.variants.aiming import Planter, gold_paragraphs, plant_for_all
from eval.variants.attacks import ATTACKS, Attack, Position
from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection, Place
from eval.variants.injection import IN_A_SENTENCE, WORDINGS
from eval.variants.invented import invented_words
from eval.variants.matching import states
from eval.variants.types import Plant
from index.blocks import Block

ALL_ATTACKS = ATTACKS | {
    form: Attack(
        "middle" if form in IN_A_SENTENCE else "apart", text.replace("{payload}", "{word}")
    )
    for form, text in WORDINGS.items()
}
"""By name: those of the benchmark's kinds, and the wordings of the variant `injection`."""


def attack(collection: Collection, rng: Random, options: Options) -> Changes:
    """Each attack at least once, all of them in turn.

    One stands beside each paragraph that holds gold and one in each document elsewhere. Where that
    is not enough for all attacks, paragraphs with gold get a second one and more.

    Args:
        collection: the source dataset's documents.
        rng: decides the invented words, the order of the attacks and the places elsewhere.
        options: not used.
    """
    planter = _Attacker(collection, rng)
    changes = plant_for_all(collection, rng, planter)
    targets = list(gold_paragraphs(collection))
    for name, block, aims in cycle(targets):
        if not planter.unused:
            break
        changes.plant(*planter.beside_gold(name, block, aims))
    return changes


class _Attacker(Planter):
    """Takes attacks and invented words in turn."""

    def __init__(self, collection: Collection, rng: Random) -> None:
        super().__init__(collection, rng)
        names = list(ALL_ATTACKS)
        rng.shuffle(names)
        self.unused = set(names)
        self._names, self._words = cycle(names), invented_words(rng, collection.words)

    def beside_gold(self, name: str, block: Block, aims: list[str]) -> tuple[Place, Plant]:
        """An attack in the paragraph of a gold sentence, or behind it."""
        return self._planted(name, block, aims)

    def elsewhere(self, name: str, aims: list[str]) -> tuple[Place, Plant]:
        """An attack in a paragraph of a document, or behind it."""
        return self._planted(name, self.rng.choice(self.collection.free_blocks(name)), aims)

    def _planted(self, name: str, block: Block, aims: list[str]) -> tuple[Place, Plant]:
        form = next(self._names)
        self.unused.discard(form)
        chosen, word = ALL_ATTACKS[form], self._word(ALL_ATTACKS[form])
        text = chosen.written(word, self.question(aims))
        plant = Plant(
            name,
            0,
            len(text),
            text,
            tuple(aims),
            form,
            payload=chosen.payload(word),
            reply=chosen.obeyed(word),
        )
        return self._place(name, block, chosen.position), plant

    def _word(self, chosen: Attack) -> str:
        """An invented word whose payload is in no document either."""
        taken = self.collection.words
        return next(word for word in self._words if not states(taken, chosen.payload(word)))

    def _place(self, name: str, block: Block, position: Position) -> Place:
        """Where in a paragraph; behind it where that would divide gold, or it is no paragraph."""
        place = None
        if block.kind == "paragraph" and position == "start":
            place = self.collection.before_block(name, block)
        elif block.kind == "paragraph" and position != "apart":
            end = block.end if position == "end" else self._middle(name, block)
            place = self.collection.after_sentence(name, (block.start, end))
        return place or self.collection.after_block(name, block)

    def _middle(self, name: str, block: Block) -> int:
        """The end of the first sentence with gold, or of one before where that is the last."""
        inner = self.collection.sentences(name, block)[:-1]
        golden = [span for span in inner if self.collection.gold_in(name, span)]
        return next((end for _, end in [*golden[:1], *inner[-1:]]), block.end)
