"""Saved views of Contacts: each person's own names for sets of filters, order and columns.

They are personal, so synchronisation being inactive does not keep them from being saved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import delete, func, insert, select, update

from gnetics.domain import values
from gnetics.domain.folding import fold
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.reading.views import View
from gnetics.store.schema import views

LONGEST, MOST = 60, 50
_GONE = "Cette vue n’existe plus."


def save_view(crm: Crm, user: str, name: str, query: Mapping[str, str]) -> View:
    """A new view; the person's view of the same name, if any, now names this query."""
    name, folded = _checked(name)
    text = json.dumps(dict(query), ensure_ascii=False)
    mine = views.c.user == user
    with crm.write(user, Verb.SAVE_VIEW) as uow:
        key = uow.connection.execute(select(views.c.key).where(mine, views.c.name_fold == folded)).scalar()
        if key is not None:
            uow.connection.execute(update(views).where(views.c.key == key).values(name=name, query=text))
        elif uow.connection.execute(select(func.count()).where(mine)).scalar_one() >= MOST:
            raise Refused({"": f"Vous avez déjà {MOST} vues, le maximum\u00a0: supprimez-en une."})
        else:
            row = {"user": user, "name": name, "name_fold": folded, "query": text}
            key = uow.connection.execute(insert(views).values(row).returning(views.c.key)).scalar_one()
        uow.commit_private()
    return View(key, name, dict(query))


def rename_view(crm: Crm, user: str, key: int, name: str) -> None:
    """Raises Refused when another view of the person has that name, NotFound when the view is not theirs."""
    name, folded = _checked(name)
    with crm.write(user, Verb.SAVE_VIEW) as uow:
        same = select(views.c.key).where(views.c.user == user, views.c.name_fold == folded, views.c.key != key)
        if uow.connection.execute(same).first():
            raise Refused({"": f"Une autre de vos vues s’appelle déjà «\u00a0{name}\u00a0»."})
        mine = update(views).where(views.c.user == user, views.c.key == key).values(name=name, name_fold=folded)
        if not uow.connection.execute(mine).rowcount:
            raise NotFound(_GONE)
        uow.commit_private()


def delete_view(crm: Crm, user: str, key: int) -> None:
    """Raises NotFound when the view is not the person's."""
    with crm.write(user, Verb.SAVE_VIEW) as uow:
        if not uow.connection.execute(delete(views).where(views.c.user == user, views.c.key == key)).rowcount:
            raise NotFound(_GONE)
        uow.commit_private()


def _checked(name: str) -> tuple[str, str]:
    """(name, folded name)."""
    name = values.clean(name)
    folded = fold(name)
    if not folded:
        raise Refused({"": "Donnez un nom à la vue."})
    if len(name) > LONGEST:
        raise Refused({"": f"Le nom d’une vue a {LONGEST} caractères au plus\u00a0; raccourcissez-le."})
    return name, folded
