"""All regular expressions of the project, and texts that are hard for them."""

import importlib
import inspect
import pkgutil
import re
import signal
import time
from contextlib import contextmanager

import regex

PACKAGES = ("assistant", "index", "prompts")
"""`eval` reads what its user brings, and no one else's texts as they come."""
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
_AFTER_A_START = (" ", "\n", "a", "A", "1", "-", ".", "_", "a ", "'", "(")
_SIZE = 2_000
_NOTICED = 0.0015
"""Seconds; what is quadratic takes more for `_SIZE` characters."""
_CALLED = r"\b{}\.(match|fullmatch|search|finditer|findall|subn?|split)\("


def modules():
    for package in PACKAGES:
        top = importlib.import_module(package)
        yield top
        for found in pkgutil.walk_packages(top.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns():
    """Every pattern that a module of ours holds, by where it is, and how it is called there."""
    found, seen, everything = {}, set(), {each: inspect.getsource(each) for each in modules()}
    for module, source in everything.items():
        for name, value in vars(module).items():
            for number, pattern in enumerate(held(value, 0)):
                if id(pattern) not in seen:
                    seen.add(id(pattern))
                    place = f"{module.__name__}.{name}" + f"[{number}]" * (number > 0)
                    sources = [source] if name.startswith("_") else everything.values()
                    found[place] = pattern, {way for each in sources for way in ways(name, each)}
    return found


def ways(name, source):
    """The methods that are called on what has a name, or on what a loop takes out of it."""
    yield from re.findall(_CALLED.format(name), source)
    for each in re.findall(rf"for (\w+) in [^\n:]*\b{name}\b", source):
        yield from set(re.findall(_CALLED.format(each), source)) - {"split"}  # of a text


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


def seconds_for(pattern, ways, text):
    """How long it takes to match as it is called; where that is not known, to find all."""
    began = time.thread_time()
    if ways and ways <= {"match", "fullmatch"}:
        for way in ways:
            getattr(pattern, way)(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.thread_time() - began


def pumps(pattern):
    """Beginnings, and what is repeated after them."""
    literals = starts(pattern)[1:]
    yield from (("", pump) for pump in (*PUMPS, *literals))
    yield from ((start, pump) for start in literals for pump in (*_AFTER_A_START, start))


def pumped(start, pump, size, pattern):
    text = f"{(start + pump * (size // len(pump) + 1))[:size]}\x00!"
    return text.encode() if isinstance(pattern.pattern, bytes) else text


def growing(pattern, ways):
    """What to repeat so that four times the length costs more than twice what it may, or None."""
    for start, pump in pumps(pattern.pattern):
        short, long, longer = (
            pumped(start, pump, each, pattern) for each in (_SIZE // 4, _SIZE, 4 * _SIZE)
        )
        if seconds_for(pattern, ways, long) < _NOTICED:
            continue
        took = least(pattern, ways, long)
        # The second is asked once more of longer texts: a busy machine misleads short times.
        if took > max(_NOTICED, 8 * least(pattern, ways, short)) and costs_more(
            pattern, ways, longer, 8 * took
        ):
            return start, pump
    return None


def least(pattern, ways, text):
    return min(seconds_for(pattern, ways, text) for _ in range(3))


def costs_more(pattern, ways, text, seconds):
    """Whether it takes longer each of three times; broken off where it takes very much longer."""
    try:
        with at_most(20 * seconds + 1):
            return least(pattern, ways, text) > seconds
    except TooLong:
        return True
