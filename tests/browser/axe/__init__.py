"""What an accessibility audit finds in what a page shows now: axe-core 4.14.1 (MPL-2.0), of which axe.min.js is the unchanged copy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
# besides what axe looks at by itself
_ALSO = {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}}
# the pages that were left stay in the document, and axe would read them all: they are taken out meanwhile.
# What fades in is pale until it is there
_ALONE = """async ([within, options]) => {
  const ending = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map((each) => each.finished));
  const left = [...document.querySelectorAll('[data-page]')].filter((page) => page.style.display === 'none' || page.matches('.g-ahead'));
  const marks = left.map((page) => { const mark = document.createComment(''); page.replaceWith(mark); return mark; });
  try { return (await axe.run(within, options)).violations; } finally { marks.forEach((mark, i) => mark.replaceWith(left[i])); }
}"""
# what Vuetify alone writes, and where it was told: five at most
ALLOWED = {
    # its buttons are called « Choisir le mois » and show « décembre »
    r"label-content-name-mismatch .*\.v-date-picker-controls": "https://github.com/vuetifyjs/vuetify/issues/20696",
    # menus are moved to the end of the document, outside of all landmarks, one of them or their container
    r"region .*\.v-date-picker": "https://github.com/vuetifyjs/0/issues/742",
    r"region #v-menu": "https://github.com/vuetifyjs/0/issues/742",
    r"region (body > )?[\w.-]*\.v-overlay-container[\w.-]*:": "https://github.com/vuetifyjs/0/issues/742",
}


def violations(page: Page, within: str = "body", only: tuple[str, ...] = ()) -> list[str]:
    """Sentences, "rule selector: what is wrong"; `only` those rules; not those that begin as in `ALLOWED`."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_AXE)
    rules = {"runOnly": list(only)} if only else {"rules": _ALSO}
    found: list[dict[str, Any]] = page.evaluate(_ALONE, [within, {"resultTypes": ["violations"], **rules}])
    said = [f"{rule['id']} {' '.join(map(str, node['target']))}: {node['failureSummary']}" for rule in found for node in rule["nodes"]]
    return [each for each in said if not any(re.match(known, each) for known in ALLOWED)]
