"""Rows that bring no identity are the same row at the next import, whatever the version that imported them first."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime

from gnetics.imports.fingerprints import Fingerprints

ROW = {"name": "Élodie  LEFÈVRE", "amount": 123456, "next_follow_up": date(2026, 3, 5), "at": datetime(2026, 3, 5, 9, 30, tzinfo=UTC)}


def test_the_fingerprints_of_stores_that_exist_are_found_again() -> None:
    prints = Fingerprints("import-")
    assert [prints.of(ROW, {"score": "beaucoup"}) for _ in range(2)] == [
        "import-7ecb0d605e21e83057b593c1a109c5546408bc8617cfb525a0d67dbd66859a09",
        "import-6eb337f30710f2c4fb58aee28e9333ec21da208e2b739ea7b06599fad86364cd",  # the second time
    ]
    assert prints.of({}, {}) == "import-b407fb7b14169e13d4675c5538bcb02e5647955b99348f095775065e698cae65"


def test_case_accents_and_order_of_columns_are_the_same_row_and_a_value_more_is_another() -> None:
    prints = [Fingerprints().of(values, {}) for values in ({"name": "Zoé", "job": "x"}, {"job": "X", "name": "ZOE"}, {"name": "Zoé"})]
    assert prints[0] == prints[1] != prints[2]


def test_a_row_seen_takes_the_same_room_whatever_it_says() -> None:
    prints = Fingerprints()
    tracemalloc.start()
    for number in range(1000):
        prints.of({"notes": f"{number} {'x' * 5000}"}, {})
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1000 * 500
