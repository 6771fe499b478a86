"""axe-core, which finds faults of accessibility in a page; `scripts/install-axe.sh` fetches it."""

import os
from functools import cache
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / ".verbatim" / "axe" / "axe.min.js"
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""WCAG 2.2, levels A and AA, as axe-core calls their rules."""
ADVICE = "best-practice"
RUN = """
async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  const told = ({ id, tags, nodes }) => nodes.map(({ target, any, all, none, html }) => ({
    rule: id,
    isAdvice: tags.includes("best-practice"),
    reasons: [...any, ...all, ...none].map((each) => each.message),
    at: `${target.join(" ")} ${html.slice(0, 200)}`,
  }));
  const isFine = (reason) => /too short|non-text|image|overlapped|obscured|no value/.test(reason);
  const unknown = found.incomplete.filter((each) => each.id === "color-contrast").flatMap(told)
    .filter((each) => !each.reasons.some(isFine))
    .filter((each) => document.querySelector("#v-tabs") && !each.at.includes("<select"));
  return [...found.violations.flatMap(told), ...unknown];
}
"""
PLAIN = """
  #v-composer, .tab-wrapper, .v-source-about { position: static !important; }
  #v-open-conversations { position: absolute !important; }
  #v-composer::before { content: none !important; }
"""
"""Nothing lies over anything else: else axe-core cannot tell what color is behind a text."""


@cache
def axe_script():
    """The text of the script; where it is not there, tests that need it are skipped or fail."""
    if SCRIPT.exists():
        return SCRIPT.read_text(encoding="utf-8")
    missing = "no .verbatim/axe/axe.min.js; run scripts/install-axe.sh"
    if os.environ.get("CI_REQUIRE_AXE") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


def faults(page):
    """What axe-core finds on a page as it is now: against WCAG 2.2 AA, and against good practice.

    The page's own policy stays in force: the script is given to the browser, not to the page.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.add_style_tag(content=PLAIN)
        page.evaluate(axe_script())
    found = page.evaluate(RUN, [*STANDARDS, ADVICE])
    return tuple(
        [
            f"{each['rule']}: {' '.join(each['reasons'])} {each['at']}"
            for each in found
            if each["isAdvice"] == is_advice
        ]
        for is_advice in (False, True)
    )
