"""Making a variant of a dataset: a dataset folder of its own, written whole or not at all."""

import hashlib
import json
import math
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from eval.dataset import load_dataset
from eval.errors import VariantError
from eval.types import Case, Dataset
from eval.variants.attacking import attack
from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection
from eval.variants.contradiction import contradict
from eval.variants.duplicates import duplicate
from eval.variants.injection import inject
from eval.variants.negative import withhold
from eval.variants.noise import add_noise
from eval.variants.records import FILE, load_plants
from eval.variants.types import KINDS, Kind, Source, VariantRecord
from index.errors import InputError

Maker = Callable[[Collection, Random, Options], Changes]

MAKERS: dict[Kind, Maker] = {
    "injection": inject,
    "attacks": attack,
    "contradiction": contradict,
    "duplicates": duplicate,
    "noise": add_noise,
    "negative": withhold,
}
RATIOS: dict[Kind, float] = {"duplicates": 2.0, "noise": 3.0, "negative": 1.0}
"""Documents added for each document that holds gold, where no ratio is given."""
TAKES_NOISE: tuple[Kind, ...] = ("noise", "negative")


def make_variant(
    dataset: Dataset,
    kind: Kind,
    out: str | Path,
    *,
    seed: int = 0,
    ratio: float | None = None,
    noise: str | Path | None = None,
) -> Dataset:
    """Make a variant of a dataset, in which something is planted, repeated or missing.

    The same arguments give the same files. Every gold span keeps its text and is moved to its new
    place; front matter stays in front; the source dataset is not touched.

    Args:
        dataset: from `load_dataset`.
        kind: one of `KINDS`; the modules `injection`, `attacking`, `contradiction`, `duplicates`,
            `noise` and `negative` say what each does.
        out: the folder to make; there is none yet. It becomes a dataset with `variant.json` beside
            `cases.jsonl`, which `load_plants` reads.
        seed: decides all that is chosen at random.
        ratio: documents to add for each document that holds gold, for duplicates (default 2) and
            noise (default 3), and for negative with `noise` (default 1).
        noise: a folder or dataset whose documents are noise, for noise and negative. Default: the
            dataset's own text beside the gold.

    Returns:
        The variant, loaded and checked.

    Raises:
        VariantError: `out` exists, or no such variant can be made of this dataset.
        InputError: an argument does not fit the kind.
    """
    target = Path(out)
    options = _options(kind, ratio, noise)
    _check_target(target)
    collection = Collection(dataset)
    changes = MAKERS[kind](collection, Random(f"{kind}:{seed}"), options)
    cases = changes.finish()
    if not (changes.plants or changes.cuts):
        raise VariantError(
            f"{dataset.folder}: expected cases that a variant of the kind {kind!r} can aim at, "
            "found none. Choose another kind."
        )
    record = VariantRecord(
        kind=kind,
        seed=seed,
        ratio=options.ratio if _adds_documents(kind, options) else None,
        source=_source(dataset),
        plants=tuple(changes.plants),
        cuts=tuple(changes.cuts),
        originals=tuple(changes.originals),
        left_out=changes.left_out,
    )
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
        folder = Path(beside) / target.name
        _write(folder, changes, cases, record)
        load_plants(folder)
        folder.rename(target)
    return load_dataset(target)


def _options(kind: Kind, ratio: float | None, noise: str | Path | None) -> Options:
    if kind not in KINDS:
        raise InputError(
            f"Expected a kind of variant ({', '.join(KINDS)}), found {kind!r}. Name one of these."
        )
    if noise is not None and kind not in TAKES_NOISE:
        raise InputError(
            f"Expected noise for {' or '.join(TAKES_NOISE)}, found it for {kind!r}. Leave it out."
        )
    options = Options(
        ratio=RATIOS.get(kind, 0.0) if ratio is None else ratio,
        noise=None if noise is None else Path(noise),
    )
    if ratio is not None and not _adds_documents(kind, options):
        raise InputError(
            f"Expected a ratio for duplicates, noise, or negative with noise, found it for "
            f"{kind!r}. Leave it out."
        )
    if ratio is not None and not (math.isfinite(ratio) and 0 < ratio <= 1_000):
        raise InputError(f"Expected a ratio above 0, up to 1000, found {ratio}. Give another.")
    return options


def _adds_documents(kind: Kind, options: Options) -> bool:
    return kind in RATIOS and (kind != "negative" or options.noise is not None)


def _check_target(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise VariantError(
            f"{target}: expected no such file or folder, found one. Name a folder that is not "
            "there yet, or remove this one."
        )
    if not target.absolute().parent.is_dir():
        raise VariantError(
            f"{target}: expected a folder to put it in, found none. Make {target.parent} first."
        )


def _source(dataset: Dataset) -> Source:
    digest = hashlib.sha256()
    for path in sorted(path for path in dataset.documents.rglob("*") if path.is_file()):
        name = path.relative_to(dataset.documents).as_posix()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
    cases = (dataset.folder / "cases.jsonl").read_bytes()
    return Source(dataset.name, hashlib.sha256(cases).hexdigest(), digest.hexdigest())


def _write(folder: Path, changes: Changes, cases: list[Case], record: VariantRecord) -> None:
    collection, documents = changes.collection, folder / "documents"
    documents.mkdir(parents=True)
    for name in collection.documents.names:
        if name in changes.removed:
            continue
        draft = changes.drafts.get(name)
        if draft is not None and draft.is_changed:
            _write_text(documents / name, draft.text)
        else:
            _copy(collection.documents.folder / name, documents / name)
    for name, text in changes.added.items():
        _write_text(documents / name, text)
    for name, path in changes.copied.items():
        _copy(path, documents / name)
    lines = [json.dumps(case.to_dict(), ensure_ascii=False) for case in cases]
    _write_text(folder / "cases.jsonl", "".join(f"{line}\n" for line in lines))
    _write_text(folder / FILE, json.dumps(record.to_dict(), ensure_ascii=False, indent=1) + "\n")


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
