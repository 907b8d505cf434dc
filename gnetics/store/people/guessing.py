"""What slows guessing, and lets nobody keep out somebody else: whoever tries has a count of their own.

A browser in which that person signed in before is counted alone. A strange one is counted with its address for that name, with its
address for all names, and with all other strangers for that name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from gnetics.errors import Refused
from gnetics.store.schema import devices, failed_sign_ins, users

FREE = {"device": 5, "visitor": 5, "address": 30}  # failures before one has to wait: an office shares its address
FORGOTTEN = {"device": timedelta(days=1), "visitor": timedelta(days=1), "address": timedelta(hours=1), "strangers": timedelta(days=1)}
LONGEST_WAIT = 300  # seconds
# Strangers' tries of one name, from however many addresses: 960 at once, then one a minute, so 2,400 on the first day and 1,440 on any
# other (OWASP's ASVS allows 100 an hour); hopeless against ten characters that are neither common nor a name. Those who already tried
# it 3 times stop at 100: the rest is for newcomers. To keep a new browser out takes 320 addresses at once and 480 others each day.
EACH = timedelta(minutes=1)
AT_ONCE, OF_NEWCOMERS, NEWCOMER = 100, 960, 3


@dataclass(frozen=True)
class Visitor:
    """Where a try comes from: `device` is the long-lived cookie of a browser, "" if it has none."""

    address: str
    device: str = ""


@dataclass(frozen=True)
class Try:
    """A try that was counted, and under which subjects: of its own first."""

    subjects: tuple[str, ...]

    def succeeded(self, connection: Connection) -> None:
        """What is its own is forgotten, what it shares with others is as before."""
        connection.execute(delete(failed_sign_ins).where(failed_sign_ins.c.subject == self.subjects[0]))
        shared = failed_sign_ins.c.subject.in_(self.subjects[1:]), failed_sign_ins.c.count > 0
        connection.execute(update(failed_sign_ins).where(*shared).values(count=failed_sign_ins.c.count - 1))


def count(connection: Connection, name: str, visitor: Visitor, now: datetime) -> Try:
    """One more try of this folded name; raises Refused, and counts nothing, while it has to wait."""
    _forget(connection, now)
    if is_known(connection, name, visitor.device):
        subjects: tuple[str, ...] = (f"device:{digest(visitor.device)}:{name}",)
    else:
        place = network(visitor.address)
        subjects = (f"visitor:{place}:{name}", f"address:{place}", f"strangers:{name}")
    theirs = select(failed_sign_ins).where(failed_sign_ins.c.subject.in_(subjects))
    kept = {row["subject"]: row for row in connection.execute(theirs).mappings()}
    own = kept.get(subjects[0])
    limit = OF_NEWCOMERS if own is None or own["count"] < NEWCOMER else AT_ONCE
    new = [_counted(subject, kept.get(subject), limit, now) for subject in subjects]
    for row in new:
        known = row["subject"] in kept
        verb = update(failed_sign_ins).where(failed_sign_ins.c.subject == row["subject"]) if known else insert(failed_sign_ins)
        connection.execute(verb.values(row))
    return Try(subjects)


def network(address: str) -> str:
    """One visitor's addresses count as one: IPv6 gives each of them 2⁶⁴."""
    try:
        ip = ip_address(address)
    except ValueError:  # as a proxy wrote it
        return address
    if isinstance(ip, IPv6Address) and not ip.ipv4_mapped:
        return str(ip_network((int(ip), 64), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def is_known(connection: Connection, name: str, device: str) -> bool:
    """Whether the person of that folded name signed in before in the browser with that cookie."""
    theirs = select(devices.c.digest).join(users, users.c.name == devices.c.user)
    found = theirs.where(users.c.name_fold == name, devices.c.digest == digest(device))
    return connection.execute(found).first() is not None


def _forget(connection: Connection, now: datetime) -> None:
    for kind, after in FORGOTTEN.items():
        old = failed_sign_ins.c.subject.startswith(f"{kind}:"), failed_sign_ins.c.last_at < now - after
        connection.execute(delete(failed_sign_ins).where(*old))
    connection.execute(delete(devices).where(devices.c.ends_at <= now))


def _counted(subject: str, kept: RowMapping | None, limit: int, now: datetime) -> dict[str, object]:
    """The row with one more; raises Refused while one has to wait."""
    if kept is None:
        return {"subject": subject, "count": 1, "last_at": now}
    kind = subject.partition(":")[0]
    # later than now: the clock was moved back, and nobody knows how long one has waited
    passed = now - kept["last_at"] if kept["last_at"] <= now else None
    if kind == "strangers":
        return _in_the_pool(subject, kept["count"], passed or timedelta(), limit, now)
    if passed is not None and (left := _wait(kept["count"] - FREE[kind]) - int(passed.total_seconds())) > 0:
        raise _too_many(left)
    return {"subject": subject, "count": kept["count"] + 1, "last_at": now}


def _in_the_pool(subject: str, held: int, passed: timedelta, limit: int, now: datetime) -> dict[str, object]:
    """A leaky bucket: each minute takes one of those held away."""
    gone, rest = divmod(passed, EACH)
    left = max(0, held - gone)
    if left >= limit:
        raise _too_many(int(((left - limit + 1) * EACH - rest).total_seconds()))
    return {"subject": subject, "count": left + 1, "last_at": now - rest}


def _wait(over: int) -> int:
    return 0 if over < 0 else min(2 ** min(over + 1, 10), LONGEST_WAIT)


def _too_many(seconds: int) -> Refused:
    minutes = -(-seconds // 60)
    spoken = f"{seconds}\u00a0s" if seconds <= 60 else f"{minutes}\u00a0min"
    return Refused({"": f"Trop d’essais\u00a0: réessayez dans {spoken}."})
