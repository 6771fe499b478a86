"""How much of a document is found again in web pages, e-books and mails, and how much of menus.

Markdown is made into HTML by pandoc and put into pages of several makes, with menus, banners, lists
of other articles and comments; into e-books by pandoc and LibreOffice; and into mails by Python. A
sentence or a table's cell counts where the canonical text has it unchanged, but for white space and
quotation marks.

    python scripts/measure_pages.py docs/*.md eval/datasets/briefs/documents/*.md
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from measure_conversion import _bare, _made, _run, _units, _without_code

from index.canonical import canonical_text, matching_text
from index.loading import load
from index.markup import front_matter_end

_SHOWN = 3
MENU = (
    *("News of the day", "Sport and leisure", "Archive since 1911", "Sign in to your account"),
    *("Subscribe to the morning letter", "Imprint and contact", "Privacy at the Gazette"),
)
OTHERS = (
    *("Ferry company counts its losses", "Baker wins the lottery for the second time"),
    *("Why the lighthouse went dark", "Ten knots that hold in ice", "Tram line five is late again"),
)
BANNER = "We use cookies to improve your visit and to measure our audience."
COMMENTS = (
    "Typical of this council, they never manage to plan a single thing.",
    "I walked over it yesterday and the railing is already loose.",
)
FOOT = "© 2024 The Lintel Gazette. All rights reserved."
NOISE = (*MENU, *OTHERS, BANNER, *COMMENTS, FOOT)


def _links(texts: tuple[str, ...], before: str, after: str) -> str:
    return "".join(f'{before}<a href="/{n}">{text}</a>{after}' for n, text in enumerate(texts))


def _said(before: str, after: str) -> str:
    return "".join(f"{before}{text}{after}" for text in COMMENTS)


def _plain(body: str) -> str:
    return body


def _modern(body: str) -> str:
    return (
        f'<div id="cookie-consent" role="dialog"><p>{BANNER}</p></div><header><nav><ul>'
        f"{_links(MENU, '<li>', '</li>')}</ul></nav></header><main><article>{body}</article>"
        f'<section id="comments">{_said("<p>", "</p>")}</section></main>'
        f"<aside><h2>Most read</h2><ul>{_links(OTHERS, '<li>', '</li>')}</ul></aside>"
        f"<footer><p>{FOOT}</p></footer>"
    )


def _blog(body: str) -> str:
    return (
        f'<div class="cookie-bar">{BANNER}</div><div id="page"><div id="menu">'
        f'{_links(MENU, "<span>", "</span> ")}</div><div id="content"><div class="post">'
        f'<div class="entry-content">{body}</div></div><div class="comments-area"><ol>'
        f'{_said("<li><p>", "</p></li>")}</ol></div></div><div id="sidebar"><h3>Recent</h3><ul>'
        f'{_links(OTHERS, "<li>", "</li>")}</ul></div></div><div id="footer">{FOOT}</div>'
    )


def _unnamed(body: str) -> str:
    """Elements whose names and classes say nothing."""
    return (
        f'<div class="a1">{BANNER}</div><div class="b1">{_links(MENU, "<div>", "</div>")}</div>'
        f'<div class="c1"><div class="c2">{body}</div><div class="c3">'
        f"{_said('<div>', '</div>')}</div></div>"
        f'<div class="d1">{_links(OTHERS, "<div>", "</div>")}</div><div class="e1">{FOOT}</div>'
    )


def _tables(body: str) -> str:
    """A page that is laid out by tables, as before 2005."""
    return (
        f"<table width=900><tr><td colspan=2>{_links(MENU, '', ' | ')}</td></tr><tr><td>"
        f"{_links(OTHERS, '', '<br>')}</td><td>{body}</td></tr><tr><td colspan=2><small>{FOOT}"
        "</small></td></tr></table>"
    )


SITES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("as pandoc makes it", _plain),
    ("news site", _modern),
    ("blog", _blog),
    ("unnamed elements", _unnamed),
    ("tables for layout", _tables),
)


def main(paths: list[str]) -> None:
    """Print a line for each format."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, make in SITES:
            _report(f"HTML, {title}", paths, lambda s, make=make: [_page(s, make)], ".html", make)
        for kind in ("epub2", "epub3"):
            _report(f"{kind} by pandoc", paths, lambda s, k=kind: [_book(s, k, folder)], ".epub")
        _report("EPUB by LibreOffice", paths, lambda s: [_office(s, folder)], ".epub")
        _report("EML, plain text", paths, lambda s: [_mail(s, is_page=False)], ".eml")
        _report("EML, HTML", paths, lambda s: [_mail(s, is_page=True)], ".eml")


def _report(
    title: str,
    paths: list[str],
    make: Callable[[Path], list[bytes]],
    suffix: str,
    site: Callable[[str], str] | None = None,
) -> None:
    total = noise = seen = 0
    seconds = 0.0
    missing: list[str] = []
    for source in map(Path, paths):
        units = list(_units(source, is_sheet=False))
        for data in make(source):
            started = time.perf_counter()
            loaded = load(data, f"{source.stem}{suffix}").text
            seconds += time.perf_counter() - started
            text = _bare(matching_text(loaded).replace("\\|", "|"))
            missing += [unit for unit in units if unit not in text]
            total += len(units)
            put = [line for line in NOISE if site is not None and line in site("")]
            noise += len(put)
            seen += sum(line in loaded for line in put)
    found = total - len(missing)
    menus = f"; menu lines {seen} of {noise} ({seen / noise:.1%})" if noise else ""
    each = 1000 * seconds / len(paths)
    print(f"{title}: {found} of {total} ({found / total:.1%}){menus}; {each:.0f} ms a file")
    for unit in missing[:_SHOWN]:
        print(f"    missing: {unit[:110]}")


def _html(source: Path) -> str:
    text = _without_code(canonical_text(source))
    command = [
        "pandoc",
        "--from",
        "markdown-smart-tex_math_dollars-citations-raw_html",
        "-t",
        "html",
    ]
    done = subprocess.run(
        command, input=text[front_matter_end(text) :], check=True, capture_output=True, text=True
    )
    return done.stdout


def _page(source: Path, site: Callable[[str], str]) -> bytes:
    head = f'<meta charset="utf-8"><title>{source.stem} | The Lintel Gazette</title>'
    body = site(_html(source))
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def _book(source: Path, kind: str, folder: Path) -> bytes:
    page = folder / "book.html"
    page.write_text(_html(source), encoding="utf-8")
    target = folder / f"{source.stem}.epub"
    _run("pandoc", "--metadata", "title=Book", "-t", kind, str(page), "-o", str(target))
    return target.read_bytes()


def _office(source: Path, folder: Path) -> bytes:
    _made(source, "LibreOffice", "docx", folder)  # leaves the text document that it is made of
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    text = str(folder / f"{source.stem}.odt")
    _run(*command, "--convert-to", "epub", "--outdir", str(folder), text)
    return (folder / f"{source.stem}.epub").read_bytes()


def _mail(source: Path, is_page: bool) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ada Moe <ada@example.org>", source.stem
    text = _without_code(canonical_text(source))
    if is_page:
        message.set_content(f"<html><body>{_html(source)}</body></html>", subtype="html")
    else:
        message.set_content(text[front_matter_end(text) :])
    return message.as_bytes()


def _every(paths: list[str]) -> Iterator[str]:
    yield from (path for path in paths if any(_units(Path(path), is_sheet=False)))


if __name__ == "__main__":
    main(list(_every(sys.argv[1:])))
