"""Systems of known quality: a perfect one, and one for each fault that a score must catch.

They measure the measure. `assistant-eval selftest DATASET` shows what the scores say of them.
"""

from eval.planted.faults import FAULTS
from eval.planted.oracle import Oracle
from eval.planted.plants import Fault, plant

__all__ = ["FAULTS", "Fault", "Oracle", "plant"]
