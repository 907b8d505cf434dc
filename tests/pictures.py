"""Pictures of every page, view, panel and dialog at three widths, light and dark, on a demo where it is always the same moment.

python -m tests.pictures               all of them, into pictures/ (not in git)
python -m tests.pictures faq inbox     only those whose name begins so
python -m tests.pictures --compare     the references again; fails, and keeps both pictures, where more than 0.1 % of the pixels differ
python -m tests.pictures --keep        the references anew: look at them, then commit
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Page, sync_playwright

from gnetics import settings as settings_module
from gnetics.settings import Settings
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Tab
from tests.browser.full_week import fill
from tests.browser.sights import ALL, DRAWN, FULL_WEEK, OVER, WIDTHS, Sight, leave
from tests.days import MOVABLE, clock
from tests.served import ROOT, serve

MOMENT, ZONE = "2026-12-01 10:00", "Europe/Paris"
THEMES = ("clair", "sombre")
TAKEN, REFERENCES = ROOT / "pictures", ROOT / "tests/references"
HIGHEST = 2_400  # px of a picture
MOST = 0.001  # of the pixels may differ
# sixteen at most: what most people see most, and each kind of panel once
KEPT = (
    *("accueil-1400-clair", "accueil-390-sombre", "dashboard-1400-clair", "dash_data-1024-clair"),
    *("contacts-1400-clair", "contacts-390-clair", "contacts-table-1400-sombre", "contacts-pipeline-1400-clair"),
    *("calendrier-1400-clair", "calendrier-390-clair", "automations-1024-clair", "inbox-1400-sombre"),
    *("faq-recherche-1024-clair", "contact-1400-clair", "evenement-nouveau-390-clair", "palette-1400-sombre"),
)
STEADY = ["--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb", "--hide-scrollbars"]
DIFFERING = """async (pictures) => {
  const pixels = async (source) => {
    const image = new Image(); image.src = source; await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = await Promise.all(pictures.map(pixels));
  if (a.width !== b.width || a.height !== b.height) return 1;
  let count = 0;
  for (let i = 0; i < a.data.length; i += 4) count += [0, 1, 2].some((j) => Math.abs(a.data[i + j] - b.data[i + j]) > 16);
  return count / (a.width * a.height);
}"""


@contextmanager
def browser(profile: Path) -> Iterator[BrowserContext]:
    assert CHROMIUM, "Chromium is missing: run tests/system.sh"
    with sync_playwright() as playwright:
        options = {
            "executable_path": CHROMIUM,
            "args": ARGUMENTS + STEADY,
            "locale": "fr-FR",
            "timezone_id": ZONE,
            "reduced_motion": "reduce",
        }
        with playwright.chromium.launch_persistent_context(profile, **options) as context:  # type: ignore[arg-type]
            context.set_default_timeout(120_000)  # a busy machine is slow
            yield context


def take(names: list[str], into: Path, whole: bool = True) -> str:
    """Those whose name begins so, each as NAME-WIDTH-THEME.png, of the whole page or of the window; gives Chromium's major version."""
    from gnetics.demo.store import build_demo
    from gnetics.store.crm import open_crm

    into.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, browser(Path(folder) / "profile") as context:
        settings = replace(settings_module.load({}), region_zone=ZONE, data_dir=Path(folder))
        build_demo(settings)
        settings = replace(settings, database_url=f"sqlite:///{settings.demo_store}")
        _take_all(ALL, context, settings, names, into, whole)
        with closing(open_crm(settings)) as crm:
            fill(crm)
        _take_all(FULL_WEEK, context, settings, names, into, whole)
        return str(context.pages[0].evaluate("navigator.userAgent.match(/Chrome.([0-9]+)/)[1]"))


def _take_all(sights: Iterable[Sight], context: BrowserContext, settings: Settings, names: list[str], into: Path, whole: bool) -> None:
    wanted = [
        (theme, width, sight)
        for theme in THEMES
        for width in WIDTHS
        for sight in sights
        if any(f"{sight.name}-{width}-{theme}".startswith(each) for each in names)
    ]
    if not wanted:
        return
    with serve(settings.data_dir / "log", database_url=settings.database_url, user="Ana", mail_invitations="oui") as server:
        for theme, of_theme in groupby(wanted, key=itemgetter(0)):
            tab = Tab(context, server)
            context.add_cookies([{"name": "gnetics_theme", "value": {"clair": "light", "sombre": "dark"}[theme], "url": server.url}])
            for _, width, sight in of_theme:
                _take(sight, tab, width, into / f"{sight.name}-{width}-{theme}.png", whole)
            tab.leave()


def _take(sight: Sight, tab: Tab, width: int, place: Path, whole: bool) -> None:
    page = sight.open(tab.visit, width)
    page.mouse.move(0, 0)
    if whole and not page.locator(OVER).count():  # the whole of a page, in a window as high as it: what is fixed then reaches its foot
        page.set_viewport_size({"width": width, "height": max(900, min(HIGHEST, page.evaluate("document.documentElement.scrollHeight")))})
        page.evaluate(DRAWN)
    page.screenshot(path=place, animations="disabled", caret="hide")
    leave(page)


def differing(page: Page, *pictures: Path) -> float:
    """The share of pixels in which two pictures differ, as the browser itself reads them."""
    sources = [f"data:image/png;base64,{base64.b64encode(each.read_bytes()).decode()}" for each in pictures]
    return float(page.evaluate(DIFFERING, sources))


def compare() -> int:
    """How many references are not what is seen today."""
    if not (REFERENCES / "chromium.txt").exists():
        print("pictures: NOT COMPARED, there are no references: make pictures KEEP=1", file=sys.stderr)
        return 0
    made_by = (REFERENCES / "chromium.txt").read_text("utf-8").strip()
    with TemporaryDirectory() as folder:
        version = take(list(KEPT), Path(folder), whole=False)
        if version != made_by:
            print(f"pictures: NOT COMPARED, the references are Chromium {made_by}'s and this is {version}", file=sys.stderr)
            return 0
        TAKEN.mkdir(exist_ok=True)
        with browser(Path(folder) / "profile") as context:
            page, failed = context.new_page(), 0
            for name in KEPT:
                then, now = REFERENCES / f"{name}.png", Path(folder) / f"{name}.png"
                if (share := differing(page, then, now)) > MOST:
                    failed += 1
                    for kept, word in ((then, "avant"), (now, "maintenant")):
                        shutil.copy(kept, TAKEN / f"{name}.{word}.png")
                    print(f"{name}: {100 * share:.2f} % of the pixels differ: {TAKEN / name}.avant.png and .maintenant.png")
    return failed


def keep() -> None:
    REFERENCES.mkdir(exist_ok=True)
    for old in REFERENCES.glob("*.png"):
        old.unlink()
    version = take(list(KEPT), REFERENCES, whole=False)
    (REFERENCES / "chromium.txt").write_text(f"{version}\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.pictures", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    if not MOVABLE:
        print("pictures: NOT DONE, only on Linux and with a C compiler can the clock be moved", file=sys.stderr)
        return 0
    if "GNETICS_PICTURES" not in os.environ:  # once more, as a process of that moment
        with clock(MOMENT, ZONE) as there:
            return subprocess.run(
                [sys.executable, "-m", "tests.pictures", *sys.argv[1:]], env=os.environ | there | {"GNETICS_PICTURES": "1"}, cwd=ROOT
            ).returncode
    if asked.keep:
        keep()
    elif asked.compare:
        return compare()
    else:
        take(asked.names or [""], TAKEN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
