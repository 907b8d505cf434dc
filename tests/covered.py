"""How much of each folder of the package tests reach, and which modules too little: run by `make coverage`."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from coverage import Coverage

PACKAGE = Path(__file__).resolve().parents[1] / "gnetics"
LEAST = 80  # percent of the lines of a module


def main() -> int:
    measured = Coverage()
    measured.load()
    folders: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    poor: list[str] = []
    for file in sorted(measured.get_data().measured_files()):
        _, lines, _, missed, _ = measured.analysis2(file)
        path = Path(file).relative_to(PACKAGE)
        for total, more in enumerate((len(lines) - len(missed), len(lines))):
            folders[f"{path.parent}/"][total] += more
        if lines and 100 * (len(lines) - len(missed)) < LEAST * len(lines):
            poor.append(f"{path}: {_share(len(lines) - len(missed), len(lines))}, among others line {missed[0]}")
    for folder, (reached, total) in sorted(folders.items()):
        print(f"{folder:32} {_share(reached, total):>6} of {total:5} lines")
    print("", f"Under {LEAST} %:" if poor else f"No module is under {LEAST} %.", *poor, sep="\n")
    return 1 if poor else 0


def _share(reached: int, total: int) -> str:
    return f"{100 * reached / total:.0f} %" if total else "–"


if __name__ == "__main__":
    sys.exit(main())
