"""Models by their names on the hub: from a cache made here, and from a hub that is played here."""

import json
import re
import shutil
import socket
import threading
import time
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from model_makers import make_bi_encoder, make_cross_encoder

from index import Index, build, hub
from index.cross_encoder import load_pair_scorer
from index.embedding import load_embedder
from index.errors import ModelError, ModelMissingError

REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_bi_encoder(tmp_path_factory.mktemp("made") / "e5-tiny")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache; returns what puts a model into it."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))

    def put(name, model):
        folder = tmp_path / "cache" / f"models--{name.replace('/', '--')}"
        (folder / "refs").mkdir(parents=True)
        (folder / "refs" / "main").write_text(REVISION)
        return Path(shutil.copytree(model, folder / "snapshots" / REVISION))

    return put


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture
def played_hub(monkeypatch, cache):
    """A server that has what is put into `models`, and remembers what it was asked for."""

    class Hub(BaseHTTPRequestHandler):
        models: ClassVar[dict[str, Path]] = {}
        asked: ClassVar[list[str]] = []

        def do_GET(self):
            self.asked.append(self.path)
            path = self.path.partition("?")[0]
            for name, folder in self.models.items():
                files = [file for file in folder.rglob("*") if file.is_file()]
                names = [file.relative_to(folder).as_posix() for file in files]
                if re.fullmatch(f"/api/models/{name}(/revision/main)?", path):
                    siblings = [{"rfilename": file} for file in names]
                    return self._json({"id": name, "sha": REVISION, "siblings": siblings})
                if path == f"/api/models/{name}/tree/{REVISION}":
                    entries = [
                        {"type": "file", "path": n, "size": f.stat().st_size, "oid": _oid(f)}
                        for n, f in zip(names, files, strict=True)
                    ]
                    return self._json(entries)
                beginning = f"/{name}/resolve/{REVISION}/"
                if path.startswith(beginning):
                    file = folder / path.removeprefix(beginning)
                    return self._send(file.read_bytes(), ETag=_oid(file))
            return self._send(b"", 404, **{"X-Error-Code": "RepoNotFound"})

        do_HEAD = do_GET

        def _json(self, value):
            self._send(json.dumps(value).encode(), **{"Content-Type": "application/json"})

        def _send(self, body, code=200, **headers):
            self.send_response(code)
            headers |= {"Content-Length": str(len(body)), "X-Repo-Commit": REVISION}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        _aim(monkeypatch, server.server_address[1])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Hub
        server.shutdown()
        thread.join()


def _oid(file):
    return sha1(file.read_bytes()).hexdigest()


def _aim(monkeypatch, port):
    """Take a port of this machine for the hub."""
    place = f"http://127.0.0.1:{port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", place)
    template = f"{place}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)


def test_a_model_in_the_cache_needs_no_network(cache, offline, made):
    snapshot = cache("own/e5-tiny", made)
    named = load_embedder("own/e5-tiny")
    assert (named.name, named.prefixes.query) == ("own/e5-tiny", "query: ")
    for folder in (made, snapshot):
        copied = load_embedder(str(folder))
        assert copied.name == str(folder)
        assert copied.fingerprint == named.fingerprint


def test_without_the_model_and_the_network(cache, offline):
    for load in (load_embedder, load_pair_scorer):
        with pytest.raises(ModelMissingError) as caught:
            load("own/none")
        message = str(caught.value)
        assert message.startswith("Expected a folder 'own/none' or a model of that name in the ")
        assert "HF_HUB_OFFLINE forbids to fetch it. Run 'hf download own/none'" in message


