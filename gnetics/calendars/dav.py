"""The few verbs of CalDAV that are needed, on the calendar of one account: each within bounds, no secret in what is said or shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.parse import quote as quoted

import requests

from gnetics.calendars import multistatus
from gnetics.calendars.multistatus import CALDAV, DAV, Multistatus, Told
from gnetics.domain.quoting import quote
from gnetics.errors import CalendarError, GneticsError
from gnetics.imports.timed_session import session
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.credentials import WAYS
from gnetics.store.duplicates import chunks

SILENCE = (10, 60)  # seconds: to connect, between two pieces of an answer
PATIENCE = 120.0  # seconds of a whole answer
LARGEST = 50 * 2**20  # bytes of an answer
ALL_SECONDS, ALL_BYTES = 600.0, 4 * LARGEST  # of all that a calendar says of itself in a turn
PARTS = 1_000  # in which changes may come
AT_ONCE = 200  # events whose content is asked in one request
_PIECE = 2**16
_MOST_REDIRECTIONS = 5
_WELL_KNOWN = "/.well-known/caldav"  # RFC 6764
_CALENDAR = "text/calendar; charset=utf-8"
_MOVED = {301, 302, 307, 308}
_WHY = {
    401: "refuse le nom ou le mot de passe.",
    403: "ne permet pas cette action\u00a0: vérifiez les droits de ce compte sur cet agenda.",
    404: "n’a pas d’agenda à cette adresse\u00a0: vérifiez-la.",
    507: "n’a plus de place pour cet agenda.",
}
_LONG = "répond trop longuement\u00a0: rien n’est changé."


class Refused(CalendarError):
    """The server answered, and does not do it."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Changes:
    """`etags` by href, None for what is gone; `whole`: what is not in it is gone too. `token` asks for what comes after."""

    etags: dict[str, str | None]
    token: str
    whole: bool


@dataclass(frozen=True)
class Content:
    etag: str
    text: str


