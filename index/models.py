"""Where a model lies on this machine, and which weights it has."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelError
from index.hub import files_of, hub_folder, refuse_pickled

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_SNAPSHOT = re.compile(r"models--.*--(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """A model in a folder of this machine."""

    name: str
    """To find it again by: `owner/name` on the hub, or the absolute path of its folder."""
    folder: Path
    short_name: str
    """The last part of its name, the same for a model of the hub and a copy in a folder."""
    is_from_hub: bool = False

    @property
    def weight_files(self) -> tuple[str, ...]:
        """Which kinds of files hold its weights."""
        return ("*.safetensors",) if self.is_from_hub else ("*.safetensors", "*.bin")


def find_model(name: str, *, marker: str, kind: str, may_download: bool) -> ModelPlace:
    """Find a model: a folder first, then the cache of the hub, then the hub itself.

    Args:
        name: path of a folder, or `owner/name` as on the hub.
        marker: a file that every model of the kind has.
        kind: what is looked for, as a user would name it ("an embedding model").
        may_download: fetch it from the hub where it is not on this machine.

    Raises:
        ModelMissingError: it is not on this machine, and cannot or may not be fetched.
        ModelError: the folder holds no model, or the model has pickled weights only.
    """
    folder = Path(name).expanduser().absolute()
    if (folder / marker).is_file():
        refuse_pickled(str(folder), files_of(folder))
        return ModelPlace(str(folder), folder, _name_of(folder))
    if folder.exists() or not _HUB_NAME.fullmatch(name):
        raise ModelError(
            f"Expected {kind} (a folder with a {marker} in it, or owner/name as on the Hugging "
            f"Face hub), found {name!r}. Correct it, or save the model again."
        )
    folder = hub_folder(name, marker, may_download=may_download)
    return ModelPlace(name, folder, name.rpartition("/")[2], is_from_hub=True)


def _name_of(folder: Path) -> str:
    """The model's name; a folder in the cache of the hub is itself named after a revision."""
    snapshot = _SNAPSHOT.fullmatch(folder.parent.parent.name)
    return snapshot["name"] if snapshot else folder.name


def weights_sha256(folder: Path, kinds: Sequence[str]) -> str:
    """SHA-256 of the weight file; of the names and hashes where there are several.

    Raises:
        ModelError: there is none.
    """
    files = sorted(path for kind in kinds for path in folder.rglob(kind))
    if not files:
        raise ModelError(
            f"Expected weights ({' or '.join(kinds)}) in {folder}, found none. "
            "Save or install the model again."
        )
    hashes: list[str] = []
    for path in files:
        with path.open("rb") as stream:
            hashes.append(hashlib.file_digest(stream, "sha256").hexdigest())
    if len(hashes) == 1:
        return hashes[0]
    names = (path.relative_to(folder).as_posix() for path in files)
    lines = "\n".join(f"{digest}  {name}" for digest, name in zip(hashes, names, strict=True))
    return hashlib.sha256(lines.encode()).hexdigest()


def is_mean_pooled(folder: Path) -> bool:
    """Whether a sentence-transformers model's vector of a text is the mean over its tokens."""
    try:
        (path,) = folder.glob("*_Pooling/config.json")
        config = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return False
    if "pooling_mode" in config:  # since sentence-transformers 5
        return config["pooling_mode"] in ("mean", ["mean"])
    on = {name for name, value in config.items() if name.startswith("pooling_") and value is True}
    return on == {"pooling_mode_mean_tokens"}


def not_loaded(kind: str, place: ModelPlace, error: Exception) -> ModelError:
    """What to raise where a vendor's library could not load a model."""
    if "trust_remote_code" in str(error):
        return ModelError(
            f"The {kind} {place.name!r} brings program code of its own, and such code is never "
            "run. Choose a model that sentence-transformers knows by itself."
        )
    return ModelError(
        f"The {kind} {place.name!r} in {place.folder} could not be loaded: "
        f"{type(error).__name__}: {error}. Save or install the model again."
    )
