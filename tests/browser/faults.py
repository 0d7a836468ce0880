"""What a machine can tell is wrong with a page."""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RUN = """async (rules) => {
  const {violations} = await axe.run({runOnly: rules, resultTypes: ["violations"]});
  return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.slice(0, 160)}`));
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(page):
    """What is wrong with the page as it stands. The script comes in past the policy, which stays in force."""
    page.evaluate(AXE)
    found = page.evaluate(RUN, RULES)
    if too_wide := page.evaluate(TOO_WIDE):
        found.append(f"{too_wide} px wider than the window")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{headings} headings of the first level")
    return [f"{page.url}: {fault}" for fault in found]
