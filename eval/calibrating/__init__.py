"""Refitting the extractive reader's weights on a dataset.

examples   what the reader sees for each question, and which sentences are gold
fitting    logistic curves, and weights that rank gold sentences first
refit      new weights, and what they gain on questions they were not fitted on
"""

from eval.calibrating.refit import Refit, Scores, refit

__all__ = ["Refit", "Scores", "refit"]
