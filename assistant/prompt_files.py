"""What `assistant prompts` shows, and copies to be edited."""

from pathlib import Path
from typing import Any

from index.errors import InputError
from prompts import Library, Template, model_names


def named(library: Library, name: str) -> Template:
    """The template of this name.

    Raises:
        InputError: there is none.
    """
    if name not in library.names():
        raise InputError(
            f"Expected the name of a prompt, found {name!r}. There are: "
            f"{', '.join(library.names())}."
        )
    return library.load(name)


def template_to_dict(template: Template) -> dict[str, Any]:
    """A template in JSON, without its text."""
    return {
        "name": template.name,
        "version": template.version,
        "for": _reader(template),
        "variables": sorted(template.variables),
        "path": str(template.path),
        "is_own": template.is_own,
    }


def render_prompts(library: Library) -> str:
    """One line a template, those for a model first: name, version, reader, origin, variables."""
    templates = sorted(map(library.load, library.names()), key=lambda each: not each.is_for_model)
    rows = [
        [
            template.name,
            f"version {template.version}",
            f"for the {_reader(template)}",
            str(template.path) if template.is_own else "shipped",
            ", ".join(sorted(template.variables)) or "no variables",
        ]
        for template in templates
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "".join("  ".join([*map(str.ljust, row, widths), row[4]]) + "\n" for row in rows)


def copy_prompts(folder: Path, name: str | None = None) -> list[Path]:
    """Copy the shipped prompts of a model to a folder, which is made if need be.

    Args:
        folder: where they are put.
        name: only this one.

    Returns:
        The files made.

    Raises:
        InputError: one of the files is there already (then none is copied), the folder is a file,
            or no prompt of a model has this name.
    """
    if name is not None and name not in model_names():
        raise InputError(
            f"Expected a prompt of a model, found {name!r}. Those that can be replaced: "
            f"{', '.join(model_names())}."
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--copy {folder}: expected a folder, found a file. Choose another name.")
    sources = [named(Library(), each).path for each in ([name] if name else model_names())]
    copies = {folder / source.name: source.read_bytes() for source in sources if source}
    if there := [path.name for path in copies if path.exists() or path.is_symlink()]:
        raise InputError(
            f"--copy {folder}: expected none of its files there, found {', '.join(there)}. "
            "Nothing was copied; choose another folder, or move them away."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in copies.items():
        with path.open("xb") as file:
            file.write(content)
    return list(copies)


def _reader(template: Template) -> str:
    return "model" if template.is_for_model else "reader"
