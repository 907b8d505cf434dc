"""What people do with mail on a lead's sheet: write, approve what is proposed, reject it, attach a mail to a lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from email.utils import getaddresses
from typing import Any

from gnetics.domain import emails
from gnetics.domain.folding import fold
from gnetics.domain.messages import WAITING, Answer, Matched
from gnetics.domain.rights import Verb
from gnetics.errors import Refused, Unreadable
from gnetics.mail import drafts, outbox
from gnetics.mail.composing import Draft, answer_subject, composed, new_id
from gnetics.mail.outbox import Posted, require_sync
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer, writer_of
from gnetics.store.unit_of_work import UnitOfWork

LONGEST, MOST_PEOPLE = 50_000, 50
NO_ADDRESS = "Votre compte n’a pas d’adresse email\u00a0: demandez à votre administrateur (gnetics user email)."
EXPIRED = "Un nouveau message est arrivé dans cet échange\u00a0: relisez-le avant de répondre."


def send(crm: Crm, user: str, lead_key: int, answers: int | None, draft: Draft, click: str, due_at: datetime | None = None) -> None:
    """What is shown is what is sent, now or then. Raises Refused with what is wrong; the mail that is answered is decided of."""
    require_sync(crm)
    draft = checked(draft)
    with crm.write(user, Verb.SEND) as uow:
        writer = writer_of(uow.connection, user)
        if writer is None:
            raise Refused({"": NO_ADDRESS})
        uow.row("leads", lead_key)
        answered = uow.row("messages", answers) if answers is not None else None
        thread = _chain(answered) if answered else ()
        if answered:
            _decide(uow, answered, Answer.APPROVED, draft.text)
            click = f"answer {answers}"  # two people who approve at once send one mail
        message_id = new_id(writer)
        content = composed(writer, draft, message_id, due_at or uow.now, thread)
        outbox.post(uow, Posted(click, message_id, content, writer.address, draft, lead_key, answers, due_at or uow.now))
        drafts.forget(uow.connection, user, lead_key, answers)
        uow.commit_all()


def reject(crm: Crm, user: str, key: int) -> None:
    """What is proposed to that mail; raises Refused when somebody decided of it before."""
    require_sync(crm)
    with crm.write(user, Verb.SEND) as uow:
        mail = uow.row("messages", key)
        _decide(uow, mail, Answer.REJECTED, None)
        drafts.forget(uow.connection, user, mail["lead_key"] or 0, key)
        uow.commit()


def attach(crm: Crm, user: str, key: int, lead_key: int) -> None:
    """A mail whose lead is not known becomes that lead's; later ones of its address follow."""
    require_sync(crm)
    with crm.write(user, Verb.SAVE_LEAD) as uow:
        mail = uow.row("messages", key)
        if mail["lead_key"] is not None:
            raise Refused({"": "Ce message est déjà rattaché à un contact."})
        uow.row("leads", lead_key)
        uow.update("messages", key, {"lead_key": lead_key, "matched_by": Matched.BY_HAND, "matched_on": f"par {user}"})
        uow.commit()


def checked(draft: Draft) -> Draft:
    """With addresses as they are written; raises Refused, by field."""
    wrong: dict[str, str] = {}
    people: dict[str, tuple[str, ...]] = {}
    for name in ("to", "cc"):
        try:
            people[name] = tuple(dict.fromkeys(emails.parse(each) for each in getattr(draft, name) if each.strip()))
        except Unreadable as error:
            wrong[name] = str(error)
    if not wrong and not people["to"]:
        wrong["to"] = "Donnez au moins un destinataire."
    if not wrong and len(people["to"]) + len(people["cc"]) > MOST_PEOPLE:
        wrong["to"] = f"{MOST_PEOPLE} destinataires au plus."
    if not draft.text.strip():
        wrong["text"] = "Le message est vide."
    if len(draft.text) > LONGEST:
        wrong["text"] = f"Le message a {LONGEST} caractères au plus."
    if wrong:
        raise Refused(wrong)
    return Draft(people["to"], people["cc"], " ".join(draft.subject.split()), draft.text.replace("\r\n", "\n"))


def first_draft(mail: Mapping[str, Any] | None, lead: Mapping[str, Any], writer: Writer | None, boxes: Collection[str] = ()) -> Draft:
    """What the editor begins with: to whom the mail was from, those it was also sent to but us, and what is proposed.

    `boxes`: addresses of our mailboxes.
    """
    signature = f"\n\n-- \n{writer.signature}" if writer and writer.signature else ""
    if mail is None:
        return Draft((lead["email"],) if lead["email"] else (), (), "", signature)
    ours = {fold(each) for each in (*boxes, *((writer.address, *writer.aliases) if writer else ()))}
    to = _addresses(mail["reply_to"]) or _addresses(mail["sender"])
    others = [each for each in _addresses(mail["recipients"], mail["cc"]) if fold(each) not in ours and each not in to]
    proposed = mail["reply_text"] if mail["reply_state"] in WAITING else None
    return Draft(tuple(to), tuple(others), answer_subject(mail["subject"]), proposed or signature)


def _decide(uow: UnitOfWork, mail: Mapping[str, Any], state: Answer, text: str | None) -> None:
    """Of what is proposed to a mail, once; a mail that nothing is proposed to is answered all the same."""
    if mail["reply_state"] == Answer.EXPIRED:
        raise Refused({"": EXPIRED})
    open_to = (None, *WAITING, *((Answer.REJECTED,) if state is Answer.APPROVED else ()))  # to reject a text is not to say nothing
    if mail["reply_state"] not in open_to:
        raise Refused({"": f"{mail['reply_by'] or 'Un collègue'} a déjà décidé de cette réponse\u00a0: {mail['reply_state']}."})
    decided = {"reply_state": state, "reply_by": uow.user, "reply_at": uow.now, "reply_final": text}
    uow.update("messages", mail["key"], decided)


def _chain(mail: Mapping[str, Any]) -> tuple[str, ...]:
    """Message-IDs that an answer names, without what we added to tell two mails of one Message-ID apart."""
    found = (mail["thread"], mail["in_reply_to"], mail["message_id"])
    return tuple(dict.fromkeys(each.partition("#")[0] for each in found if each and each.startswith("<")))


def _addresses(*texts: str | None) -> list[str]:
    return list(dict.fromkeys(address for _, address in getaddresses([each for each in texts if each]) if "@" in address))
