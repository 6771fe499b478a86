"""Take the pictures in docs/images, over the briefs that come with the project.

    make screenshots

Needs the `dev` extra and a Chromium (`scripts/install-browser.sh`).
"""

import argparse
import asyncio
import contextlib
import os
import queue
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from assistant import Assistant
from assistant.web.asgi import Server, run
from assistant.web.eval_options import Evaluating
from assistant.web.server import ENVIRONMENT
from assistant.web.site import Site, SiteOptions
from eval.cli import main as assistant_eval
from index import build

ROOT = Path(__file__).resolve().parents[1]
BRIEFS = ROOT / "eval" / "datasets" / "briefs"
IMAGES = ROOT / "docs" / "images"

CHARTER = "What do the documents say about the charter with the United States?"
ARMS = "What share of Armenia's arms was Russian?"
GAS = "What does Armenia pay for a thousand cubic meters of Russian gas?"

WIDE = {"viewport": {"width": 1280, "height": 860}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer is whole and can be kept."""
    page.get_by_role("textbox", name="Question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#v-live .v-turn[aria-busy=false]", has_text=question).wait_for()
    page.locator("#v-live .v-keep-menu").wait_for()


def chat(page: Page) -> None:
    """An answer with its quotes, and two earlier conversations."""
    for question in (GAS, CHARTER):
        ask(page, question)
        page.get_by_role("button", name="New conversation").click()
        page.locator(".v-turn").wait_for(state="detached")
    ask(page, ARMS)


def ask_alone(page: Page) -> None:
    """An answer, and nothing before it."""
    ask(page, ARMS)


def source(page: Page) -> None:
    """A quote in its document."""
    ask(page, ARMS)
    page.locator(".v-text .v-ref").first.click()
    page.locator(".v-source-place", has_text="checked now").wait_for()
    page.locator("mark.v-q-chosen").first.wait_for()


def timeline(page: Page) -> None:
    """When the sources of an answer were published."""
    ask(page, CHARTER)


def library(page: Page) -> None:
    """The documents as a table, with their picture."""
    page.get_by_role("tab", name="Library").click()
    page.locator(".v-lib-table tbody tr").first.wait_for()
    page.locator(".v-lib-bars").wait_for()


def evaluation(page: Page) -> None:
    """The list of reports."""
    page.get_by_role("tab", name="Evaluation").click()
    page.locator(".v-report").first.wait_for()


def report(page: Page) -> None:
    """A report; the picture ends below its table of categories."""
    evaluation(page)
    page.goto(page.locator(".v-report .v-open").first.evaluate("link => link.href"))
    note = page.locator("[id='~categories'] > .note").bounding_box()
    viewport = page.viewport_size
    if note is not None and viewport is not None:
        height = round(note["y"] + note["height"] + 12)
        page.set_viewport_size({"width": viewport["width"], "height": height})


def report_case(page: Page) -> None:
    """One case of a report, open."""
    report(page)
    page.set_viewport_size({"width": 1280, "height": 860})
    page.evaluate("location.hash = 'b-036'")
    page.locator("[id='b-036'][open]").wait_for()


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    show: Callable[[Page], None]
    options: dict[str, Any]


SHOTS = (
    Shot("chat", chat, WIDE),
    Shot("chat-dark", chat, {**WIDE, "color_scheme": "dark"}),
    Shot("chat-phone", ask_alone, PHONE),
    Shot("source", source, WIDE),
    Shot("source-phone", source, PHONE),
    Shot("timeline", timeline, WIDE),
    Shot("library", library, WIDE),
    Shot("evaluation", evaluation, WIDE),
    Shot("report", report, WIDE),
    Shot("report-case", report_case, WIDE),
)


@contextlib.contextmanager
def served(site: Site) -> Iterator[str]:
    """The address of a site."""
    os.environ.update(ENVIRONMENT)
    started: queue.SimpleQueue[Server] = queue.SimpleQueue()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    job = run(site, "127.0.0.1", port, started.put)
    thread = threading.Thread(target=asyncio.run, args=(job,), daemon=True)
    thread.start()
    server = started.get(timeout=60)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(15)


@contextlib.contextmanager
def briefs_site(folder: Path) -> Iterator[str]:
    """The address of a site over the briefs, with a report of a run on them."""
    index, reports = folder / "briefs.index", folder / "verbatim.reports"
    build([BRIEFS / "documents"], index)
    with contextlib.redirect_stdout(sys.stderr):
        assistant_eval(["run", str(BRIEFS), "--index", str(index), "--out", str(reports)])
    with Assistant.open(index) as desk:
        options = SiteOptions(
            tuple(desk.example_questions()),
            index=index,
            data=folder / "verbatim.data",
            reports=reports,
            evaluating=Evaluating(datasets=(BRIEFS,)),
        )
        site = Site(desk, options)
        with contextlib.closing(site), served(site) as url:
            yield url


def take(browser: Browser, url: str, shot: Shot, path: Path) -> None:
    """Take one picture, with as few colors as it needs."""
    with contextlib.closing(browser.new_context(**shot.options)) as context:
        page = context.new_page()
        page.goto(url)
        page.get_by_role("textbox", name="Question", exact=True).wait_for()
        shot.show(page)
        page.evaluate("document.activeElement.blur()")  # no ring around anything
        page.mouse.move(0, 0)
        page.wait_for_timeout(1000)
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


def main() -> None:
    """Serve the briefs from a temporary folder, take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    parser.add_argument("--chromium", default=os.environ.get("VERBATIM_CHROMIUM", found))
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--only", nargs="+", choices=[shot.name for shot in SHOTS])
    arguments = parser.parse_args()
    if arguments.chromium is None:
        sys.exit("No chromium found: install it, or name it with --chromium PATH.")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        briefs_site(Path(folder)) as url,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(
            executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            if not arguments.only or shot.name in arguments.only:
                take(browser, url, shot, arguments.out / f"{shot.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
