"""General questions on subjects that a collection has no word about."""

from collections.abc import Iterator

from eval.generation.proposal import Proposal
from eval.generation.templates.base import Material, content_stems

QUESTIONS = """
How do I remove limescale from a kettle?
Which vitamins does a kiwi contain?
How do I knead sourdough for pizza?
What is the boiling point of ethanol?
How many strings does a ukulele have?
How do I prune tomato plants?
What is the difference between a llama and an alpaca?
How do I tie a bowline knot?
Which enzymes digest lactose?
How do I reset a frozen smartphone?
What is the offside rule in soccer?
How long do hamsters hibernate?
What causes a solar eclipse?
How do I knit a woolen scarf?
Which planets have rings?
How do I unclog a kitchen sink?
What are the symptoms of a migraine?
How do penguins keep their eggs warm?
How do I whip cream without a mixer?
What is the recipe for guacamole?
How do I tune a violin?
What is the chemical formula of caffeine?
How do bees make honey?
How do I grow basil on a balcony?
How do I descale an espresso machine?
Which yoga poses relieve backache?
What is the shutter speed of a camera?
How do I fold a paper crane?
How many bones does a giraffe's neck have?
How do I sort a list in JavaScript?
Which chess opening begins with the queen's pawn?
How do I bandage a sprained ankle?
How do I groom a poodle?
What makes popcorn pop?
How do I patch a bicycle tire?
""".strip().split("\n")


def propose(material: Material) -> Iterator[Proposal]:
    """Propose the questions none of whose content words occurs in the documents."""
    known = material.collection.stems
    for question in QUESTIONS if material.collection.sentences else ():
        if not content_stems(question) & known:
            yield Proposal(
                category="out_of_domain",
                question=question,
                template="general",
                why="None of its content words is in the documents.",
                score=0.8 + 0.01 * material.random.random(),
                topics=(question,),
            )