def test_a_hub_out_of_reach_is_told_at_once(cache, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _aim(monkeypatch, silent.getsockname()[1])
        monkeypatch.setattr(hub, "ANSWER_SECONDS", 0.2)
        started = time.perf_counter()
        with pytest.raises(ModelMissingError, match=r"the hub could not be used \(ReadTimeout"):
            load_embedder("own/none")
    with pytest.raises(ModelMissingError, match=r"the hub could not be used \(ConnectError"):
        load_embedder("own/none")
    assert time.perf_counter() - started < 5


def test_a_model_is_fetched_once(played_hub, made, tmp_path, capfd):
    model = Path(shutil.copytree(made, tmp_path / "remote"))
    (model / "onnx").mkdir()
    for name in ("onnx/model.onnx", "pytorch_model.bin", "setup.py"):
        (model / name).write_text("not to be fetched")
    played_hub.models["own/e5-tiny"] = model
    first = load_embedder("own/e5-tiny")
    assert first.fingerprint == load_embedder(str(made)).fingerprint
    fetched = [path for path in played_hub.asked if "/resolve/" in path]
    assert any(path.endswith("/model.safetensors") for path in fetched)
    assert not any(path.endswith((".onnx", ".bin", ".py")) for path in fetched)
    played_hub.asked.clear()
    assert load_embedder("own/e5-tiny").fingerprint == first.fingerprint
    assert played_hub.asked == []


def test_a_model_that_is_not_on_the_hub(played_hub):
    with pytest.raises(ModelMissingError, match="the hub shows none of that name"):
        load_embedder("own/none")


def test_pickled_weights_are_not_fetched(played_hub, made, tmp_path):
    model = Path(shutil.copytree(made, tmp_path / "remote"))
    (model / "2_Dense").mkdir()
    (model / "2_Dense" / "pytorch_model.bin").write_bytes(b"could be anything")
    played_hub.models["own/pickled"] = model
    with pytest.raises(ModelError, match=r"2_Dense/pytorch_model\.bin, which could run code"):
        load_embedder("own/pickled")
    assert not any("/resolve/" in path for path in played_hub.asked)


def test_pickled_weights_in_the_cache_are_not_opened(cache, offline, made):
    snapshot = cache("own/pickled", made)
    (snapshot / "model.safetensors").rename(snapshot / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin, which could run code"):
        load_embedder("own/pickled")


def test_a_part_of_a_model_in_the_cache_is_no_model(cache, played_hub, made):
    snapshot = cache("own/e5-tiny", made)
    (snapshot / "model.safetensors").unlink()
    played_hub.models["own/e5-tiny"] = made
    assert load_embedder("own/e5-tiny").fingerprint == load_embedder(str(made)).fingerprint


def test_an_index_fetches_nothing_by_itself(cache, played_hub, made, docs, tmp_path):
    played_hub.models["own/e5-tiny"] = made
    build([docs], tmp_path / "index", embedding_model="own/e5-tiny")
    with Index.open(tmp_path / "index") as index:
        assert index.model == "own/e5-tiny"
        assert index.search("mark3v0b2", k=1)[0].passage.text.count("mark3v0b2")
    shutil.rmtree(tmp_path / "cache")
    played_hub.asked.clear()
    with (
        Index.open(tmp_path / "index") as index,
        pytest.raises(ModelMissingError, match="hf download own/e5-tiny"),
    ):
        index.search("harbor")
    assert played_hub.asked == []


def test_a_model_of_another_kind(cache, offline, played_hub, monkeypatch, tmp_path):
    cache("own/pairs", make_cross_encoder(tmp_path / "pairs"))
    with pytest.raises(ModelMissingError, match=r"found one without modules\.json"):
        load_embedder("own/pairs")
    assert load_pair_scorer("own/pairs").name == "own/pairs"
    played_hub.models["own/pairs"] = tmp_path / "pairs"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with pytest.raises(ModelError, match=r"Expected a modules\.json in the model 'own/pairs'"):
        load_embedder("own/pairs")


def test_code_of_a_model_is_never_run(made, tmp_path):
    model = Path(shutil.copytree(made, tmp_path / "coded"))
    modules = json.loads((model / "modules.json").read_text())
    modules[0]["type"] = "own_code.Module"
    (model / "modules.json").write_text(json.dumps(modules))
    (model / "own_code.py").write_text("raise SystemExit('it was run')")
    with pytest.raises(ModelError, match="brings program code of its own"):
        load_embedder(str(model))
