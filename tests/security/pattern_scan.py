"""All regular expressions of the project, and texts that are hard for them."""

import importlib
import pkgutil
import re
import signal
import time
from contextlib import contextmanager

import regex

PACKAGES = ("assistant", "eval", "index", "prompts")
PUMPS = (
    *" \t\n.,;:-_'\"()[]<>=/\\|*#@&%+~`!?$^{}",
    *("a", "A", "1", "0", "z", "é", "İ", "漢", "и", "\u200b", "\u00a0", "“", "—", "\u0301"),
    *("a ", " a", "A ", "a.", "A.", "1.", "1,", "a, ", "A. ", ". ", "a\n", " \n", "\n\n", "\n "),
    *("a-", "a'", "a/", "a@", "1 ", "- ", "1-", "://", "[1] ", "[1", "](", "<a ", "<a>", "</a>"),
    *(
        "a='",
        'a="',
        "&a",
        "&#1",
        "**",
        "a:",
        ": ",
        "# ",
        "| ",
        "A a ",
        "Aa ",
        "a A. ",
        "1.1.",
        "(1) ",
    ),
    *("of the ", "and ", "May 1, ", "2020-", "http://a", "a.b", "``", "''", '""', "((", "))", "{{"),
)
_LITERAL = re.compile(r"[A-Za-z<\[{(!&#@/:=\"'`*|.,-]{2,24}")
_MOST_LITERALS = 12


def modules():
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for found in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns():
    """Every pattern that a module of ours holds, with where it is."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in held(value, 0):
                found.setdefault(
                    (type(pattern), pattern.pattern, pattern.flags), f"{module.__name__}.{name}"
                )
    return [(place, kind, pattern, flags) for (kind, pattern, flags), place in found.items()]


def held(value, depth):
    if isinstance(value, re.Pattern | regex.Pattern):
        yield value
    elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from held(each, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from held(each, depth + 1)
    elif depth < 4 and type(value).__module__.partition(".")[0] in PACKAGES:
        names = getattr(type(value), "__dataclass_fields__", ())
        for each in names:
            yield from held(getattr(value, each), depth + 1)


def starts(pattern):
    """What a match may begin with: nothing, and the words of the pattern itself."""
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    literals = _LITERAL.findall(re.sub(r"\\[bBsSdDwWAZnt]|\(\?[:=!<P]*|\\", " ", text))
    return ["", *dict.fromkeys(literals)][: _MOST_LITERALS + 1]


class TooLong(Exception):
    pass


@contextmanager
def at_most(seconds):
    def stop(*_):
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def seconds_for(compiled, text, limit):
    """How long it takes to find all; the limit where it takes longer."""
    began = time.thread_time()
    try:
        with at_most(limit):
            for _ in compiled.finditer(text):
                pass
    except TooLong:
        return limit
    return time.thread_time() - began


def texts(pattern, size):
    for start in starts(pattern):
        for pump in (*PUMPS, *filter(None, starts(pattern))):
            body = (start + pump * (size // len(pump) + 1))[:size]
            yield (start, pump), f"{body}\x00!"
