"""Rules for the container files. `make check` runs hadolint besides."""

import re
from pathlib import Path

import pytest
import yaml

from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
SECRET = re.compile(r"(?i)(api[_-]?key|password|passwd|secret|token)\s*[=:]\s*\S")
VERSION = re.compile(r":\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$|@sha256:[0-9a-f]{64}$")


def instructions():
    """The Dockerfile's instructions, comments and line ends taken out."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    text = text.replace("\\\n", " ")
    return [line.strip().split(None, 1) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]


def of(kind, steps=None):
    return [value for name, value in steps or instructions() if name == kind]


def test_every_base_is_one_version(services):
    bases = [value.split()[0] for value in of("FROM")]
    assert len(bases) == 2
    for image in [*bases, *(service["image"] for service in services.values())]:
        assert VERSION.search(image), image


def test_the_image_runs_as_nobody_in_particular():
    steps = instructions()
    last = max(n for n, (name, _) in enumerate(steps) if name == "FROM")
    users = of("USER", steps[last:])
    assert users == ["10001:10001"]
    user = steps.index(["USER", users[0]])
    assert not [value for name, value in steps[user:] if name in ("RUN", "COPY", "ADD")]


def test_nothing_secret_is_in_them():
    for name in ("Dockerfile", "compose.yaml"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not SECRET.search(text), name
    assert not of("ADD")


def test_packages_are_those_that_were_tested():
    installs = [run for run in of("RUN") if "pip install" in run]
    assert len(installs) == 2
    assert all("-c constraints.txt" in run for run in installs)
    by_hash = "pip install --require-hashes --no-deps -r requirements.lock"
    assert 0 <= installs[0].find(by_hash) < installs[0].find("-c constraints.txt")


def test_it_is_offline_and_its_settings_are_settings(services):
    env = dict(re.findall(r"(\w+)=(\S+)", " ".join(of("ENV"))))
    assert env["HF_HUB_OFFLINE"] == "1"
    assert env["GRADIO_ANALYTICS_ENABLED"] == "False"
    names = [name for name in (*env, *services["verbatim"]["environment"])]
    ours = [name for name in names if name.startswith("ASSISTANT_")]
    assert len(ours) >= 8
    for name in ours:
        assert name.removeprefix("ASSISTANT_").lower() in Settings.model_fields, name
    for name in ("ASSISTANT_INDEX", "ASSISTANT_DATA", "ASSISTANT_REPORTS"):
        assert env[name].startswith(f"{of('VOLUME')[0]}/")
    assert any("/healthz" in value for value in of("HEALTHCHECK"))


def test_services_may_do_little_and_users_sign_in(services):
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
    assert services["verbatim"]["read_only"] is True
    assert services["verbatim"]["environment"]["ASSISTANT_AUTH_FILE"] == "/data/accounts"
    assert all(port.startswith("127.0.0.1:") for port in services["verbatim"]["ports"])
    assert all("ports" not in services[name] for name in ("chroma", "postgres"))


def test_the_builder_gets_only_what_is_installed():
    kept = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    ]
    copied = {
        source
        for value in of("COPY")
        if not value.startswith("--from")
        for source in value.split()[:-1]
    }
    assert copied == set(kept)
    for name in kept:
        assert (ROOT / name).exists(), name


def test_the_server_has_time_to_end_and_is_asked_whether_it_is_ready(services):
    verbatim = services["verbatim"]
    seconds = int(verbatim["stop_grace_period"].removesuffix("s"))
    assert seconds >= Settings.model_fields["stop_timeout"].default + 5
    assert any("/readyz" in part for part in verbatim["healthcheck"]["test"])
    assert verbatim["environment"]["ASSISTANT_LOG_FORMAT"] == "json"
