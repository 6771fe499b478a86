"""What a page's own stylesheets say of elements, as far as names tell. The one user of tinycss2.

A rule is sure of its elements where its selector is a tag, classes and an id, or some such within
each other. Of any other (while the mouse is over it, on small screens, within what is not around
it before a script has run) it is only known that it may apply, so that what it says is a reason
to doubt and never one to leave text out.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from index.loaders.html.declarations import READ, Color, Reading, Value

LONGEST = 400_000
"""Characters of a page's stylesheets that are read, which takes half a second."""
_MOST_READ = 4 * LONGEST
"""Characters of all stylesheets of a book that are read, each once for the pages that share it."""
_MOST_RULES = 10_000
_MOST_COMPARED = 400_000
"""Rules held against elements, which takes two seconds; pages of hostile makes would have more."""
_MOST_AROUND = 4_000_000
"""Elements around others that rules are held against, which takes two seconds as well."""
Values = Mapping[str, Value]
Node = Any
"""A token, a declaration or a rule of tinycss2, which has no types."""
Names = tuple[str, frozenset[str]]
"""Of an element: its tag, and its classes as `.name` and its id as `#name`."""
_ANYWHERE = object()
"""Stands for all places, where what is around an element does not matter."""
_DEEPEST = 6
"""Elements within others that a selector may speak of."""
_ELEMENT_PARTS = ("before", "after", "first-line", "first-letter")
"""Selectors that mean something within an element, or beside its text."""
_ALWAYS = ("", "all", "screen")


@dataclass(frozen=True, slots=True)
class _Selector:
    """Which elements are spoken of."""

    tag: str
    names: frozenset[str]
    is_simple: bool
    """Whether tag, names and what is around are all that it asks for."""
    around: tuple[tuple[Names, bool], ...] = ()
    """What they are within, the innermost first, and whether directly."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """How many ids, classes and tags it names."""
        parts = [(self.tag, self.names), *(part for part, _ in self.around)]
        names = [name for _, each in parts for name in each]
        ids = sum(name.startswith("#") for name in names)
        return ids, len(names) - ids, sum(tag != "*" for tag, _ in parts)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is said of elements with some names."""

    selector: _Selector
    is_sure: bool
    rank: tuple[int, int, int, int]
    """Ids, classes, tags, and place: the highest counts."""
    values: dict[str, tuple[bool, Value]]
    """By property; whether it is important, and what it is."""


Sheets = tuple[tuple[str, bool], ...]
"""Stylesheets in their order, and whether they apply for sure."""


@dataclass
class _Effort:
    """What was spent on a file."""

    read: int = 0
    compared: int = 0
    around: int = 0


class StyleReader:
    """Reads the stylesheets of a file's pages: each once, and of all no more than is bearable."""

    def __init__(self) -> None:
        """Prepare for a file."""
        self._effort = _Effort()
        self._known: dict[Sheets, Styles] = {}

    def styles(self, sheets: Sheets) -> "Styles | None":
        """Those of a page; None where too much was read before."""
        known = self._known.get(sheets)
        if known is None:
            self._effort.read += sum(len(text) for text, _ in sheets)
            if self._effort.read > _MOST_READ:
                return None
            known = self._known[sheets] = Styles(self._effort)
            for text, is_sure in sheets:
                known.add(text, is_sure=is_sure)
        return known.for_another_page()


