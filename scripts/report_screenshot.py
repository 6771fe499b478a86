"""Take the pictures of the evaluation report in docs/images, from a run over the briefs.

    python scripts/report_screenshot.py [--chromium PATH] [--out DIR]

Needs the `dev` extra and a Chromium.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant
from eval import evaluate, load_dataset
from eval.html import render_report
from index import build

ROOT = Path(__file__).resolve().parents[1]
BRIEFS = ROOT / "eval" / "datasets" / "briefs"
IMAGES = ROOT / "docs" / "images"

WIDE = {"width": 1280, "height": 860}
SHOTS: dict[str, tuple[dict[str, Any], str]] = {
    "report.png": ({"viewport": WIDE, "color_scheme": "light"}, ""),
    "report-dark.png": ({"viewport": WIDE, "color_scheme": "dark"}, ""),
    "report-case.png": ({"viewport": WIDE, "color_scheme": "light"}, "#b-036"),
    "report-phone.png": (
        {
            "viewport": {"width": 390, "height": 844},
            "color_scheme": "light",
            "device_scale_factor": 2,
        },
        "",
    ),
}
"""Options of the browser, and the case that is open, by file name."""


def take(browser: Browser, url: str, path: Path, options: dict[str, Any], case: str) -> None:
    """Take one picture; a wide one of the top ends below the table of categories."""
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.goto(url + case)
        page.wait_for_timeout(1000 if case else 200)
        if options["viewport"] == WIDE and not case:
            box = page.locator("[id='~categories'] > .note").bounding_box()
            if box is not None:
                height = round(box["y"] + box["height"] + 12)
                page.set_viewport_size({"width": WIDE["width"], "height": height})
        if case:
            page.evaluate("document.activeElement.blur()")  # no ring around the question
        page.screenshot(path=path)
    print(path)


def write_report(folder: Path) -> Path:
    """Index the briefs, ask their questions, and write the report."""
    dataset, index = load_dataset(BRIEFS), folder / "briefs.index"
    build([BRIEFS / "documents"], index)
    with Assistant.open(index) as desk:
        report = evaluate(dataset, desk.answer, progress=True)
    path = folder / "report.html"
    path.write_text(render_report(report, dataset), encoding="utf-8")
    return path


def main() -> None:
    """Make a report in a temporary folder, take the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    parser.add_argument("--chromium", default=os.environ.get("VERBATIM_CHROMIUM", found))
    parser.add_argument("--out", type=Path, default=IMAGES)
    arguments = parser.parse_args()
    if arguments.chromium is None:
        sys.exit("No chromium found: install it, or name it with --chromium PATH.")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        url = write_report(Path(folder)).as_uri()
        browser = driver.chromium.launch(
            executable_path=arguments.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (options, case) in SHOTS.items():
            take(browser, url, arguments.out / name, options, case)
        browser.close()


if __name__ == "__main__":
    main()
