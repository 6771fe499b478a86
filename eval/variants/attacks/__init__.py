"""Instructions to plant, of the kinds that a published benchmark lists."""

from eval.variants.attacks.held_out import HELD_OUT
from eval.variants.attacks.types import Attack, Position
from eval.variants.attacks.wordings import ATTACKS, TASKS

__all__ = ["ATTACKS", "HELD_OUT", "TASKS", "Attack", "Position"]
