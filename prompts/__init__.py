"""The wording the assistant uses, as files a person can read and edit.

Each `NAME.md` has YAML front matter with its `version` and the `variables` it takes, written
`{variable}` in the text. Rendering with one missing says which.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Template", "TemplateError", "load", "names"]

_FOLDER = Path(__file__).parent
_FRONT_MATTER = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.S)
_VARIABLE = re.compile(r"\{(\w+)\}")


class TemplateError(ValueError):
    """A template is missing, malformed, or rendered with the wrong variables."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named variables."""

    name: str
    version: int
    variables: frozenset[str]
    text: str

    def render(self, **values: str) -> str:
        """The text with its variables filled in; braces inside the values stay as they are.

        Raises:
            TemplateError: a variable is missing, or one is given that the template does not take.
        """
        missing, unknown = self.variables - values.keys(), values.keys() - self.variables
        if missing or unknown:
            raise TemplateError(
                f"The template {self.name!r} takes {sorted(self.variables)}; missing: "
                f"{sorted(missing)}, unknown: {sorted(unknown)}."
            )
        return _VARIABLE.sub(lambda match: values[match[1]], self.text)


@cache
def load(name: str) -> Template:
    """The template in `NAME.md`.

    Raises:
        TemplateError: there is none, or its declared variables are not the ones it uses.
    """
    path = _FOLDER / f"{name}.md"
    if not path.is_file():
        raise TemplateError(f"No template {name!r}; there are: {', '.join(names())}.")
    try:
        match = _FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path.name}: expected text in UTF-8, found {error}.") from error
    if not match:
        raise TemplateError(f"{path.name} must begin with front matter between '---' lines.")
    head = _head(match["head"], path.name)
    text = match["text"].strip()
    version = head.get("version", "")
    if not version.isdecimal():
        raise TemplateError(f"{path.name}: expected a version number, found {version!r}.")
    variables = frozenset(re.findall(r"\w+", head.get("variables", "")))
    used = frozenset(_VARIABLE.findall(text))
    if variables != used:
        raise TemplateError(
            f"{path.name} declares the variables {sorted(variables)} and uses {sorted(used)}."
        )
    return Template(name, int(version), variables, text)


def names() -> list[str]:
    """The names of all templates."""
    return sorted(path.stem for path in _FOLDER.glob("*.md"))


def _head(text: str, name: str) -> Mapping[str, str]:
    head = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise TemplateError(
                f"{name}: expected 'key: value' in its front matter, found {line!r}."
            )
        head[key.strip()] = value.strip()
    return head
