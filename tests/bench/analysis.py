"""What an analyst waits for: the import of the package, the frames, every figure by its name, over 100,000 leads; and a manager:
the page of a published analysis."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import nbformat

import gnetics
from gnetics.analysis.figures import PLACES
from gnetics.analysis.opened import OpenCrm
from tests.bench.browsing import OURS, WARMING, load
from tests.bench.leads import make_store
from tests.bench.report import RATIO, Report, best
from tests.bench.served_app import chromium, demo_url
from tests.served import ROOT, publish, serve_afresh

LEADS = 100_000
LOADS = 5
COMPUTED = "#rendered_cells .celltag_g-made"  # the line that comes last, « À jour à … »
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
        _published(report, Path(folder))


def _published(report: Report, folder: Path) -> None:
    """An analysis of one cell that computes nothing, beside Accueil, kernels ready."""
    pages = folder / "notebooks"
    (pages / "analyses").mkdir(parents=True)
    (pages / "accueil.ipynb").write_bytes((ROOT / "notebooks" / "accueil.ipynb").read_bytes())
    place = pages / "analyses" / "bonjour.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('Bonjour')")]), place)
    served = {"notebooks_dir": str(pages), "database_url": demo_url(folder / "demo"), "user": "Ana"}
    publish(place, **served)
    home: list[float] = []
    analysis: list[float] = []
    visits = count(1)
    warming = report.size(WARMING, quick=0)
    with serve_afresh(folder / "log", **served, pools="accueil=1", log_level="DEBUG") as server, chromium(folder / "profile") as browser:
        for _ in range(warming + report.size(LOADS)):
            server.wait_until_warm(next(visits))
            home.append(load(report, browser, server.url, OURS))
            server.wait_until_warm(len(home) + 1)  # nothing is made beside it
            analysis.append(load(report, browser, f"{server.url}voila/render/analyses/bonjour.ipynb", COMPUTED))
    report("accueil", 1000 * median(home[warming:]), "ms")
    report("published", 1000 * median(analysis[warming:]), "ms")
    report("published_to_accueil", median(analysis[warming:]) / median(home[warming:]), RATIO, 1.2)


def _leads(path: Path) -> None:
    with closing(gnetics.open_crm(path)) as crm:
        assert len(crm.leads)


def _figures(crm: OpenCrm) -> None:
    """Of a period not asked for before, so that nothing is at hand."""
    anew = crm.period("12m").figures
    for name in PLACES:
        getattr(anew, name)()
