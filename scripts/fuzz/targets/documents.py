"""What is read off a text: encodings, blocks, sentences, passages, metadata, dates, names."""

import re
from random import Random
from typing import Any

from scripts.fuzz import seeds
from scripts.fuzz.target import Target
from scripts.fuzz.targets.files import check_message, check_passages
from scripts.fuzz.texts import text, word

_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def _decoded(data: bytes) -> None:
    from index.canonical import decode, matching_text
    from index.encodings import detect
    from index.errors import UnreadableFileError

    detect(data)
    try:
        body = decode(data, "a")
    except UnreadableFileError as error:
        check_message(str(error))
        return
    assert "\r" not in body
    assert "\x00" not in body
    assert body.strip()
    body.encode()
    assert matching_text(matching_text(body)) == matching_text(body) or "[" in body


def _split(body: str) -> None:
    from index.blocks import find_blocks
    from index.segmentation import split

    if not body:
        return
    blocks = find_blocks(body)
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(body), (position, block)
        assert body[block.start : block.end].strip(), block
        position = block.end
    check_passages(body, split(body, "d"))


def _described(body: str) -> None:
    from index.bylines import from_text
    from index.metadata import Metadata

    metadata = Metadata()
    from_text(metadata, body)
    for name, (start, end) in metadata.spans:
        assert 0 <= start < end <= len(body), (name, start, end)
    for start, end in metadata.byline_lines:
        assert 0 <= start <= end <= len(body), (start, end)
    _check_values(metadata.values)


def _check_values(values: dict[str, Any]) -> None:
    for name, value in values.items():
        told = value if isinstance(value, tuple) else (value,)
        assert told, name
        assert all(isinstance(each, str) and each.strip() for each in told), (name, value)
    assert _DATE.fullmatch(values.get("published", "2000")), values


def _dated(body: str) -> None:
    from index.dates import find_date, find_dates, find_month_day, normalize_date, stated_date

    for found in (*filter(None, [find_date(body)]), *find_dates(body)):
        value, start, end = found
        assert _DATE.fullmatch(value.replace("--", "2020-")), found
        assert 0 <= start < end <= len(body), found
    stated_date(body), find_month_day(body, "2020")
    normal = normalize_date(body)
    assert normal is None or _DATE.fullmatch(normal), normal


def _named(body: str) -> None:
    from index.names import is_name, leading_names, stated_names
    from index.titles import is_masthead, is_title_case

    is_name(body), is_masthead(body), is_title_case(body)
    for name in (*leading_names(body), *stated_names(body), *stated_names([body, {"name": body}])):
        assert name.strip(), name


def _yaml(random: Random) -> str:
    lines = seeds.YAML.split("\n")
    for _ in range(random.randint(1, 5)):
        at = random.randrange(len(lines))
        odd = (
            "- ",
            "&a",
            "*a",
            "<<: *a",
            "!!python/object:os.system x",
            "? ",
            "[" * 9,
            "{" * 9,
            "|",
            ">",
        )
        lines[at : at + random.randint(0, 1)] = [random.choice((*odd, word(random))) + lines[at]]
    return "\n".join(lines)


def _read_yaml(body: str) -> None:
    from index.errors import SourceError
    from index.metadata import Metadata, from_mapping, overrule
    from index.sidecars import read_yaml

    try:
        mapping = read_yaml(body, "a.meta.yaml")
    except SourceError as error:
        check_message(str(error))
        return
    metadata = Metadata()
    from_mapping(metadata, mapping, "sidecar", body)
    overrule(metadata, mapping)
    _check_values(metadata.values)


def _fronted(body: str) -> None:
    from index.errors import SourceError
    from index.sources import read_document

    try:
        _, passages = read_document(
            "/nowhere/a.md", f"---\n{body}\n---\n\nText.".encode("utf-8", "replace")
        )
    except SourceError as error:
        check_message(str(error))
        return
    check_passages("".join(passage.text for passage in passages), passages)


def _addressed(body: str) -> None:
    from index.errors import FetchError
    from index.fetching.addresses import target_of
    from index.fetching.pages import is_url

    url = body if is_url(body) else f"http://{body}"
    try:
        target = target_of(url, lookup=lambda host, port: ["8.8.8.8"])
    except FetchError as error:
        check_message(str(error).encode("utf-8", "replace").decode())
        return
    sent = f"{target.path}{target.authority}"
    assert sent.isascii(), sent
    assert not re.search(r"[\x00-\x20\x7f]", sent), sent
    assert 0 < target.port < 65_536


def _private(random: Random) -> str:
    odd = (
        "127.0.0.1",
        "0x7f.1",
        "[::1]",
        "[::ffff:7f00:1]",
        "@",
        ":",
        "/",
        "\\",
        "?",
        "#",
        "%00",
        "localhost",
    )
    return "".join(random.choice((*odd, word(random), "a.b")) for _ in range(random.randint(1, 6)))


def _bytes(random: Random) -> bytes:
    from scripts.fuzz.targets.files import _encoded

    return _encoded(random)


def _short(random: Random) -> str:
    return text(random, 200)


TARGETS = (
    Target("decoding", _bytes, _decoded, 300, grow=lambda body: body.encode("utf-16-le")),
    Target("blocks and passages", lambda random: text(random, 4_000), _split, 400, grow=str),
    Target("bylines", lambda random: text(random, 1_500), _described, 400, grow=str),
    Target("dates", _short, _dated, 1_200, grow=str),
    Target("names and titles", _short, _named, 1_000, grow=str),
    Target("sidecars", _yaml, _read_yaml, 300, grow=str),
    Target("front matter", _yaml, _fronted, 200, grow=str),
    Target("addresses", _private, _addressed, 600, grow=str, longest=10_000),
)
