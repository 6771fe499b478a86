"""The names of metrics as users write them: which exist, and which way is better."""

from collections.abc import Collection
from difflib import get_close_matches

from eval.scorers import metric
from index.errors import InputError


def is_better_high(name: str) -> bool:
    """Whether more of it is better; taken to be so of a metric that is not known here."""
    return metric(name).is_better_high


def is_share(name: str) -> bool:
    """Whether its values are from 0 to 1, not seconds, tokens or calls."""
    return metric(name).unit == "share"


def check_known(name: str, known: Collection[str], what: str) -> None:
    """Refuse a name that is not there, with those that are spelled much like it.

    Args:
        name: as the user wrote it.
        known: the names there are.
        what: a word for what they name, with its article ("a metric").

    Raises:
        InputError: it is not among them.
    """
    if name in known:
        return
    near = get_close_matches(name.lower().replace("-", "_"), known, n=3, cutoff=0.6)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"Choose of {', '.join(known)}."
    raise InputError(f"Expected {what}, found {name!r}. {remedy}")