@dataclass
class Styles:
    """The stylesheets of a page."""

    _effort: _Effort = field(default_factory=_Effort)
    _rules: dict[str, list[_Rule]] = field(default_factory=dict)
    _count: int = 0
    _matching: dict[Names, list[_Rule]] = field(default_factory=dict)
    _known: dict[tuple[Names, Hashable], Values] = field(default_factory=dict)
    """By names, and by what they are within where that matters."""

    def for_another_page(self) -> "Styles":
        """The same, without what it knows of the elements of a page."""
        return replace(self, _known={})

    def add(self, text: str, *, is_sure: bool = True) -> None:
        """Read a stylesheet."""
        import tinycss2

        try:
            parsed = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
            self._add(parsed, is_sure=is_sure)
        except RecursionError:  # brackets within brackets, by the hundred
            return

    def of(self, names: Names, place: Hashable, around: Callable[[], Sequence[Names]]) -> Values:
        """What they say of an element.

        Args:
            names: its own.
            place: the same for elements that are within the same one.
            around: gives the names of what it is within, the innermost first.
        """
        for key in ((names, _ANYWHERE), (names, place)):
            if key in self._known:
                return self._known[key]
        rules = self._matching.get(names)
        if rules is None:
            rules = self._matching[names] = list(self._candidates(names))
        outer: Sequence[Names] = ()
        is_alike = not any(rule.selector.around for rule in rules)
        if not is_alike:
            outer = around()
            self._effort.around += len(rules) * len(outer)
        if is_alike or self._effort.around > _MOST_AROUND:
            place, outer = _ANYWHERE, ()
        found = self._known[names, place] = _values_of(rules, names[1], outer)
        return found

    @property
    def hides(self) -> bool:
        """Whether any rule may hide anything."""
        return any(
            value in ("hidden", "small", "indented") or name in ("color", "text-fill")
            for rules in self._rules.values()
            for rule in rules
            for name, (_, value) in rule.values.items()
        )

    def _candidates(self, names: Names) -> Iterator[_Rule]:
        """The rules that may speak of such elements."""
        tag, own = names
        found = {id(rule): rule for key in (*own, tag, "*") for rule in self._rules.get(key, ())}
        self._effort.compared += len(found)
        if self._effort.compared <= _MOST_COMPARED:
            yield from (rule for rule in found.values() if rule.selector.tag in ("*", tag))

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
            found = _selector(selector)
            if found is None:
                continue
            kept = _Rule(found, is_sure and found.is_simple, (*found.rank, self._count), values)
            for key in found.names or (found.tag,):
                self._rules.setdefault(key, []).append(kept)


def _values_of(
    rules: Iterable[_Rule], names: frozenset[str], around: Sequence[Names]
) -> dict[str, Value]:
    best: dict[str, tuple[bool, tuple[int, ...], Value]] = {}
    doubts: list[tuple[str, Value]] = []
    for rule in rules:
        selector = rule.selector
        is_sure = rule.is_sure and selector.names <= names and _is_within(selector.around, around)
        for name, (is_important, value) in rule.values.items():
            if not is_sure:
                doubts.append((name, value))
            elif name not in best or (is_important, rule.rank) >= best[name][:2]:
                best[name] = is_important, rule.rank, value
    values = {name: value for name, (_, _, value) in best.items()}
    for name, value in doubts:
        if values.get(name, "shown") != value:
            values[name] = None
    return values


def _is_within(wanted: Sequence[tuple[Names, bool]], around: Sequence[Names]) -> bool:
    """Whether an element within `around` is within what a selector asks for."""
    reached = {0}
    for (tag, names), is_direct in wanted:
        places = reached if is_direct else range(min(reached), len(around))
        reached = {
            at + 1
            for at in places
            if at < len(around) and tag in ("*", around[at][0]) and names <= around[at][1]
        }
        if not reached:
            return False
    return True


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


def _selector(tokens: list[Node]) -> _Selector | None:
    """What a selector asks for; None where it means only a part of an element."""
    parts: list[tuple[Names, bool]] = []
    tag, mark, is_simple, is_direct = "*", "", True, False
    names: set[str] = set()
    begun = False
    for token in tokens:
        value = token.value if token.type in ("literal", "ident", "hash") else None
        if token.type == "whitespace" or value in (">", "+", "~"):
            is_simple = is_simple and value not in ("+", "~")
            if begun:
                parts.append(((tag, frozenset(names)), False))
                tag, mark, names, begun = "*", "", set(), False
            is_direct = is_direct or value == ">"
            continue
        if is_direct and parts and not begun:
            parts[-1] = parts[-1][0], True
        is_direct, begun = False, True
        if token.type == "ident" and mark == ".":
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
    if not begun and parts:
        (tag, own), _ = parts.pop()
        names = set(own)
    is_plain = is_simple and bool(tokens) and len(parts) <= _DEEPEST
    return _Selector(tag, frozenset(names), is_plain, tuple(reversed(parts)))
