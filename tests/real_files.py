"""Real files of other tools, kept beside the project: where they are not, what they would test is skipped."""

from __future__ import annotations

from pathlib import Path

from gnetics.settings import PROJECT

FIXTURES = PROJECT.parent / "shared" / "fixtures"


def of(folder: str) -> list[Path]:
    return sorted(path for path in (FIXTURES / folder).rglob("*") if path.is_file())
