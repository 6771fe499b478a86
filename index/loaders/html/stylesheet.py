"""What a page's own stylesheets say of elements, as far as names tell. The one user of tinycss2.

A rule is sure of its elements where its selector is a tag, classes and an id. Of any other (below
something, while the mouse is over it, on small screens) it is only known that it may apply, so
that what it says is a reason to doubt and never one to leave text out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from index.loaders.html.declarations import READ, Color, Reading, Value

LONGEST = 400_000
"""Characters of a page's stylesheets that are read, which takes half a second."""
_MOST_RULES = 10_000
_MOST_COMPARED = 400_000
"""Rules held against elements, which takes two seconds; pages of hostile makes would have more."""
Values = Mapping[str, Value]
Node = Any
"""A token, a declaration or a rule of tinycss2, which has no types."""
_ELEMENT_PARTS = ("before", "after", "first-line", "first-letter")
"""Selectors that mean something within an element, or beside its text."""
_ALWAYS = ("", "all", "screen")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is said of elements with some names."""

    tag: str
    names: frozenset[str]
    """Classes as `.name`, an id as `#name`."""
    is_sure: bool
    rank: tuple[int, int, int, int]
    """Ids, classes, tag, and place: the highest counts."""
    values: dict[str, tuple[bool, Value]]
    """By property; whether it is important, and what it is."""


@dataclass
class Styles:
    """The stylesheets of a page."""

    _rules: dict[str, list[_Rule]] = field(default_factory=dict)
    _count: int = 0
    _compared: int = 0
    _known: dict[tuple[str, frozenset[str]], Values] = field(default_factory=dict)

    def add(self, text: str, *, is_sure: bool = True) -> None:
        """Read a stylesheet."""
        import tinycss2

        try:
            parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
            self._add(parsed, is_sure=is_sure)
        except RecursionError:  # brackets within brackets, by the hundred
            return

    def of(self, tag: str, names: frozenset[str]) -> Values:
        """What they say of elements with such a tag and such names."""
        known = self._known.get((tag, names))
        if known is None:
            known = self._known[tag, names] = self._found(tag, names)
        return known

    @property
    def hides(self) -> bool:
        """Whether any rule may hide anything."""
        return any(
            value in ("hidden", "small", "indented") or name in ("color", "text-fill")
            for rules in self._rules.values()
            for rule in rules
            for name, (_, value) in rule.values.items()
        )

    def _found(self, tag: str, names: frozenset[str]) -> Values:
        best: dict[str, tuple[bool, tuple[int, ...], Value]] = {}
        doubts: list[tuple[str, Value]] = []
        for rule in self._candidates(tag, names):
            if rule.tag not in ("*", tag):
                continue
            for name, (is_important, value) in rule.values.items():
                if not rule.is_sure or not rule.names <= names:
                    doubts.append((name, value))
                elif name not in best or (is_important, rule.rank) >= best[name][:2]:
                    best[name] = is_important, rule.rank, value
        values = {name: value for name, (_, _, value) in best.items()}
        for name, value in doubts:
            if values.get(name, "shown") != value:
                values[name] = None
        return values

    def _candidates(self, tag: str, names: frozenset[str]) -> list[_Rule]:
        found = {id(rule): rule for key in (*names, tag, "*") for rule in self._rules.get(key, ())}
        self._compared += len(found)
        return list(found.values()) if self._compared <= _MOST_COMPARED else []

    def _add(self, parsed: Iterable[Node], *, is_sure: bool) -> None:
        import tinycss2

        for rule in parsed:
            if rule.type == "at-rule" and rule.content is not None:
                media = tinycss2.serialize(rule.prelude).strip().casefold()
                if rule.lower_at_keyword in ("media", "layer", "supports", "container"):
                    is_plain = rule.lower_at_keyword == "media" and media in _ALWAYS
                    if media != "print":
                        inner = tinycss2.parse_rule_list(rule.content, True, True)
                        self._add(inner, is_sure=is_sure and is_plain)
            elif rule.type == "qualified-rule":
                self._add_rule(rule, is_sure=is_sure)

    def _add_rule(self, rule: Node, *, is_sure: bool) -> None:
        import tinycss2

        said = tinycss2.parse_blocks_contents(rule.content, True, True)
        values = _values(said)
        for nested in said:
            if nested.type == "qualified-rule":  # `&.open {}`: perhaps of the same elements
                inner = _values(tinycss2.parse_blocks_contents(nested.content, True, True))
                self._keep(rule.prelude, inner, is_sure=False)
        self._keep(rule.prelude, values, is_sure=is_sure)

    def _keep(
        self, prelude: Iterable[Node], values: dict[str, tuple[bool, Value]], *, is_sure: bool
    ) -> None:
        for selector in _divided(prelude) if values else ():
            if self._count >= _MOST_RULES:
                return
            self._count += 1
            found = _compound(selector)
            if found is None:
                continue
            tag, names, is_simple = found
            ids = sum(name.startswith("#") for name in names)
            rank = (ids, len(names) - ids, int(tag != "*"), self._count)
            kept = _Rule(tag, names, is_sure and is_simple, rank, values)
            for key in names or (tag,):
                self._rules.setdefault(key, []).append(kept)


@lru_cache(maxsize=4_096)
def inline_values(text: str) -> Values:
    """What an attribute `style` says."""
    import tinycss2

    try:
        said = tinycss2.parse_blocks_contents(text[:2_000], True, True)
    except RecursionError:
        return {}
    return {name: value for name, (_, value) in _values(said).items()}


def color_of(text: str) -> Color | None:
    """A color as it is written; None for what is none, or depends on other things."""
    from tinycss2 import color4

    try:
        found = color4.parse_color(text)
        if found is None or isinstance(found, str):
            return None
        red, green, blue, alpha = (float(part) for part in found.to("srgb"))
    except (RecursionError, ArithmeticError, NotImplementedError, TypeError, ValueError):
        return None
    return red, green, blue, alpha


def _values(said: Iterable[Node]) -> dict[str, tuple[bool, Value]]:
    """What declarations say, in the words of `Value`; a later one replaces an earlier one."""
    import tinycss2

    found: dict[str, tuple[bool, Value]] = {}
    for each in said:
        if each.type != "declaration" or each.lower_name not in _READ:
            continue
        name, read = _READ[each.lower_name]
        text = tinycss2.serialize(each.value).strip().casefold()
        if not each.important and found.get(name, (False,))[0]:
            continue
        found[name] = each.important, read(text)
    return found


def _ground(text: str) -> Value:
    return (0.0, 0.0, 0.0, 0.0) if text == "none" else color_of(text)


_READ: Mapping[str, tuple[str, Reading]] = {
    **READ,
    "color": ("color", color_of),
    "-webkit-text-fill-color": ("text-fill", color_of),
    "background-color": ("ground", color_of),
    "background": ("ground", _ground),
    "background-image": ("ground", lambda text: None),
}


def _divided(prelude: Iterable[Node]) -> Iterator[list[Node]]:
    """The selectors of a list."""
    selector: list[Node] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _compound(selector: list[Node]) -> tuple[str, frozenset[str], bool] | None:
    """Tag and names that a selector ends with, and whether that is all of it.

    None where it means only a part of an element.
    """
    tokens = list(selector)
    while tokens and tokens[-1].type == "whitespace":
        tokens.pop()
    while tokens and tokens[0].type == "whitespace":
        tokens.pop(0)
    tag, is_simple, mark = "*", bool(tokens), ""
    names: set[str] = set()
    for token in tokens:
        value = token.value if token.type in ("literal", "ident", "hash") else None
        if token.type == "whitespace" or value in (">", "+", "~"):
            tag, names, is_simple, mark = "*", set(), False, ""
        elif token.type == "ident" and mark == ".":
            names.add(f".{value}")
            mark = ""
        elif token.type == "ident" and not mark:
            tag = str(value).casefold()
        elif token.type == "hash":
            names.add(f"#{value}")
        elif token.type == "ident" and value in _ELEMENT_PARTS and ":" in mark:
            return None
        elif value in (".", ":"):
            mark = mark + ":" if value == ":" and mark == ":" else str(value)
            is_simple = is_simple and value == "."
        elif value == "*":
            pass
        else:
            is_simple, mark = False, ""
    return tag, frozenset(names), is_simple
