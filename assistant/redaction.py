"""Takes keys out of texts that a user, a log or a trace may see."""

import os
import re

MASK = "[hidden]"

_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_SHORTEST = 6
"""Characters of the shortest value taken for a key: shorter ones are words like "none"."""

_PATTERNS = (
    # user:password@ of an address
    (re.compile(r"(?<=://)[^/\s@'\"]{1,400}(?=@)"), MASK),
    # the prefixes providers mark their keys with
    (re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf|lsv2|nvapi|pplx|tgp|ghp|r8)[-_][\w*.\-]{6,}"), MASK),
    (re.compile(r"\bAIza[\w-]{10,}"), MASK),
    (re.compile(r"(?i)(\bauthorization['\"]?\s*[:=]\s*['\"]?(?:\w+ )?)[^\s'\",}]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)(\bbearer )(?=\S*\d)[^\s'\",}]{6,}"), rf"\1{MASK}"),
    (re.compile(r"(?i)([?&][\w-]*(?:key|token|secret|passw\w*|sig)=)[^&\s'\"]+"), rf"\1{MASK}"),
)


def redact(text: str) -> str:
    """The text with keys masked.

    Taken for keys are the values of environment variables named like one, user and password of an
    address, and what looks like a provider's key.
    """
    for value in _secrets():
        text = text.replace(value, MASK)
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def holds_secret(text: str) -> bool:
    """Whether `redact` would change the text."""
    return redact(text) != text


def _secrets() -> list[str]:
    values = {
        value.strip()
        for name, value in os.environ.items()
        if _SECRET_NAME.search(name) and len(value.strip()) >= _SHORTEST
    }
    return sorted(values, key=len, reverse=True)
