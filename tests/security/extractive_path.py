"""All that the extractive reader does, from documents to an answer, as the commands do it.

Run as a program in a process of its own, where the network may be forbidden or not be there at all:

    python tests/security/extractive_path.py FOLDER

It prints one line for each step that was done.
"""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
BRIEFS = ROOT / "eval/datasets/briefs"
QUESTION = "How many Russian soldiers are stationed at Gyumri?"
ANSWERED = "3,000"
DOCUMENT = "04-bases-and-treaty.md"
SECONDS = 120


def main(folder):
    data = folder / "dataset"
    (data / "documents").mkdir(parents=True)
    shutil.copy(BRIEFS / "documents" / DOCUMENT, data / "documents")
    lines = (BRIEFS / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    (data / "cases.jsonl").write_text(f"{lines[0]}\n", encoding="utf-8")
    index = folder / "verbatim.index"
    run("index", "assistant.cli", "index", data / "documents", "--index", index)
    asked = run("ask", "assistant.cli", "ask", QUESTION, "--index", index, "--json")
    assert ANSWERED in json.loads(asked)["text"], asked
    (folder / "answer.json").write_text(asked, encoding="utf-8")
    run("verify", "assistant.cli", "verify", folder / "answer.json")
    run("doctor", "assistant.cli", "doctor", "--index", index)
    run("eval", "eval.cli", "run", data, "--index", index, "--out", folder / "reports")
    chat(folder, index)


def run(name, module, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        **{"capture_output": True, "text": True, "timeout": SECONDS},
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stdout}{done.stderr}")
    done_with(name)
    return done.stdout


def done_with(name):
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


def chat(folder, index):
    """The chat is started, its page is fetched, and it is asked one question."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["chat", "--index", index, "--port", port, "--data", folder / "data"]
    program = [sys.executable, "-m", "assistant.cli", *map(str, command)]
    with (folder / "chat.log").open("wb") as log:
        process = subprocess.Popen(program, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/healthz", process, folder)
            assert b"<html" in urlopen(url, timeout=SECONDS).read()
            message = {"role": "user", "content": QUESTION}
            body = json.dumps({"model": "verbatim", "messages": [message]}).encode()
            headers = {"Content-Type": "application/json"}
            request = Request(f"{url}/v1/chat/completions", body, headers)
            answer = json.load(urlopen(request, timeout=SECONDS))
            assert ANSWERED in answer["choices"][0]["message"]["content"], answer
            done_with("chat")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(SECONDS)


def wait_for(url, process, folder):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(url, timeout=5)
            return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit((folder / "chat.log").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
