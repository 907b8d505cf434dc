"""The address by which whoever had a mail of ours asks for no more: signed, so that nobody else can be unsubscribed or asked about."""

from __future__ import annotations

import base64
import hashlib
import hmac
from binascii import Error

from sqlalchemy import Connection

from gnetics.domain.folding import fold
from gnetics.domain.rights import Verb
from gnetics.mail import suppressions
from gnetics.store import about
from gnetics.store.crm import Crm
from gnetics.store.people import own_addresses

PATH = "desinscription"
KEY = "unsubscribe_key"  # in meta, since migration 0015
LONGEST = 600  # characters of a token
SIGNED = 16  # bytes


def link(connection: Connection, public_url: str, address: str) -> str:
    """For one person; "" while the settings do not say how the web reaches us."""
    folded = (fold(address) or "").encode()
    token = base64.urlsafe_b64encode(_signature(connection, folded) + folded).decode().rstrip("=")
    return f"{public_url.rstrip('/')}/{PATH}?a={token}" if public_url else ""


def address_of(connection: Connection, token: str) -> str | None:
    """None for a token that we have not signed."""
    if len(token) > LONGEST:
        return None
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Error, ValueError):
        return None
    signature, folded = content[:SIGNED], content[SIGNED:]
    if not folded or not hmac.compare_digest(signature, _signature(connection, folded)):
        return None
    return folded.decode("utf-8", "replace")


def unsubscribe(crm: Crm, token: str) -> bool:
    """Whether the token is ours; then nothing more is sent to its address, unless it is a colleague's, and its leads say so."""
    with crm.read() as connection:
        address = address_of(connection, token)
    if address is None:
        return False
    ours = own_addresses.of_all(crm)
    with crm.write("Désinscription", Verb.TASKS) as uow:
        suppressions.opt_out(uow, [address], uow.now.astimezone(uow.region.zone).date(), "lien", ours)
        uow.commit_all()
    return True


def _signature(connection: Connection, folded: bytes) -> bytes:
    key = about.require(connection, KEY)
    return hmac.new(key.encode(), folded, hashlib.sha256).digest()[:SIGNED]
