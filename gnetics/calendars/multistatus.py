"""What CalDAV servers are asked, and what they answer about many addresses at once (RFC 4918, 4791, 6578)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

DAV, CALDAV = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_OPEN = '<?xml version="1.0" encoding="utf-8"?><d:{0} xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
WHAT_IS_IT = (
    _OPEN.format("propfind") + "<d:prop><d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/>"
    "<c:supported-calendar-component-set/></d:prop></d:propfind>"
)
ETAGS = _OPEN.format("propfind") + "<d:prop><d:resourcetype/><d:getetag/></d:prop></d:propfind>"


@dataclass(frozen=True)
class Told:
    """Of one address, by its `href` as written; `found` are the properties that it has, `status` of the address itself when it has none."""

    href: str
    status: int
    found: dict[str, Any]

    def text(self, name: str) -> str:
        element = self.found.get(name)
        return (element.text or "").strip() if element is not None else ""

    def href_of(self, name: str) -> str:
        """The first address in that property."""
        element = self.found.get(name)
        return (element.findtext(f"{DAV}href") or "").strip() if element is not None else ""

    def is_a(self, kind: str) -> bool:
        element = self.found.get(f"{DAV}resourcetype")
        return element is not None and element.find(kind) is not None

    @property
    def takes_events(self) -> bool:
        """A calendar that says nothing of it does."""
        element = self.found.get(f"{CALDAV}supported-calendar-component-set")
        return element is None or not len(element) or any(each.get("name") == "VEVENT" for each in element)


@dataclass(frozen=True)
class Multistatus:
    told: list[Told]
    token: str  # by which the server knows this answer; "" where it gives none


def changes_since(token: str) -> str:
    return (
        f"{_OPEN.format('sync-collection')}<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
        "<d:prop><d:getetag/></d:prop></d:sync-collection>"
    )


def contents_of(hrefs: Iterable[str]) -> str:
    named = "".join(f"<d:href>{escape(href)}</d:href>" for href in hrefs)
    return (
        _OPEN.format("multiget").replace("d:multiget", "c:calendar-multiget")
        + f"<d:prop><d:getetag/><c:calendar-data/></d:prop>{named}</c:calendar-multiget>"
    )


def read(content: bytes) -> Multistatus:
    """Raises ValueError for what is no such answer, or is cut; nothing that it names is fetched or expanded."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    if root is None or root.tag != f"{DAV}multistatus":
        raise ValueError("no multistatus")
    return Multistatus([_told(each) for each in root.findall(f"{DAV}response")], (root.findtext(f"{DAV}sync-token") or "").strip())


def _told(response: Any) -> Told:
    found: dict[str, Any] = {}
    statuses = [_status(response)] if response.find(f"{DAV}status") is not None else []
    for part in response.findall(f"{DAV}propstat"):
        statuses.append(_status(part))
        if statuses[-1] == 200:
            found.update((each.tag, each) for each in part.find(f"{DAV}prop"))
    return Told((response.findtext(f"{DAV}href") or "").strip(), 200 if found else min(statuses, default=0), found)


def _status(element: Any) -> int:
    """« HTTP/1.1 404 Not Found »."""
    words = (element.findtext(f"{DAV}status") or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0
