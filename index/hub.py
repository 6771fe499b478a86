"""Models on the Hugging Face hub: found in this machine's cache, fetched only when asked for.

Only `*.safetensors` are taken as weights: opening a pickled file can run code.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from index.errors import ModelError, ModelMissingError

ANSWER_SECONDS = 5.0
"""How long the hub may take to answer before it counts as out of reach."""
_WANTED = ["*.json", "*.jinja", "*.txt", "*.model", "*.safetensors"]
_UNWANTED = ["onnx/*", "openvino/*"]
_PICKLED = ("pytorch_model*.bin", "adapter_model*.bin")


def hub_folder(name: str, marker: str, *, may_download: bool) -> Path:
    """The folder of a model that is named as on the hub.

    Args:
        name: `owner/name`.
        marker: a file that every model of the kind has.
        may_download: fetch the model where it is not in the cache.

    Raises:
        ModelMissingError: it is not in the cache, and cannot or may not be fetched.
        ModelError: it has pickled weights only, or is of another kind.
    """
    folder = _cached(name)
    if folder is None or not _is_usable(folder, marker):
        reason = _forbidden(may_download)
        if reason and folder is not None:
            refuse_pickled(name, files_of(folder))
        if reason:
            found = "neither" if folder is None else f"one without {marker} or without weights"
            raise ModelMissingError(_missing(name, reason, found))
        folder = _fetched(name)
    if not (folder / marker).is_file():
        raise ModelError(
            f"Expected a {marker} in the model {name!r}, found none in {folder}: it is a model of "
            "another kind. Name another."
        )
    return folder


def _forbidden(may_download: bool) -> str | None:
    from huggingface_hub import constants

    if not may_download:
        return "it may not be fetched here"
    return "HF_HUB_OFFLINE forbids to fetch it" if constants.is_offline_mode() else None


def _cached(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        found = snapshot_download(
            name, local_files_only=True, allow_patterns=_WANTED, ignore_patterns=_UNWANTED
        )
    except LocalEntryNotFoundError:
        return None
    return Path(found)


def _is_usable(folder: Path, marker: str) -> bool:
    """Whether a cached copy has what is needed: others may have fetched parts of it only."""
    files = files_of(folder)
    has_weights = any(file.endswith(".safetensors") for file in files)
    return (folder / marker).is_file() and has_weights and not _pickled(files)


def files_of(folder: Path) -> list[str]:
    """The files of a model, as paths below its folder."""
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def _fetched(name: str) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        # Asked first, with a limit: the download itself would try again and again.
        model = HfApi().model_info(name, timeout=ANSWER_SECONDS)
        refuse_pickled(name, [file.rfilename for file in model.siblings or ()])
        found = snapshot_download(
            name,
            allow_patterns=_WANTED,
            ignore_patterns=_UNWANTED,
            etag_timeout=ANSWER_SECONDS,
        )
    except ModelError:
        raise
    except RepositoryNotFoundError as error:
        raise ModelMissingError(_missing(name, "the hub shows none of that name")) from error
    except Exception as error:  # of the HTTP client, which differs between releases of the hub's
        # library, of the disk, or of the name: whichever it is, the model is not to be had
        reason = f"the hub could not be used ({type(error).__name__}: {error})"
        raise ModelMissingError(_missing(name, " ".join(reason.split()))) from error
    return Path(found)


def refuse_pickled(name: str, files: Iterable[str]) -> None:
    """Nothing, if no weights would be read from a pickle.

    Args:
        name: of the model, for the message.
        files: of it, as paths below its folder.

    Raises:
        ModelError: there are pickled weights without safe ones beside them.
    """
    if pickled := _pickled(files):
        raise ModelError(
            f"Expected weights in *.safetensors in the model {name!r}, found {pickled}, which "
            "could run code when it is opened. Name another model, or save this one with "
            "safetensors to a folder and give its path."
        )


def _pickled(files: Iterable[str]) -> str | None:
    """A file of pickled weights without safe ones beside it; None where there is none."""
    paths = [PurePosixPath(file) for file in files]
    safe = {path.parent for path in paths if path.suffix == ".safetensors"}
    found = (p for p in paths if any(map(p.match, _PICKLED)) and p.parent not in safe)
    return next(map(str, found), None)


def _missing(name: str, reason: str, found: str = "neither") -> str:
    return (
        f"Expected a folder {name!r} or a model of that name in the Hugging Face cache of this "
        f"machine, found {found}, and {reason}. Run 'hf download {name}' where there is a network, "
        "or save the model to a folder and give its path."
    )
