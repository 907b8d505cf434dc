"""An analyst's notebook is a page from the moment that it ran and was vouched for, until its file is another one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sqlalchemy import select

from gnetics.cli import main
from gnetics.errors import Forbidden, GneticsError, NotFound
from gnetics.operations.publishing import begin, publish
from gnetics.store.analyses import digest_of, folder, forget, published, record, recorded
from gnetics.store.crm import Crm
from gnetics.store.schema import history
from tests.conftest import copied
from tests.store.people.test_rights import add


@pytest.fixture
def writing(crm: Crm, tmp_path: Path) -> Crm:
    """The command line over an empty folder of notebooks."""
    notebooks = tmp_path / "notebooks"
    (notebooks / "analyses").mkdir(parents=True)
    return replace(crm, settings=replace(crm.settings, notebooks_dir=notebooks), trusted=True)


def write(crm: Crm, name: str, *cells: str, **metadata: Any) -> Path:
    """As JupyterLab saves it: with what running it made."""
    ran = [nbformat.v4.new_output("stream", text="secret d’un autre\n")]
    made = [nbformat.v4.new_code_cell(cell, outputs=ran, execution_count=7, metadata={"scrolled": True}) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=made, metadata=metadata | {"widgets": {"x": "secret d’un autre"}})
    place = folder(crm.settings) / f"{name}.ipynb"
    nbformat.write(notebook, place)
    return place


def test_what_is_published_ran_and_keeps_nothing_of_what_it_showed(writing: Crm) -> None:
    place = write(writing, "essai", "print(6 * 7)", title="Un essai")
    made = publish(writing, "Ana", place)
    assert [(each.name, each.title, each.author) for each in published(writing)] == [("essai", "Un essai", "Ana")]
    assert made.digest == digest_of(place.read_bytes()) and made.published_at == writing.clock.now()
    assert "secret" not in place.read_text("utf-8")
    (cell,) = json.loads(place.read_text("utf-8"))["cells"]
    assert (cell["outputs"], cell["execution_count"], cell["metadata"]) == ([], None, {})
    with writing.read() as connection:
        noted = connection.execute(select(history.c.who, history.c.after).where(history.c.field == "analyse essai")).one()
    assert tuple(noted) == ("Ana", made.digest)


def test_another_file_is_not_published_until_it_is_again(writing: Crm) -> None:
    place = write(writing, "essai", "1")
    publish(writing, "Ana", place)
    before = place.read_bytes()
    place.write_bytes(before + b" ")
    assert published(writing) == [] and len(recorded(writing)) == 1
    place.write_bytes(before)
    assert len(published(writing)) == 1
    place.unlink()
    assert published(writing) == []


def test_what_is_withdrawn_is_no_page_and_stays_a_file(writing: Crm) -> None:
    place = write(writing, "essai", "1")
    publish(writing, "Ana", place)
    forget(writing, "Ana", "essai")
    assert recorded(writing) == [] and place.exists()
    with pytest.raises(NotFound):
        forget(writing, "Ana", "essai")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import os\nos._exit(1)", "brutalement"),
        ("import gnetics\ngnetics.open_crm(write=True)", "sans y écrire"),
        ("import gnetics\ngnetics.open_crm(as_user='Ana')", "as_user"),
    ],
)
def test_what_does_not_run_as_a_page_is_not_published(writing: Crm, cell: str, said: str) -> None:
    place = write(writing, "essai", cell)
    before = place.read_bytes()
    with pytest.raises(GneticsError, match=said):
        publish(writing, "Ana", place)
    assert recorded(writing) == [] and place.read_bytes() == before


@pytest.mark.parametrize("content", ["", "{}", "[]", "pas du JSON", '{"cells": 3}', "\x00"])
def test_a_file_that_is_no_notebook_is_one_sentence(writing: Crm, content: str) -> None:
    place = folder(writing.settings) / "essai.ipynb"
    place.write_text(content, "utf-8")
    with pytest.raises(GneticsError, match="lisible"):
        publish(writing, "Ana", place)


def test_only_a_file_of_the_folder_is_an_analysis(writing: Crm, tmp_path: Path) -> None:
    inside = write(writing, "essai", "1")
    outside = tmp_path / "essai.ipynb"
    outside.write_bytes(inside.read_bytes())
    linked, named = inside.with_name("lien.ipynb"), inside.with_name("mon essai.ipynb")
    linked.symlink_to(outside)
    named.write_bytes(inside.read_bytes())
    for wrong in (
        outside,
        linked,
        named,
        inside.with_suffix(".py"),
        inside.with_name("absent.ipynb"),
        inside.parent / ".." / "essai.ipynb",
    ):
        with pytest.raises(GneticsError):
            publish(writing, "Ana", wrong)


def test_publishing_is_for_administrators(writing: Crm) -> None:
    add(writing, Ana="édition", Chef="administration")
    asked = replace(writing, trusted=False)
    made = publish(asked, "Chef", write(writing, "essai", "1"))
    with pytest.raises(Forbidden):
        record(asked, replace(made, author="Ana"))
    with pytest.raises(Forbidden):
        forget(asked, "Ana", "essai")


def test_a_new_analysis_runs_as_it_is(writing: Crm) -> None:
    place = begin(writing.settings, "Délais d’été : où ?")
    assert place == folder(writing.settings) / "delais-d-ete-ou.ipynb"
    assert json.loads(place.read_text("utf-8"))["metadata"]["title"] == "Délais d’été : où ?"
    assert publish(writing, "Ana", place).title == "Délais d’été : où ?"
    for title in ("Délais d’été : où ?", "…", ""):
        with pytest.raises(GneticsError):
            begin(writing.settings, title)


def test_the_command_line_begins_publishes_lists_and_withdraws(
    empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(empty_store, tmp_path / "gnetics.db")
    for name, value in {"DATA_DIR": tmp_path, "NOTEBOOKS_DIR": tmp_path, "USER": "Ana"}.items():
        monkeypatch.setenv(f"GNETICS_{name}", str(value))
    place = tmp_path / "analyses" / "essai.ipynb"
    commands = (["new-analysis", "Essai"], ["publish", str(place)], ["analyses"], ["unpublish", str(place)], ["analyses"])
    said = []
    for command in commands:
        assert main(command) == 0
        said.append(capsys.readouterr().out)
    assert str(place) in said[0] and "« Essai » est publiée" in said[1] and "n’est plus publiée" in said[3]
    assert said[2].startswith("essai : « Essai », par Ana le ") and "a changé" not in said[2] and said[4] == ""
    assert main(["publish", str(place)]) == 0
    place.write_text("{}", "utf-8")
    assert main(["analyses"]) == 0 and "son fichier a changé" in capsys.readouterr().out
    assert main(["publish", str(place)]) == 1 and "lisible" in capsys.readouterr().err
