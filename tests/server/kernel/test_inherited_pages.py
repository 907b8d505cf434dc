"""What kernels inherit of the store and of the pages, and what they do when it cannot be had or is no longer true."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from gnetics.actions.leads import save_lead
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import Crm, open_crm
from gnetics.store.sqlite_file import put
from tests.probes import WAIT, write_probe
from tests.served import ROOT, Served, serve, serve_afresh

LOOK = """
import json, os
from gnetics.pages import opening
from gnetics.pages.faq import page as faq
had = opening.inherited()
inherited = sorted(had._pages) if had else None
true = [key for key in had._pages if had._true(key)] if had else []
faq.show(request)
print("<<" + json.dumps({"inherited": inherited, "true": len(true), "parent": os.getppid(),
                         "leads": len(opening.current_app().snapshot.leads)}) + ">>")
"""
BROKEN = """

_build = build


def build(app):
    import os
    if "VOILA_KERNEL_ID" not in os.environ:
        raise RuntimeError("not in the process that kernels are forked from")
    return _build(app)
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system cannot fork kernels")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write_probe(folder, "accueil", WAIT, LOOK)
    return {"notebooks_dir": str(folder), "user": "Ana", "pools": "", "fork_kernels": "oui"}


def _seen(server: Served) -> dict[str, Any]:
    body = unescape(server.get("voila/render/accueil.ipynb").body)
    found = re.search(r"<<(\{.*?\})>>", body)
    assert found, body
    answer: dict[str, Any] = json.loads(found[1])
    return answer


@pytest.mark.costly
def test_a_kernel_has_what_was_written_since_its_parent_read_the_store(
    crm: Crm, store_url: str, settings: dict[str, str], tmp_path: Path
) -> None:
    save_lead(crm, "Ana", None, {"name": "Léo Petit"}, None, crm.snapshot())
    with serve(tmp_path / "log", database_url=store_url, **settings) as server:
        before = _seen(server)
        save_lead(crm, "Ana", None, {"name": "Inès Martin"}, None, crm.snapshot())
        after, later = _seen(server), _seen(server)
    assert len(before["inherited"]) == before["true"] == 8
    assert (before["leads"], after["leads"]) == (1, 2)
    assert after["inherited"] == before["inherited"] and after["parent"] == before["parent"]
    assert (after["true"], later["true"]) == (0, 8), "between two forks the pages are filled again"
    assert later["leads"] == 2


def test_another_store_in_the_place_of_the_inherited_one_is_noticed(
    empty_store: Path, copy_of_demo: Callable[[], str], settings: dict[str, str], tmp_path: Path
) -> None:
    store = copy_of_demo()
    with serve(tmp_path / "log", database_url=store, **settings) as server:
        before = _seen(server)
        shutil.copy(empty_store, tmp_path / "other.db")
        os.replace(tmp_path / "other.db", str(make_url(store).database))
        last, next_one = _seen(server), _seen(server)
    assert before["leads"] > 0 and before["inherited"]
    assert (last["leads"], last["inherited"]) == (0, None), "the last one of that parent opens the store itself"
    assert next_one["leads"] == 0 and next_one["inherited"] and next_one["parent"] != before["parent"]


def test_a_store_taken_back_leaves_no_later_row_in_the_kernels_to_come(empty_store: Path, settings: dict[str, str], tmp_path: Path) -> None:
    store = Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'gnetics.db')}")

    def add(name: str) -> None:
        with closing(open_crm(store)) as crm:
            save_lead(crm, "Ana", None, {"name": name}, None, crm.snapshot())

    add("Léo Petit")
    back_up(store, tmp_path / "kept")
    add("Inès Martin")
    with serve(tmp_path / "log", database_url=store.url, **settings) as server:
        before = _seen(server)
        put(tmp_path / "kept", tmp_path / "gnetics.db")
        last, next_one = _seen(server), _seen(server)
    assert (before["leads"], last["leads"], next_one["leads"]) == (2, 1, 1)
    assert before["inherited"] and last["inherited"] is None and next_one["inherited"]


def test_a_store_that_does_not_answer_costs_its_visitor_a_sentence_and_the_next_one_nothing(
    copy_of_demo: Callable[[], str], settings: dict[str, str], tmp_path: Path
) -> None:
    store = copy_of_demo()
    file = Path(str(make_url(store).database))
    with serve(tmp_path / "log", database_url=store, **settings) as server:
        before = _seen(server)
        file.rename(tmp_path / "away.db")
        gone = unescape(server.get("voila/render/accueil.ipynb").body)
        (tmp_path / "away.db").rename(file)
        after = _seen(server)
    assert "<<{" not in gone and "Traceback" not in gone
    assert after["inherited"] == before["inherited"] and after["leads"] == before["leads"]


def test_a_page_that_cannot_be_made_ahead_is_made_by_the_kernel_that_shows_it(
    copy_of_demo: Callable[[], str], settings: dict[str, str], tmp_path: Path
) -> None:
    package = tmp_path / "project" / "gnetics"
    shutil.copytree(ROOT / "gnetics", package)
    with (package / "pages" / "faq" / "page.py").open("a") as file:
        file.write(BROKEN)
    with serve_afresh(tmp_path / "log", package.parent, database_url=copy_of_demo(), **settings) as server:
        seen = _seen(server)
        assert "faq cannot be made ahead" in server.log.read_text("utf-8")
    assert len(seen["inherited"]) == 7 and "faq" not in seen["inherited"]
