"""Take the pictures of the chat page in docs/images, over the briefs that come with the project.

    python scripts/screenshots.py [--chromium PATH]

Needs the `dev` extra and a Chromium.
"""

import argparse
import asyncio
import os
import queue
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant
from assistant.web.asgi import Server, run
from assistant.web.server import ENVIRONMENT
from index import build

ROOT = Path(__file__).resolve().parents[1]
BRIEFS = ROOT / "eval" / "datasets" / "briefs" / "documents"
IMAGES = ROOT / "docs" / "images"
QUESTION = "What do the documents say about the charter with the United States?"

SHOTS: dict[str, dict[str, Any]] = {
    "chat.png": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "chat-dark.png": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "chat-phone.png": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "device_scale_factor": 2,
    },
}


@contextmanager
def served(desk: Assistant, reports: Path) -> Iterator[str]:
    """The address of a chat over this desk, with the reports in a folder."""
    os.environ.update(ENVIRONMENT)
    started: queue.SimpleQueue[Server] = queue.SimpleQueue()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    job = run(desk, desk.example_questions(), "127.0.0.1", port, started.put, reports)
    thread = threading.Thread(target=asyncio.run, args=(job,), daemon=True)
    thread.start()
    server = started.get(timeout=60)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def take(browser: Browser, url: str, name: str, options: dict[str, Any]) -> None:
    """Ask the question and take one picture of the answer."""
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.goto(url)
        box = page.get_by_role("textbox", name="Question")
        box.fill(QUESTION)
        box.press("Enter")
        page.locator(".v-turn[aria-busy=false]").wait_for()
        page.get_by_role("button", name="Clear").wait_for()
        page.wait_for_timeout(800)
        page.screenshot(path=IMAGES / name)
    print(IMAGES / name)


def main() -> None:
    """Build an index in a temporary folder, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    parser.add_argument("--chromium", default=os.environ.get("VERBATIM_CHROMIUM", found))
    chromium = parser.parse_args().chromium
    if chromium is None:
        sys.exit("No chromium found: install it, or name it with --chromium PATH.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "briefs.index"
        build([BRIEFS], index)
        reports = Path(folder)
        with (
            Assistant.open(index) as desk,
            served(desk, reports) as url,
            sync_playwright() as driver,
        ):
            browser = driver.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            for name, options in SHOTS.items():
                take(browser, url, name, options)
            browser.close()


if __name__ == "__main__":
    main()
