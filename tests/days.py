"""The tests on another day, as the whole machine would live it: PostgreSQL, Chromium and the served app included.

python -m tests.days                                      what a date can change, on a date drawn: it is said
python -m tests.days "2026-12-31 23:50" America/Toronto   the same then, there; more arguments are pytest's: other tests
python -m tests.days --all                                four rings on every date
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from tests.served import ROOT

RINGS = ("tests/store", "tests/pages", "tests/browser", "tests/server")
MOVABLE = sys.platform == "linux" and shutil.which("cc") is not None
PARIS, TORONTO = "Europe/Paris", "America/Toronto"
MOMENTS = (
    ("2027-02-01 10:00", PARIS),  # a Monday, the 1st
    ("2028-02-29 12:00", TORONTO),  # a Tuesday
    ("2027-03-31 23:59", PARIS),  # a Wednesday, the 31st, then the 1st
    ("2026-12-31 23:59", TORONTO),  # a Thursday, already Friday 1 January in Paris
    ("2027-01-01 00:50", PARIS),  # a Friday, still December elsewhere
    ("2027-03-27 23:59", PARIS),  # a Saturday; the Sunday that begins has 23 hours
    ("2027-03-28 01:58", PARIS),  # in two minutes it is 3:00
    ("2027-10-31 02:58", PARIS),  # in two minutes it is 2:00 again
    ("2027-03-14 01:58", TORONTO),
    ("2027-11-07 01:58", TORONTO),
    ("2026-12-06 03:29", PARIS),  # a Sunday; the tasks of the night are due in a minute
)


@contextmanager
def clock(moment: str, zone: str) -> Iterator[dict[str, str]]:
    """What the environment of a process says for it to be that moment in that zone, the machine's and the region's, as it begins."""
    ahead = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)) - datetime.now(UTC)
    moved = int(os.environ.get("AHEAD", "0"))  # this process's own
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's account reads it too
        library = Path(folder) / "ahead.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, ROOT / "tests/ahead.c"], check=True)
        yield {"TZ": zone, "GNETICS_REGION_ZONE": zone, "LD_PRELOAD": str(library), "AHEAD": str(moved + ceil(ahead.total_seconds()))}


def run(moment: str, zone: str, *arguments: str) -> bool:
    """Whether these tests pass then and there."""
    print(f'{moment} {zone}: make day DATE="{moment}" ZONE={zone}', flush=True)
    with clock(moment, zone) as there:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *arguments]
        return subprocess.run(command, env=os.environ | there, cwd=ROOT).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.days", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("moment", nargs="?", help="as 2026-12-31 23:50")
    parser.add_argument("zone", nargs="?", default=PARIS)
    parser.add_argument("--all", action="store_true")
    asked, tests = parser.parse_known_args()
    if not MOVABLE:
        print("days: NOT DONE, only on Linux and with a C compiler can the clock be moved", file=sys.stderr)
        return 0
    if asked.all:
        failed = [moment for moment in MOMENTS if not run(*moment, *RINGS)]
        print("failed on:", failed or "no date")
        return int(bool(failed))
    moment = (asked.moment, asked.zone) if asked.moment else random.choice(MOMENTS)
    return int(not run(*moment, *(tests or ("-m", "day and not soak", *RINGS))))


if __name__ == "__main__":
    sys.exit(main())
