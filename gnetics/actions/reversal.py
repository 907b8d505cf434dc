"""Taking back a whole transaction: each row it wrote gets its values of before, save what somebody changed since."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import and_, select

from gnetics.actions.earlier_values import Kept, Line, earlier, told
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.leads import title
from gnetics.store.canonical import ENTITY
from gnetics.store.duplicates import chunks
from gnetics.store.schema import history
from gnetics.store.unit_of_work import UnitOfWork

_GONE = (Action.DELETED, Action.TAKEN_OVER)
_READ = tuple(history.c[name] for name in ("entity_key", "action", "field", "before", "after"))


def reverse(uow: UnitOfWork, rev: int, action: Action) -> list[Kept]:
    """Take back transaction `rev`; `action` is the word of the history. Says what was edited since, which stays."""
    kept: list[Kept] = []
    for table_name, entity in ENTITY.items():
        mine = and_(history.c.rev == rev, history.c.entity == entity)
        written = uow.connection.execute(select(history.c.entity_key).where(mine).distinct()).scalars().all()
        for chunk in chunks(sorted(written)):
            kept += _reverse_rows(uow, table_name, chunk, rev, action)
    return kept


def _reverse_rows(uow: UnitOfWork, table_name: str, keys: list[int], rev: int, action: Action) -> list[Kept]:
    about = and_(history.c.entity == ENTITY[table_name], history.c.entity_key.in_(keys))
    lines: dict[int, list[Line]] = defaultdict(list)
    # rev + 0: else the index of rev is taken, and all the transaction read again for each few hundred of its rows
    mine = select(*_READ).where(about, history.c.rev + 0 == rev).order_by(history.c.key)
    for line in uow.connection.execute(mine):
        lines[line.entity_key].append(line)
    later = select(history.c.entity_key).where(about, history.c.rev > rev, history.c.field == "")
    moved_on = set(uow.connection.execute(later).scalars())  # deleted, restored or merged since
    kept, staying, returning = [], [], []
    for key, row in uow.rows(table_name, keys).items():
        if row.get("erased_at"):  # nothing brings a person back
            continue
        back = earlier(told(table_name, lines[key]), row)
        if row["deleted"] and key not in moved_on and any(line.action in _GONE and not line.field for line in lines[key]):
            returning.append((row, back.values | ({"merged_into": None} if table_name == "leads" else {})))
        elif row["deleted"] and not row.get("erased"):  # a mail erased since follows its lead, whose figures count it
            continue
        else:
            staying.append((row, back.values))
        if back.edited and table_name == "leads":
            kept.append(Kept(title(row), ", ".join(BY_KEY[name].label for name in back.edited)))
    uow.update_many(table_name, staying, action)
    uow.undelete_many(table_name, returning, action)
    return kept
