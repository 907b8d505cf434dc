"""Every write names a verb of the table of rights; rights are asked where they are true, in the transaction that writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gnetics.domain.rights import Verb

PACKAGE = Path(__file__).resolve().parents[2] / "gnetics"
OPENERS = {"write", "require"}  # methods of store.crm.Crm


def calls(path: Path) -> Iterator[ast.Call]:
    """Calls of `crm.write`, `app.crm.require` and the like."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENERS:
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if name == "crm" or (name == "self" and path.name == "crm.py"):
                yield node


def verb(call: ast.Call) -> str:
    """`SAVE_LEAD` of `crm.write(user, Verb.SAVE_LEAD)`; that it is one is mypy's to say."""
    return ast.unparse(call.args[1]).removeprefix("Verb.") if len(call.args) == 2 else ""


CALLS = {f"{path.relative_to(PACKAGE)}:{call.lineno}": verb(call) for path in sorted(PACKAGE.rglob("*.py")) for call in calls(path)}


@pytest.mark.parametrize("place", CALLS)
def test_a_write_names_its_verb(place: str) -> None:
    assert CALLS[place] in Verb.__members__, f"{place}: crm.write(user, Verb.…), written out"


def test_every_verb_is_asked_somewhere() -> None:
    assert set(CALLS.values()) >= Verb.__members__.keys()


def test_only_the_command_line_and_the_worker_are_trusted() -> None:
    trusting = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "trusted" and isinstance(node.value, ast.Constant) and node.value.value
    }
    assert {each for each in trusting if not each.startswith("cli/")} == {
        "operations/backup.py",  # what is put back is erased again
        "operations/worker.py",
        "server/opt_out.py",
    }


def test_pages_read_the_store_only_as_their_person_sees_it() -> None:
    """Frames are limited to one's own leads in store/frames.py alone: pages have those of their app, and no other way in."""
    inside: dict[str, set[str]] = {"read": set(), "snapshot": set(), "_stored": set(), "_journal": set(), "_pairs": set()}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("read", "snapshot"):
                owner = node.func.value
                if (owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else "") == "crm":
                    inside[node.func.attr].add(path.relative_to(PACKAGE).as_posix())
            elif isinstance(node, ast.Attribute) and node.attr in inside and node.attr.startswith("_"):
                inside[node.attr].add(path.relative_to(PACKAGE).as_posix())
    assert not [place for place in inside["read"] if place.split("/")[0] in ("pages", "widgets", "state", "metrics")]
    assert {place for place in inside["snapshot"] if place.startswith("pages/")} == {"pages/app.py", "pages/boards/report.py"}
    assert inside["_stored"] == inside["_journal"] == inside["_pairs"] == {"store/frames.py"}
    users_of_the_report = [path for path in PACKAGE.rglob("*.py") if "report_of(" in path.read_text("utf-8")]
    assert {path.name for path in users_of_the_report} == {"report.py", "figures.py"}  # the whole report is the machine's owner's
