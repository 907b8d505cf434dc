"""What mail programs write above the mail that one answers or forwards: a rule with a title, a block of fields, « X a écrit : »."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from gnetics.domain.folding import fold

LONGEST = 500  # characters of a line that may be one of these
BLOCK, FOLDED = 14, 4  # lines: of a block of fields, of « Le …, X <adresse> a écrit : »

_PREFIX = re.compile(r"^[>\s]+")
_RULE = re.compile(r"[-_=*‐—–─\s]{3,}")
_DASHES = r"[-_=*‐—–\s]"
_MAIL = r"(?:message|mail|e-?mail|courriel)"
_SENT_ON = r"(?:trans.{2,5}r.{1,2}|r.{1,2}exp.{1,2}di.{1,2})"  # « transféré », « réexpédié », their accents lost or spoilt
_BETWEEN_DASHES = "|".join(
    (
        rf"{_MAIL} (?:d.origine|original|initial|{_SENT_ON})",
        r"rendez-vous d.origine|(?:original|forwarded) (?:message|mail|appointment)",
        r"message de [^<>]{0,80}<[^<>]*@[^<>]*>",
    )
)
_TITLE = re.compile(
    rf"{_DASHES}{{2,24}}(?:{_BETWEEN_DASHES}){_DASHES}{{0,24}}:?"
    rf"|(?:d.{{1,2}}but du {_MAIL} (?:{_SENT_ON}|initial)|begin forwarded message)\s?:",
    re.IGNORECASE,
)
_END = re.compile(rf"{_DASHES}{{2,24}}(?:fin du message|end (?:of )?message) .{{0,160}}", re.IGNORECASE)  # Horde
_FORWARDED = re.compile(rf"{_SENT_ON}|forwarded", re.IGNORECASE)
_MESSAGE_OF = re.compile(r"message du\s?:? ?\d.{0,40}", re.IGNORECASE)  # Orange and La Poste, above « De : »

_FIELD = re.compile(r"[*_]{0,2}([^\d*<>@:]{0,15}?)[*_\s]{0,3}:[*_]{0,2}\s*(.*)")
_NAMES: Final = {
    "de": "from", "from": "from", "expediteur": "from",
    "a": "to", "": "to", "to": "to", "pour": "to", "destinataire": "to",  # "": the « À » of a program that loses accents
    "cc": "cc", "cci": "cc", "copie": "cc", "copie a": "cc", "bcc": "cc",
    "envoye": "date", "envoye le": "date", "envoy": "date", "envoy le": "date", "envoya": "date", "envoya le": "date",
    "sent": "date", "date": "date", "date d'envoi": "date",
    "objet": "subject", "sujet": "subject", "subject": "subject",
    "repondre a": "reply", "reply-to": "reply", "importance": "importance",
}  # fmt: skip
_TIME = re.compile(r"\d{1,2}\s?[:h]\s?\d{2}")
_DAY = re.compile(r"\d{4}|\d{1,2}[/.]\d{1,2}[/.]\d{2}")
_ADDRESS = re.compile(r"[^\s@]@[^\s@]")

_WROTE = re.compile(
    r"(?:(?:(?<![mtsl]['’])(?<![nv]ous )(?<!lui )\ba|\bavez|\bas) .crit(?: (?:le|sur) .{6,40})?"  # not « il m’a écrit »
    r"|\bwrote(?: on .{6,40})?)\s{0,2}(?::|-{2,8})$",
    re.IGNORECASE,
)
_ON_ONE_LINE = re.compile(r"(?:le|on)\s[^<>]{10,160}<[^<>\s]+@[^<>\s]+>\s(?:a écrit|wrote)\s?:\s", re.IGNORECASE)  # Yahoo on Android
_DATED = re.compile(r"-{0,8}\s?(?:le|on)\s", re.IGNORECASE)
_NAMED = re.compile(r"[^<>]{0,80}[<\[(]\S+@\S+[>\])]")
_ACCORDING = re.compile(r"(?:selon|citant|quoting|citation de|en réponse à)\s.{0,120}@.{0,80}:", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """« De : … Objet : … »: how many lines, and each field by its English name."""

    length: int
    fields: dict[str, str]


@dataclass(frozen=True)
class Page:
    """The lines of a text, without the marks of quotes, and which had one; for each, the next line that is not blank."""

    bare: list[str]
    marked: list[bool]
    following: list[int]
    _lengths: dict[int, int] = field(default_factory=dict)

    def heading(self, line: int) -> int:
        """How many lines a heading takes from this one; 0 for none."""
        if line not in self._lengths:
            self._lengths[line] = self._heading(line)
        return self._lengths[line]

    def _heading(self, line: int) -> int:
        if not self.bare[line]:
            return 0
        if _ON_ONE_LINE.match(self.bare[line]):
            return 1
        if self._is_title(line):
            below = self.following[line + 1]
            block = self._block(below, titled=True)
            return below + block.length - line if block else 1
        if block := self._block(line):
            return block.length
        return self._attribution(line)

    def _block(self, start: int, titled: bool = False) -> Block | None:
        found: dict[str, str] = {}
        last, at = "", start
        while at < min(len(self.bare), start + BLOCK) and self.marked[at] == self.marked[start]:
            read = _field(self.bare[at])
            if not (found or (read and (titled or read[0] == "from"))):
                return None
            if read:
                last = read[0]
                found.setdefault(last, read[1])
            elif self.bare[at]:
                found[last] += f" {self.bare[at]}"  # folded
            elif not _field(self.bare[self.following[at]]):
                break
            at += 1
        return Block(at - start, found) if "from" in found and (titled or _is_sure(found)) else None

    def forwarded(self) -> bool:
        """Whether a heading says that what follows was forwarded."""
        return any(_TITLE.fullmatch(line) and _FORWARDED.search(line) for line in self.bare)

    def titled(self) -> bool:
        """Whether it begins with the title of a mail below."""
        return self._is_title(self.following[0])

    def first_block(self) -> Block | None:
        for line in range(len(self.bare)):
            titled = self._is_title(line)
            if block := self._block(self.following[line + 1] if titled else line, titled):
                return block
        return None

    def closes(self, line: int) -> bool:
        """Whether a quote ends with this line."""
        return bool(_END.fullmatch(self.bare[line]))

    def answers_below(self, line: int) -> bool:
        """Whether quotes have marks from here on, so that what has none is no quote."""
        return self.marked[self.following[line]]

    def _is_title(self, line: int) -> bool:
        text = self.bare[line]
        if _MESSAGE_OF.fullmatch(text):
            below = _field(self.bare[self.following[line + 1]])
            return bool(below and below[0] == "from")
        return bool(_TITLE.fullmatch(text))

    def _attribution(self, start: int) -> int:
        """« Le 5 mars 2026 à 10:00, Jean Dupont <jean@exemple.fr> a écrit : », folded or not."""
        joined = ""
        for at in range(start, min(start + FOLDED, len(self.bare))):
            if not self.bare[at]:
                return 0
            joined = f"{joined} {self.bare[at]}".lstrip()
            if joined[-1] in ":-" and (_WROTE.search(joined) or _ACCORDING.fullmatch(joined)):
                return at + 1 - start if self._introduces(joined, at + 1) else 0
            if joined[-1] == ":" and _is_stamped(joined) and _ADDRESS.search(joined):  # in any language
                return at + 1 - start
            if at == start and not (_DATED.match(joined) or _ADDRESS.search(joined) or _is_stamped(joined)):
                return 0
        return 0

    def _introduces(self, text: str, below: int) -> bool:
        """Somebody may tell what another one wrote: then there is no time and no address, or no mark below."""
        if self.answers_below(below):
            return True
        if _DATED.match(text):
            return _is_stamped(text) or bool(_DAY.search(text) and _ADDRESS.search(text))
        return bool(_NAMED.match(text))


def page(lines: list[str]) -> Page:
    """With a blank line after the last one."""
    bare = [_bare(line) for line in lines] + [""]
    marked = [line.lstrip().startswith(">") for line in lines] + [False]
    following = [len(lines)] * (len(bare) + 1)
    for at in range(len(lines) - 1, -1, -1):
        following[at] = at if bare[at] else following[at + 1]
    return Page(bare, marked, following)


def is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line))


def _is_stamped(text: str) -> bool:
    return bool(_TIME.search(text) and _DAY.search(text))


def _bare(line: str) -> str:
    if len(line) > LONGEST:
        return "…"
    return _PREFIX.sub("", line.replace("\u00a0", " ").replace("\u202f", " ")).rstrip()


def _field(line: str) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(line)
    name = _NAMES.get(re.sub("[^a-z' -]", "", fold(match[1]) or "").strip()) if match else None
    return (name, match[2]) if match and name else None


def _is_sure(found: dict[str, str]) -> bool:
    """« De : Paris, À : Lyon, Date : 5 mars » is a journey."""
    if len(found) < 3:
        return False
    return bool(_ADDRESS.search(found["from"]) or ("subject" in found and _TIME.search(found.get("date", ""))))
