"""No data becomes code: neither our modules nor the stores or models run what they read."""

import ast
import pickle
from contextlib import suppress
from pathlib import Path

import pytest
from model_makers import make_bi_encoder, make_cross_encoder

from index import Index, build
from index.cross_encoder import load_pair_scorer
from index.embedding import load_embedder
from index.errors import IndexDamagedError, ModelError

ROOT = Path(__file__).parents[2]
CODE = sorted(
    path
    for folder in ("assistant", "eval", "index", "prompts", "scripts")
    for path in (ROOT / folder).rglob("*.py")
)
RUNNING = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}
"""Libraries whose files run code when they are read."""
EXPANDING = {"xml", "xmlrpc", "plistlib"}
"""Readers of XML in Python's own library, which expand entities without a limit."""
CALLS = {
    "eval": "runs a text",
    "exec": "runs a text",
    "compile": "makes code of a text",
    "__import__": "runs a module that data may name",
    "os.system": "a shell reads names of files",
    "os.popen": "a shell reads names of files",
    "torch.load": "reads pickles",
    "torch.jit.load": "runs code",
    "tempfile.mktemp": "another may make the file first",
    "yaml.unsafe_load": "makes any object",
    "yaml.full_load": "makes objects",
}


def name_of(node):
    if isinstance(node, ast.Name):
        return node.id
    return f"{name_of(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


def faults(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for module in named:
            if module.partition(".")[0] in RUNNING | EXPANDING:
                yield f"imports {module}"
        if isinstance(node, ast.Call):
            yield from faults_of_call(name_of(node.func), node)


def faults_of_call(name, call):
    options = {option.arg: option.value for option in call.keywords}
    if name in CALLS:
        yield f"{name}: {CALLS[name]}"
    if name == "yaml.load" and not name_of(options.get("Loader")).endswith(
        ("BaseLoader", "SafeLoader")
    ):
        yield "yaml.load without a safe loader"
    for option, harmless in (("shell", False), ("allow_pickle", False), ("verify", True)):
        value = options.get(option)
        if isinstance(value, ast.Constant) and value.value is not harmless:
            yield f"{name} with {option}={value.value}"
    remote = options.get("trust_remote_code")
    if remote is not None and not (isinstance(remote, ast.Constant) and remote.value is False):
        yield f"{name} with trust_remote_code"


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from marshal import loads",
        "import xml.etree.ElementTree",
        "eval(text)",
        "import yaml\nyaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "subprocess.run(line, shell=True)",
        "np.load(file, allow_pickle=True)",
        "torch.load(file)",
        "Model(folder, trust_remote_code=True)",
        "httpx.get(url, verify=False)",
    ],
)
def test_the_search_finds(source):
    assert list(faults(ast.parse(source)))


REASONS = {
    "eval/junit.py": "imports xml.etree",  # it writes, and reads nothing
    "index/loaders/pdf/information.py": "imports xml.etree",  # from an element on: no DTD before it
}


def test_no_module_of_ours_runs_what_it_reads():
    found = {
        path.relative_to(ROOT).as_posix(): list(faults(ast.parse(path.read_text("utf-8"))))
        for path in CODE
    }
    assert len(found) > 500
    assert {path: each for path, each in found.items() if each} == {
        path: [reason] for path, reason in REASONS.items()
    }


class Trap:
    """Unpickled, it makes a file."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


@pytest.fixture
def trap(tmp_path):
    """The bytes of a trap, and whether it went off."""
    marker = tmp_path / "went-off"
    data = pickle.dumps(Trap(marker))
    pickle.loads(data)
    assert marker.exists()  # it works
    marker.unlink()
    return data, marker


def test_pickles_in_the_stores_run_nothing(trap, tmp_path):
    """Chroma keeps a table of numbers in the form of a pickle; it reads it with code in Rust."""
    data, marker = trap
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "kiln.md").write_text("The kiln burns at 1100 degrees.\n")
    folder = tmp_path / "index"
    model = load_embedder(str(make_bi_encoder(tmp_path / "model")))
    build([tmp_path / "docs"], folder, embedding_model=model)
    stores = list((folder / "generations").rglob("chroma/*/")) + list(folder.rglob("chroma"))
    assert list(folder.rglob("index_metadata.pickle"))
    for store in (*stores, folder):
        (store / "index_metadata.pickle").write_bytes(data)
    with suppress(IndexDamagedError), Index.open(folder, model) as index:
        index.search("How hot is the kiln?")
    build([tmp_path / "docs"], folder, embedding_model=model)
    assert not marker.exists()


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "model.pt", "model.ckpt", "training_args.bin"]
)
def test_pickled_weights_of_a_folder_are_not_opened(trap, tmp_path, name):
    data, marker = trap
    for make, load in ((make_bi_encoder, load_embedder), (make_cross_encoder, load_pair_scorer)):
        folder = make(tmp_path / make.__name__)
        for weights in folder.rglob("*.safetensors"):
            weights.with_name(name).write_bytes(data)
            weights.unlink()
        with pytest.raises(ModelError):
            load(str(folder))
    assert not marker.exists()


@pytest.mark.parametrize("make", [make_bi_encoder, make_cross_encoder])
def test_honest_pickled_weights_are_refused_too(tmp_path, make):
    """Which are honest cannot be told before they are opened."""
    import torch
    from safetensors.torch import load_file

    folder = make(tmp_path / "model")
    for weights in folder.rglob("*.safetensors"):
        torch.save(load_file(weights), weights.with_name("pytorch_model.bin"))
        weights.unlink()
    load = load_embedder if make is make_bi_encoder else load_pair_scorer
    with pytest.raises(ModelError, match=r"pytorch_model\.bin, which could run code"):
        load(str(folder))
