"""`python -m tests.bench [--soak | --quick] [AREA]`: measures one area or all; exit status 1 when a ratio is over its limit."""

from __future__ import annotations

import argparse
import importlib
from importlib.util import find_spec

from tests.bench.report import Report

AREAS = (
    "store",
    "imports",
    "figures",
    "analysis",
    "page",
    "contacts",
    "duplicates",
    "calendar",
    "mail",
    "reading",
    "automations",
    "serving",
    "load",
    "day",
)


def main() -> int:
    present = [area for area in AREAS if find_spec(f"tests.bench.{area}")]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("area", nargs="?", choices=present, help="all of them by default")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--soak", action="store_true", help="very long series")
    length.add_argument("--quick", action="store_true", help="small sizes, only to see that each area runs to its end")
    asked = parser.parse_args()
    reports = [Report(area, asked.soak, asked.quick) for area in ([asked.area] if asked.area else present)]
    for report in reports:
        importlib.import_module(f"tests.bench.{report.area}").run(report)
    return int(any(report.failed for report in reports))


if __name__ == "__main__":
    raise SystemExit(main())
