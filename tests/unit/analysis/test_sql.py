"""SQL over frames: one SELECT, nothing else of the machine, and never for long."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from gnetics.analysis import sql
from gnetics.errors import Refused

LEADS = pd.DataFrame(
    {"status": ["Clos", "Perdu", "Clos"], "amount": pd.array([1.5, None, 2.0], "Float64")}, index=pd.Index([3, 5, 8], name="key")
)


def run(query: str, *params: object, limit: int = 10, seconds: float = 30.0) -> pd.DataFrame:
    return sql.run({"leads": LEADS}, query, params, limit, seconds)


def test_a_select_reads_the_frames_and_their_index() -> None:
    found = run("select status, sum(amount) as total, min(key) as first from leads where status = ? group by status;", "Clos")
    assert found.to_dict("records") == [{"status": "Clos", "total": 3.5, "first": 3}]


def test_what_is_cut_is_said() -> None:
    assert run("select * from leads", limit=2).attrs["cut"] is True and len(run("select * from leads", limit=2)) == 2
    assert run("select * from leads -- tous", limit=3).attrs["cut"] is False


@pytest.mark.parametrize(
    "query",
    [
        "insert into leads values (1, 'x', 2)",
        "delete from leads",
        "drop view leads",
        "select 1; select 2",
        "",
        "pragma database_list",
        "call pragma_version()",
        "set threads = 8",
        "copy leads to '/tmp/gnetics-sql.csv'",
        "attach '/tmp/gnetics-sql.db'",
        "install httpfs",
        "load httpfs",
        "export database '/tmp/gnetics-sql'",
        "selec * from leads",
        "select * from absente",
        "select * from LEADS_OF_THE_NOTEBOOK",
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from read_text('/proc/self/environ')",
        "select getenv('HOME')",
        "select * from 'https://example.org/x.parquet'",
    ],
)
def test_anything_else_is_refused_in_a_sentence(query: str) -> None:
    with pytest.raises(Refused) as found:
        run(query)
    assert "\n" not in str(found.value) and not Path("/tmp/gnetics-sql.csv").exists()


def test_a_query_without_end_is_stopped() -> None:
    with pytest.raises(Refused, match="secondes"):
        run("select count(*) from range(100000000) a, range(100000000) b", seconds=0.5)


def test_a_query_that_wants_all_the_memory_is_stopped() -> None:
    with pytest.raises(Refused, match=r"mémoire|secondes"):
        run("select list(a.range) from range(400000000) a", seconds=20)
