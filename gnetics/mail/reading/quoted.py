"""What the author of a mail wrote, apart from what is quoted or signs it; line by line, in a time that grows with the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from gnetics.mail.reading import headings
from gnetics.mail.reading.headings import Page

SIGNATURE = 15  # lines that say something: more of them is no signature
_PROGRAM = "|".join(
    (
        "outlook|yahoo|gmail|orange|la ?poste|sfr|free|bouygues|proton|spark|zimbra|typeapp|courrier|courriel|mail|messagerie",
        "samsung|huawei|xiaomi|blackberry|iphone|ipad|ios|android|mobile|smartphone|téléphone|tablette",
    )
)
_DEVICE = re.compile(
    "|".join(
        (
            r"envoyé (?:de|depuis) mon (?!côté)[\w .+'’()-]{2,100}",
            rf"envoyé (?:de|depuis|à partir de|avec|via|par) [^.!?]{{0,24}}\b(?:{_PROGRAM})\b.{{0,100}}",
            r"sent from my [\w .+'’()-]{2,40}",
            rf"sent (?:from|with|via) [^.!?]{{0,24}}\b(?:{_PROGRAM})\b.{{0,100}}",
            r"(?:télécharge[rz]|obten(?:ez|ir)|get) outlook (?:pour|for) .{2,100}",
            r"provenance\s?: courrier .{2,60}",
        )
    ),
    re.IGNORECASE,
)


class Parted(NamedTuple):
    """`quoted`: all that was cut, in its order, signature included."""

    written: str
    quoted: str


def part(text: str) -> Parted:
    """Answers between and below quotes are written; so is whatever might be."""
    lines = text.split("\n")
    page = headings.page(lines)
    written: list[str] = []
    quoted: list[str] = []
    at = 0
    while at < len(lines):
        if cut := _cut_at(page, at):
            _move_rules(written, quoted)
            quoted += lines[at : at + cut]
        else:
            written.append(lines[at])
        at += max(cut, 1)
    return Parted(_joined(written), _joined(quoted))


def _cut_at(page: Page, line: int) -> int:
    """How many lines from this one nobody wrote in this mail."""
    if page.marked[line] or page.closes(line):
        return page.heading(line) or 1  # its heading may be folded onto a line without a mark
    if length := page.heading(line):
        return length if page.answers_below(line + length) else len(page.bare)
    return _signature(page, line)


def _signature(page: Page, line: int) -> int:
    if _DEVICE.fullmatch(page.bare[line]):
        below = page.bare[line + 1]
        return 1 if not below or headings.is_rule(below) or _ends(page, line + 1) else 0
    if page.bare[line] not in ("--", "—"):
        return 0
    at, said = line + 1, 0
    while not _ends(page, at):
        said += bool(page.bare[at])
        at += 1
        if said > SIGNATURE:
            return 0
    return at - line


def _ends(page: Page, line: int) -> bool:
    """Whether what was written ends here, with the mail or a quote."""
    return line >= len(page.bare) or page.marked[line] or page.heading(line) > 0


def _move_rules(written: list[str], quoted: list[str]) -> None:
    """The « ______ » above a quote goes with it."""
    moved: list[str] = []
    while written and (not written[-1].strip() or headings.is_rule(written[-1])):
        moved.append(written.pop())
    quoted += reversed(moved)


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")