@dataclass
class Server:
    """As one account speaks to it. Hrefs are paths, without the escapes of addresses."""

    account: CalendarAccount
    asked: int = 0  # requests
    _session: requests.Session = field(default_factory=lambda: session(PATIENCE, SILENCE[1]), repr=False)
    _secret: str | None = field(default=None, repr=False)
    _seconds: float = 0.0
    _bytes: int = 0

    def close(self) -> None:
        self._session.close()

    def calendar(self) -> str:
        """The address of the account's calendar: what the settings say, or the only one that is found from there."""
        told, address = self._properties(self.account.url)
        if told is None and not urlsplit(self.account.url).path.strip("/"):
            told, address = self._properties(urljoin(self.account.url, _WELL_KNOWN))
        if told is None:
            raise Refused(self._said(_WHY[404]), 404)
        if told.is_a(f"{CALDAV}calendar"):
            return address
        home = told.href_of(f"{CALDAV}calendar-home-set")
        if not home and (principal := told.href_of(f"{DAV}current-user-principal")):
            told, address = self._properties(self._within(address, principal))
            home = told.href_of(f"{CALDAV}calendar-home-set") if told else ""
        return self._only_one(self._within(address, home or address))

    def changes(self, calendar: str, token: str) -> Changes:
        """Since that token; whole without one, or when the server does not know it any more."""
        etags: dict[str, str | None] = {}
        whole = not token
        for _ in range(PARTS):
            known = len(etags)
            try:
                answer = self._multistatus("REPORT", calendar, multistatus.changes_since(token), "1" if whole else "0")
            except Refused as refused:
                if refused.status in (401, 404) or (refused.status >= 500 and refused.status != HTTPStatus.NOT_IMPLEMENTED):
                    raise
                if not token or etags:
                    return self._listed(calendar)
                token, whole = "", True
                continue
            for told in answer.told:
                href = self._href(calendar, told.href)
                if href is not None and told.status != HTTPStatus.INSUFFICIENT_STORAGE:
                    etags[href] = None if told.status == HTTPStatus.NOT_FOUND else told.text(f"{DAV}getetag")
            if not _is_part(answer):
                return Changes(etags, answer.token, whole)
            if answer.token in ("", token) or len(etags) == known:  # it does not say how to ask for the rest, or never gives it
                return self._listed(calendar)
            token = answer.token
        raise CalendarError(self._said(_LONG))

    def read(self, calendar: str, hrefs: Sequence[str]) -> dict[str, Content]:
        """What stands at these addresses, without those that are gone meanwhile."""
        found: dict[str, Content] = {}
        for some in chunks(hrefs, AT_ONCE):
            answer = self._multistatus("REPORT", calendar, multistatus.contents_of(map(_escaped, some)), "1")
            told = {href: each for each in answer.told if (href := self._href(calendar, each.href)) in some and href is not None}
            if len(told) < len(some):
                raise CalendarError(self._said("n’a pas rendu tous les événements demandés\u00a0: rien n’est changé."))
            for href, each in told.items():
                if each.status != HTTPStatus.NOT_FOUND:
                    found[href] = Content(each.text(f"{DAV}getetag"), each.text(f"{CALDAV}calendar-data"))
        return found

    def put(self, calendar: str, href: str, text: str, etag: str) -> str:
        """The new etag, "" where the server gives none; raises Refused (412) when there is another version, or without `etag` any."""
        known = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        answer = self._asked("PUT", urljoin(calendar, _escaped(href)), text, {"Content-Type": _CALENDAR, **known})
        self._require(answer, 200, 201, 204)
        return str(answer.headers.get("ETag", ""))

    def delete(self, calendar: str, href: str, etag: str) -> None:
        """Raises Refused (412) when there is another version; nobody is told by the server (RFC 6638, 8.1)."""
        answer = self._asked("DELETE", urljoin(calendar, _escaped(href)), "", {"If-Match": etag, "Schedule-Reply": "F"})
        self._require(answer, 200, 202, 204, 404)

    def _listed(self, calendar: str) -> Changes:
        """Of a server without tokens."""
        answer = self._multistatus("PROPFIND", calendar, multistatus.ETAGS, "1")
        if _is_part(answer):
            raise CalendarError(self._said("n’a rendu qu’une partie de l’agenda : rien n’est changé."))
        etags = {
            href: each.text(f"{DAV}getetag")
            for each in answer.told
            if (href := self._href(calendar, each.href)) is not None and not each.is_a(f"{DAV}collection")
        }
        return Changes(dict(etags), "", True)

    def _only_one(self, home: str) -> str:
        answer = self._multistatus("PROPFIND", home, multistatus.WHAT_IS_IT, "1")
        there = [each for each in answer.told if each.is_a(f"{CALDAV}calendar") and each.takes_events]
        if len(there) == 1:
            return self._within(home, there[0].href)
        if not there:
            raise CalendarError(self._said("n’a pas d’agenda pour ce compte\u00a0: vérifiez l’adresse, ou créez-en un là-bas."))
        named = " ; ".join(f"{quote(each.text(f'{DAV}displayname') or each.href)} {self._within(home, each.href)}" for each in there[:10])
        raise CalendarError(self._said(f"a plusieurs agendas\u00a0: donnez à url l’adresse de l’un d’eux. {named}."))

    def _properties(self, address: str) -> tuple[Told | None, str]:
        """(what stands there, its address after redirections); None where nothing does that speaks of itself."""
        answer = self._asked("PROPFIND", address, multistatus.WHAT_IS_IT, {"Depth": "0"})
        if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED):
            return None, address
        self._require(answer, 207)
        told = self._read(answer).told
        return (told[0] if told else None), _as_folder(str(answer.url))

    def _multistatus(self, method: str, address: str, body: str, depth: str) -> Multistatus:
        begun = time.monotonic()
        answer = self._asked(method, address, body, {"Depth": depth})
        self._require(answer, 207)
        self._seconds += time.monotonic() - begun
        self._bytes += len(answer.content)
        if self._seconds > ALL_SECONDS or self._bytes > ALL_BYTES:
            raise CalendarError(self._said(_LONG))
        return self._read(answer)

    def _read(self, answer: requests.Response) -> Multistatus:
        try:
            return multistatus.read(answer.content)
        except ValueError as error:
            raise CalendarError(self._said("répond autre chose qu’un agenda (CalDAV), ou une réponse coupée.")) from error

    def _href(self, calendar: str, written: str) -> str | None:
        """The path of what stands within the calendar; None for the calendar itself. What is elsewhere is an answer of another one."""
        path, own = unquote(urlsplit(self._within(calendar, written)).path), unquote(urlsplit(calendar).path)
        if path.rstrip("/") == own.rstrip("/"):
            return None
        if not path.startswith(own) or "/" in path[len(own) :].rstrip("/"):
            raise CalendarError(self._said("répond pour un autre agenda que celui demandé\u00a0: rien n’est changé."))
        return path

    def _within(self, base: str, written: str) -> str:
        """The address that is written, on the same server only."""
        try:
            address = urljoin(base, written)
            here, there = urlsplit(base), urlsplit(address)
            same = (there.scheme, there.hostname, _port(there)) == (here.scheme, here.hostname, _port(here))
        except ValueError:
            same = False
        if not same:
            raise CalendarError(self._said("renvoie vers un autre serveur\u00a0: donnez à url l’adresse de l’agenda lui-même."))
        return address

    def _asked(self, method: str, address: str, body: str, headers: dict[str, str]) -> requests.Response:
        """A token that is refused is asked for once more, since it lives an hour."""
        answer = self._answer(method, address, body, headers)
        credential = self.account.credential
        if answer.status_code == HTTPStatus.UNAUTHORIZED and credential is not None and credential.is_token:
            self._secret = _obtained(credential.renew)
            answer = self._answer(method, address, body, headers)
        return answer

    def _answer(self, method: str, address: str, body: str, headers: dict[str, str]) -> requests.Response:
        headers = {"Content-Type": "application/xml; charset=utf-8", "User-Agent": "gnetics", "Accept-Encoding": "identity", **headers}
        for _ in range(_MOST_REDIRECTIONS):
            answer = self._sent(method, address, body.encode(), headers)
            if answer.status_code not in _MOVED:
                return answer
            address = self._within(address, answer.headers.get("Location", ""))
        raise CalendarError(self._said("renvoie sans fin d’une adresse à l’autre."))

    def _sent(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        self.asked += 1
        end = time.monotonic() + PATIENCE
        try:
            answer = self._session.request(
                method, address, data=body, headers=headers, auth=self._signed, timeout=SILENCE, allow_redirects=False, stream=True
            )
            answer._content = self._body(answer)
        except requests.exceptions.SSLError as error:
            raise CalendarError(self._said("a un certificat qui n’est pas valable.")) from error
        except (requests.RequestException, OSError, ValueError) as error:
            raise CalendarError(self._said(_LONG if time.monotonic() > end else "ne répond pas, ou s’interrompt.")) from error
        return answer

    def _body(self, answer: requests.Response) -> bytes:
        pieces, size = list[bytes](), 0
        with answer:
            for piece in answer.iter_content(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST:
                    raise CalendarError(self._said(_LONG))
        return b"".join(pieces)

    def _signed(self, request: Any) -> Any:
        credential = self.account.credential
        if credential is None:
            raise CalendarError(f"L’agenda {quote(self.account.name)} n’a pas de secret\u00a0; donnez {', '.join(WAYS)}.")
        self._secret = _obtained(credential.obtain) if self._secret is None else self._secret
        if credential.is_token:
            request.headers["Authorization"] = f"Bearer {self._secret}"
            return request
        return requests.auth.HTTPBasicAuth(self.account.user.encode(), self._secret.encode())(request)

    def _require(self, answer: requests.Response, *statuses: int) -> None:
        status = int(answer.status_code)
        if status not in statuses:
            why = _WHY.get(status) or f"répond «\u00a0{status}\u00a0»{'. Nouvel essai plus tard.' if status >= 500 else '.'}"
            raise Refused(self._said(why), status)

    def _said(self, why: str) -> str:
        return f"Agenda {quote(self.account.name)}\u00a0: le serveur {self.account.host} {why}"


def _obtained(way: Callable[[], str]) -> str:
    """Where it leads to nothing, this calendar cannot be reached: others can."""
    try:
        return way()
    except GneticsError as error:
        raise CalendarError(str(error)) from error


def _escaped(href: str) -> str:
    return quoted(href, safe="/~!$&'()*+,;=:@-._")


def _is_part(answer: Multistatus) -> bool:
    """RFC 6578, 3.6."""
    return any(told.status == HTTPStatus.INSUFFICIENT_STORAGE for told in answer.told)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _as_folder(address: str) -> str:
    return address if address.endswith("/") else f"{address}/"
