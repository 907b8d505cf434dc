"""The clock that `make day` moves: dates are others, waits last as long as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime

import pytest

from tests.days import MOMENTS, MOVABLE, PARIS, TORONTO, clock
from tests.served import ROOT

TOLD = """
import threading, time
from datetime import datetime
from gnetics import settings
begun = time.monotonic()
threading.Event().wait(0.1)
time.sleep(0.1)
print(datetime.now().isoformat(" ", "minutes"), settings.load().clock.now().isoformat(" ", "minutes"), time.monotonic() - begun < 10)
"""


@pytest.mark.skipif(not MOVABLE, reason="not Linux, or no C compiler")
@pytest.mark.parametrize(("zone", "ahead"), [(PARIS, "+01:00"), (TORONTO, "-05:00")])
def test_it_is_another_day_for_a_process_and_its_children_and_a_wait_ends(zone: str, ahead: str) -> None:
    with clock("2028-02-29 12:00", zone) as there:
        told = subprocess.run(
            [sys.executable, "-c", TOLD], cwd=ROOT, env=os.environ | there, capture_output=True, text=True, timeout=60, check=True
        )
    assert told.stdout == f"2028-02-29 12:00 2028-02-29 12:00{ahead} True\n"


def test_every_day_of_the_week_is_tried_and_both_zones() -> None:
    assert {datetime.fromisoformat(moment).weekday() for moment, _ in MOMENTS} == set(range(7))
    assert {zone for _, zone in MOMENTS} == {PARIS, TORONTO}
