"""Loaders, archives and records: any bytes give a document that fits together, or a sentence."""

import os
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from random import Random

from scripts.fuzz import seeds
from scripts.fuzz.changes import changed_bytes, changed_markup, changed_zip
from scripts.fuzz.target import Target, workplace
from scripts.fuzz.texts import text, word

_PLACE = "/nowhere/file"


def check_file(suffix: str, data: bytes) -> None:
    """A file gives text with places and passages that fit, or an error with a message."""
    from index.errors import SourceError, UnreadableFileError
    from index.loading import load
    from index.sources import read_document

    name = _PLACE + suffix
    try:
        loaded = load(data, name)
    except UnreadableFileError as error:
        check_message(str(error))
        return
    body = loaded.text
    assert body.strip()
    body.encode()
    starts = [place.start for place in loaded.places]
    assert starts == sorted(starts), starts
    assert all(0 <= start <= len(body) for start in starts), starts
    assert all(0 <= start < end <= len(body) for (start, end), _ in loaded.asides), loaded.asides
    assert all(note.strip() and "\n" not in note for note in loaded.notes), loaded.notes
    for place in loaded.places:
        place.name.encode()
    try:
        document, passages = read_document(name, data)
    except SourceError as error:
        check_message(str(error))
        return
    assert document.text == body
    check_passages(body, passages)
    info = document.info
    known = (info.title, *info.authors, info.publisher, info.published, info.language)
    for value in filter(None, known):
        assert isinstance(value, str)
        value.encode()


def check_passages(body: str, passages: list) -> None:  # type: ignore[type-arg]
    """Passages tile a text, and their sentences stand in them in order."""
    assert "".join(passage.text for passage in passages) == body
    position = 0
    for passage in passages:
        assert passage.start == position < passage.end
        for sentence in passage.sentences:
            assert position <= sentence.start < sentence.end <= passage.end
            assert sentence.text == body[sentence.start : sentence.end]
            position = sentence.end
        position = passage.end


def check_message(message: str) -> None:
    """An error is told in a few words, of which none is Python's."""
    assert message.strip()
    assert len(message) < 2_000, message[:100]
    assert "Traceback" not in message, message
    assert " at 0x7" not in message, message
    message.encode()


def _bytes_like(random: Random, *wanted: bytes) -> bytes:
    return changed_bytes(random, random.choice(wanted), wanted)


def _marked_up(random: Random, *wanted: bytes) -> bytes:
    if random.random() < 0.1:
        return text(random).encode("utf-8", "surrogatepass")
    change = changed_markup if random.random() < 0.6 else changed_bytes
    return change(random, random.choice(wanted))


def _packed(random: Random, seed: Callable[[], bytes]) -> bytes:
    return changed_zip(random, seed())


def _pdf(random: Random) -> bytes:
    return _bytes_like(random, *seeds.pdfs())


def _encoded(random: Random) -> bytes:
    codecs = (
        "utf-8",
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8-r",
        "utf-16",
        "utf-32",
        "shift_jis",
        "big5",
    )
    data = text(random, 2_000).encode(random.choice((*codecs, "utf-8", "utf-7")), "replace")
    return changed_bytes(random, data) if random.random() < 0.5 else data


@lru_cache(maxsize=1)
def _folder() -> Path:
    return Path(workplace())


def _check_members(suffix: str, data: bytes) -> None:
    """Members of a container have names of their own, and are read again by these names."""
    from index.errors import UnreadableFileError
    from index.members import members, read_member

    path = _folder() / f"{os.getpid()}{suffix}"
    path.write_bytes(data)
    seen: list[str] = []
    try:
        for member in members(path):
            assert member.source.startswith(str(path)), member.source
            if member.trouble:
                check_message(member.trouble)
                continue
            seen.append(member.source)
            if len(seen) < 40 and "\x00" not in member.source:
                assert read_member(member.source) == member.data, member.source
    except UnreadableFileError as error:
        check_message(str(error))
    finally:
        path.unlink()
    assert len(set(seen)) == len(seen), seen


def _name(random: Random) -> str:
    parts = (
        "!/",
        "#line=",
        "#/",
        "/",
        "..",
        "a.zip",
        "r.jsonl",
        "l.json",
        "9" * 30,
        "-1",
        ".meta.yaml",
    )
    made = "".join(random.choice((*parts, word(random))) for _ in range(random.randint(1, 8)))
    return f"/nowhere/{made}"


def _check_name(name: str) -> None:
    """Any name of a source can be asked for: it is there, or a sentence says what is wrong."""
    from index.errors import SourceError
    from index.members import file_of, part_of, suffix_of, text_field_of
    from index.sources import read_document

    part_of(name), suffix_of(name), text_field_of(name), file_of(name)
    try:
        read_document(name)
    except SourceError as error:
        check_message(str(error).encode("utf-8", "replace").decode())
    else:
        raise AssertionError("there is a document nowhere")


def _target(suffix: str, make: Callable[[Random], bytes], weight: int, **more: object) -> Target:
    return Target(f"load{suffix}", make, partial(check_file, suffix), weight, **more)  # type: ignore[arg-type]


def _text_bytes(body: str) -> bytes:
    return body.encode("utf-8", "surrogatepass")


def _in_html(body: str) -> bytes:
    return f"<html><body><p>Ferry.</p>{body}</body></html>".encode()


def _in_mail(body: str) -> bytes:
    return f"From: a@b.c\nSubject: A\nContent-Type: text/plain; charset=utf-8\n\n{body}".encode()


TARGETS = (
    _target(".txt", _encoded, 150, grow=_text_bytes),
    _target(".md", lambda random: _bytes_like(random, seeds.TEXT.encode()), 150),
    _target(
        ".html",
        lambda random: _marked_up(random, seeds.HTML.encode()),
        60,
        grow=_in_html,
        seconds=4.0,
    ),
    _target(".mhtml", lambda random: _marked_up(random, seeds.MHTML.encode()), 40),
    _target(
        ".eml",
        lambda random: _bytes_like(random, seeds.MAIL.encode()),
        100,
        grow=_in_mail,
        seconds=4.0,
    ),
    _target(".json", lambda random: _bytes_like(random, seeds.RECORD.encode()), 150),
    _target(
        ".csv",
        lambda random: _bytes_like(random, seeds.CSV.encode()),
        100,
        grow=_text_bytes,
        seconds=4.0,
    ),
    _target(".tsv", lambda random: _bytes_like(random, seeds.CSV.replace(";", "\t").encode()), 50),
    _target(".docx", partial(_packed, seed=seeds.word), 25, seconds=4.0),
    _target(".pptx", partial(_packed, seed=seeds.slides), 15, seconds=4.0),
    _target(".xlsx", partial(_packed, seed=seeds.sheets), 25, seconds=4.0),
    _target(".epub", partial(_packed, seed=seeds.book), 40, seconds=4.0),
    _target(".pdf", _pdf, 30, seconds=6.0),
    Target(
        "members.zip", partial(_packed, seed=seeds.archive), partial(_check_members, ".zip"), 60
    ),
    Target(
        "members.jsonl",
        lambda random: _bytes_like(random, seeds.LINES.encode()),
        partial(_check_members, ".jsonl"),
        150,
    ),
    Target(
        "members.json",
        lambda random: _bytes_like(random, seeds.ARRAY.encode()),
        partial(_check_members, ".json"),
        150,
    ),
    Target("source names", _name, _check_name, 150),
)
