"""The `details` of an answer: what became of each sentence that a chat model wrote."""

from collections.abc import Mapping
from typing import Any, get_args

from assistant.details import Check, Details, Drafted, Fate
from eval.problems import Complain, shown

_FATES = get_args(Fate)


def check_details(value: object, complain: Complain) -> None:
    """Check the form of an answer's `details`; keys that no score needs may be missing.

    Args:
        value: what should be None or the form of `Details.to_dict()`.
        complain: takes each problem.
    """
    if value is None:
        return
    if not isinstance(value, Mapping) or not isinstance(value.get("drafts"), list | tuple):
        complain(
            f"expected 'details' to be an object with a list 'drafts', found {shown(value)}. "
            "Correct it or leave it out."
        )
        return
    if not isinstance(value.get("fallback"), str | None):
        complain(
            f"expected 'fallback' of the details to be a string or null, found "
            f"{shown(value['fallback'])}. Say why the model's answer was not used."
        )
    for number, draft in enumerate(value["drafts"], start=1):
        if not _is_draft(draft):
            complain(
                f"expected draft {number} of the details to have a 'text', an 'outcome' "
                f"({', '.join(_FATES)}) and a list of 'checks' that each have 'passed', found "
                f"{shown(draft)}. Correct it."
            )


def details_from(value: Mapping[str, Any] | None) -> Details | None:
    """The details in a checked form, as far as scores need them; None for None."""
    if value is None:
        return None
    return Details(
        model=str(value.get("model") or ""),
        drafts=tuple(map(_draft, value["drafts"])),
        fallback=value.get("fallback"),
    )


def _draft(form: Mapping[str, Any]) -> Drafted:
    checks = tuple(
        Check(str(check.get("name") or ""), check["passed"], str(check.get("reason") or ""))
        for check in form["checks"]
    )
    return Drafted(form["text"], tuple(map(str, form.get("ids") or ())), form["outcome"], checks)


def _is_draft(form: object) -> bool:
    return (
        isinstance(form, Mapping)
        and isinstance(form.get("text"), str)
        and form.get("outcome") in _FATES
        and isinstance(form.get("checks"), list | tuple)
        and all(
            isinstance(check, Mapping) and isinstance(check.get("passed"), bool)
            for check in form["checks"]
        )
    )
