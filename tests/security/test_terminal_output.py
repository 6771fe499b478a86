"""Nothing that a command prints steers a terminal, wherever the text comes from."""

import json
from contextlib import suppress

import pytest
from model_makers import make_bi_encoder

from assistant.cli import main
from eval.cli import main as evaluate

pytestmark = pytest.mark.slow

EVIL = "\x1b]52;c;aGFja2Vk\x07\x1b[2J\x1b]8;;http://evil.example\x1b\\x\x9b31m\u202eedis\u2066\r"
NAMED = "kiln \x1b]0;hacked\x07\u202e.md"
STEERING = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} - {"\n", "\t"}
STEERING |= set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "docs").mkdir()
    title = json.dumps(f"Title {EVIL}")
    text = f"---\ntitle: {title}\nauthor: {title}\n---\n\nThe kiln {EVIL} burns at 1100 degrees.\n"
    (folder / "docs" / NAMED).write_text(text, encoding="utf-8")
    (folder / "docs" / f"broken{NAMED}").write_bytes(b"\xff\xfe\x00" * 9)
    make_bi_encoder(folder / "model")
    arguments = ["--index", folder / "i", "--embedding-model", folder / "model"]
    main(["index", *map(str, [folder / "docs", *arguments])])
    return folder


COMMANDS = (
    ("index", "docs", "--index", "i", "--embedding-model", "model"),
    ("index", f"nowhere{EVIL}", "--index", "i"),
    ("index", f"https://evil.example/{EVIL}", "--index", "i"),
    ("ask", "How hot is the kiln?", "--index", "i", "--alone"),
    ("ask", "How hot is the kiln?", "--index", "i", "--alone", "--json"),
    ("ask", f"How hot {EVIL} is the kiln?", "--index", "i", "--alone"),
    ("ask", "How?", "--index", f"i{EVIL}"),
    ("ask", "How?", "--index", "i", "--where", f"author={EVIL}"),
    ("ask", "How?", "--index", "i", "--model", f"openai:{EVIL}"),
    ("documents", "--index", "i"),
    ("documents", "--index", "i", "--json"),
    ("remove", EVIL, "--index", "i"),
    ("verify", f"{EVIL}.json"),
    ("doctor", "--index", "i"),
    ("users", "add", EVIL, "--auth-file", "accounts"),
    ("prompts", EVIL),
    (EVIL,),
)


@pytest.mark.parametrize(
    "command", COMMANDS, ids=lambda command: " ".join(command)[:30].split("\x1b")[0]
)
def test_of_a_command(place, monkeypatch, capsys, command):
    monkeypatch.chdir(place)
    with suppress(SystemExit):
        main(list(command))
    printed = capsys.readouterr()
    assert printed.out + printed.err
    assert not STEERING & set(printed.out + printed.err)


def test_json_has_the_text_as_it_is(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    assert main(["documents", "--index", "i", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert any("\u202e" in document["source"] for document in listed)


def test_of_an_evaluation(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set" / "documents").mkdir(parents=True)
    case = {"id": EVIL, "category": EVIL, "question": EVIL, "evidence": [[{"doc": EVIL}]]}
    (tmp_path / "set" / "cases.jsonl").write_text(json.dumps(case), encoding="utf-8")
    for arguments in (["validate", "set"], ["validate", f"{EVIL}"], ["compare", EVIL, EVIL]):
        with suppress(SystemExit):
            evaluate(arguments)
    printed = capsys.readouterr()
    assert printed.out + printed.err
    assert not STEERING & set(printed.out + printed.err)
