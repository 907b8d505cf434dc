"""`import gnetics` is for analysts: instant, and every public name works."""

from __future__ import annotations

import subprocess
import sys

import pytest

import gnetics

LIMIT = 0.1  # seconds


def _python(code: str) -> str:
    return subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_import_is_instant() -> None:
    timing = "import time; start = time.perf_counter(); import gnetics; print(time.perf_counter() - start)"
    assert min(float(_python(timing)) for _ in range(3)) < LIMIT


@pytest.mark.parametrize("name", [*gnetics.__all__])
def test_public_names_exist_and_bring_no_widget(name: str) -> None:
    code = f"import sys, gnetics; gnetics.{name}; print(sorted({{'ipywidgets', 'ipyvuetify', 'voila'}} & sys.modules.keys()))"
    assert _python(code) == "[]"


@pytest.mark.parametrize("module", ["gnetics.server.app", "gnetics.operations.worker"])
def test_server_and_worker_read_no_frame_and_load_nothing_for_them(module: str) -> None:
    modules = f"sys, {module}"
    code = f"import {modules}; print(sorted({{'numpy', 'pandas', 'pyarrow', 'ipywidgets'}} & sys.modules.keys()))"
    assert _python(code) == "[]"


def test_public_names_are_listed_and_found_when_asked_for() -> None:
    assert set(gnetics.__all__) <= set(dir(gnetics))
    assert [getattr(gnetics, name).__module__.startswith("gnetics.") for name in gnetics.__all__] == [True] * len(gnetics.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nimporte"):
        gnetics.nimporte  # noqa: B018
