"""What an analyst waits for: the import of the package, the frames, every figure by its name, over 100,000 leads."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import gnetics
from gnetics.analysis.figures import PLACES
from gnetics.analysis.opened import OpenCrm
from tests.bench.leads import make_store
from tests.bench.report import Report, best

LEADS = 100_000
IMPORT = "import time; start = time.perf_counter(); import gnetics; print(time.perf_counter() - start)"


def run(report: Report) -> None:
    imported = min(float(subprocess.check_output([sys.executable, "-c", IMPORT], text=True)) for _ in range(3))
    report("import", 1000 * imported, "ms", 50)
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        path = Path(folder) / "leads.db"
        make_store(path, report.size(LEADS)).close()
        report("leads_of_a_file", best(lambda: _leads(path)), "s", 0.7)
        with closing(gnetics.open_crm(path)) as crm:
            report("leads_again", 1000 * best(lambda: crm.leads), "ms")
            report("every_figure", 1000 * best(lambda: _figures(crm)), "ms", 300)
            report("conversion_by_source_and_month", 1000 * best(lambda: crm.figures.conversion(by=("source", "created_month"))), "ms")
            report("cohorts", 1000 * best(crm.figures.cohorts), "ms")
            report("sql", 1000 * best(lambda: crm.sql("select source, count(*) from leads group by source")), "ms")


def _leads(path: Path) -> None:
    with closing(gnetics.open_crm(path)) as crm:
        assert len(crm.leads)


def _figures(crm: OpenCrm) -> None:
    """Of a period not asked for before, so that nothing is at hand."""
    anew = crm.period("12m").figures
    for name in PLACES:
        getattr(anew, name)()
