"""The wording the assistant uses, as files a person can read and edit.

Each `NAME.md` has YAML front matter with its `version` and the `variables` it takes, written
`{variable}` in the text. Rendering with one missing says which. Those with `for: model` are what a
chat model reads; a folder of one's own may replace them, which a `Library` sees to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

__all__ = ["Library", "Template", "TemplateError", "load", "model_names", "names"]

_FOLDER = Path(__file__).parent
_FRONT_MATTER = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<text>.*)\Z", re.S)
_VARIABLE = re.compile(r"\{(\w+)\}")
_MODEL = "model"


class TemplateError(ValueError):
    """A template is missing, malformed, or rendered with the wrong variables."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named variables."""

    name: str
    version: int
    variables: frozenset[str]
    text: str
    is_for_model: bool = False
    """A chat model reads it; the others are read by the person who asks."""
    path: Path | None = None
    """Its file; None if it was not read from one."""
    is_own: bool = False
    """It comes from a folder of the user's own, and replaces the shipped one."""

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


class Library:
    """The templates, those for a model possibly replaced by files of one's own."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read and check the files of a folder, so that none fails at the first question.

        Args:
            folder: with files `NAME.md` of the same name, variables and `for: model` as the shipped
                ones they replace. Hidden files, backups (`NAME.md~`) and folders are passed over.

        Raises:
            TemplateError: there is no such folder, or a file in it replaces no prompt of a model,
                takes other variables, or is malformed.
        """
        self._own = {} if folder is None else _own_templates(folder)

    def load(self, name: str) -> Template:
        """The template of this name: one's own, else the shipped one.

        Raises:
            TemplateError: there is none.
        """
        return self._own.get(name) or load(name)

    def names(self) -> list[str]:
        """The names of all templates, replaced or not."""
        return names()


@cache
def load(name: str) -> Template:
    """The shipped template in `NAME.md`.

    Raises:
        TemplateError: there is none, or its declared variables are not the ones it uses.
    """
    path = _FOLDER / f"{name}.md"
    if not path.is_file():
        raise TemplateError(f"No template {name!r}; there are: {', '.join(names())}.")
    return _read(path, path.name)


def names() -> list[str]:
    """The names of all shipped templates."""
    return sorted(path.stem for path in _FOLDER.glob("*.md"))


def model_names() -> list[str]:
    """The names of those that a chat model reads; a folder of one's own may replace them."""
    return [name for name in names() if load(name).is_for_model]


def _own_templates(folder: Path) -> dict[str, Template]:
    if not folder.is_dir():
        raise TemplateError(
            f"{folder}: expected a folder with prompts of your own ({_expected()}), found "
            f"{'a file' if folder.exists() else 'nothing'}. Check the path."
        )
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise TemplateError(f"{folder}: expected a folder that can be read: {error}.") from error
    own = (_own_template(path) for path in paths if _is_meant(path))
    return {template.name: template for template in own}


def _is_meant(path: Path) -> bool:
    return not path.name.endswith("~") and (path.suffix == ".md" or not path.is_dir())


def _own_template(path: Path) -> Template:
    if path.suffix != ".md" or path.stem not in model_names():
        raise TemplateError(
            f"{path}: expected only prompts of a model here, named {_expected()}; found "
            f"{path.name!r}. Rename it, or put it elsewhere."
        )
    template, shipped = _read(path, str(path)), load(path.stem)
    if not template.is_for_model:
        raise TemplateError(
            f"{path}: expected the line 'for: {_MODEL}' in its front matter, found none. Add it."
        )
    if template.variables != shipped.variables:
        raise TemplateError(
            f"{path}: expected the variables {sorted(shipped.variables)}, found "
            f"{sorted(template.variables)}. Write each as {{variable}} in the text."
        )
    return replace(template, is_own=True)


def _expected() -> str:
    return ", ".join(f"{name}.md" for name in model_names())


def _read(path: Path, shown: str) -> Template:
    """The template in a file, which a message calls `shown`."""
    try:
        match = _FRONT_MATTER.match(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{shown}: expected text in UTF-8, found {error}.") from error
    if not match:
        raise TemplateError(f"{shown} must begin with front matter between '---' lines.")
    head = _head(match["head"], shown)
    text = match["text"].strip()
    version = head.get("version", "")
    if not version.isdecimal():
        raise TemplateError(f"{shown}: expected a version number, found {version!r}.")
    variables = frozenset(re.findall(r"\w+", head.get("variables", "")))
    used = frozenset(_VARIABLE.findall(text))
    if variables != used:
        raise TemplateError(
            f"{shown} declares the variables {sorted(variables)} and uses {sorted(used)}."
        )
    return Template(path.stem, int(version), variables, text, head.get("for") == _MODEL, path)


def _head(text: str, shown: str) -> Mapping[str, str]:
    head = {}
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise TemplateError(
                f"{shown}: expected 'key: value' in its front matter, found {line!r}."
            )
        head[key.strip()] = value.strip()
    return head
