"""When two contacts look like one person, and how they are told from siblings, homonyms and colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.fuzz import token_sort_ratio

from gnetics.domain import companies, emails
from gnetics.domain.leads import same_person
from gnetics.domain.names import alike, may_be_one, words, words_alike

Kind = Literal["certain", "probable", "partagé"]
CERTAIN: Kind = "certain"
PROBABLE: Kind = "probable"
SHARED: Kind = "partagé"  # one telephone or mailbox, two people: a switchboard, a family, « contact@ »
_SAME_EMAIL, _SAME_BOX = "même email", "même boîte email"
CANDIDATES = 75  # of 100, on folded names with their words sorted: below, two names are not even compared word by word
FEW = 10  # leads compared with their whole domain
BLOCK = 400  # names compared with one another at a time, so that a huge domain stays quick

_FREE = frozenset({
    "aim.com", "alice.fr", "aliceadsl.fr", "aol.com", "aol.fr", "bbox.fr", "bell.net", "bluewin.ch", "cegetel.net",
    "club-internet.fr", "duck.com", "fastmail.com", "free.fr", "gmail.com", "gmx.com", "gmx.fr", "gmx.net", "googlemail.com",
    "hey.com", "hotmail.be", "hotmail.ca", "hotmail.ch", "hotmail.com", "hotmail.fr", "icloud.com", "laposte.net",
    "libertysurf.fr", "live.be", "live.ca", "live.com", "live.fr", "mac.com", "mail.com", "me.com", "msn.com", "neuf.fr",
    "noos.fr", "numericable.fr", "orange.fr", "outlook.be", "outlook.com", "outlook.fr", "pm.me", "proton.me", "protonmail.com",
    "rogers.com", "sfr.fr", "skynet.be", "sympatico.ca", "telenet.be", "tutanota.com", "videotron.ca", "voila.fr", "wanadoo.fr",
    "yahoo.ca", "yahoo.com", "yahoo.fr", "yandex.com", "ymail.com", "zoho.com",
})  # fmt: skip


def email_domain(email_fold: str | None, email_check: str) -> str | None:
    """The domain shared by colleagues; None for an unreadable email or a free provider."""
    if email_fold is None or email_check == "invalide":
        return None
    domain = email_fold.rpartition("@")[2]
    return None if domain in _FREE else domain


@dataclass(frozen=True, slots=True)
class Verdict:
    """« certain » and « probable » as rule F of the figures has them, but for the telephones that people share, and for the near
    spellings in one company, which are told and not counted."""

    kind: Kind
    reason: str


def verdict(one: Mapping[str, Any], other: Mapping[str, Any]) -> Verdict | None:
    """What two leads have in common, from their folded columns; None when nothing says they are one person, or they are two deals of it."""
    if same_person(one, other):
        return None
    email, phone, names = _same(one, other, "email_fold"), _same(one, other, "phone_e164"), (one["name_fold"], other["name_fold"])
    box = email or _one_box(one["email_fold"], other["email_fold"])
    own = box and ((email and not emails.is_shared(one["email_fold"])) or may_be_one(*names))  # a family may have a « +tag » each
    reasons = [_SAME_EMAIL if email else _SAME_BOX] if own else []
    if phone and (own or may_be_one(*names)):
        reasons.append("même téléphone")
    if reasons:
        return Verdict(CERTAIN, ", ".join(reasons))
    company = companies.same(one["company_fold"], other["company_fold"])
    if company and _same(one, other, "name_fold"):
        return Verdict(PROBABLE, "même nom et même entreprise")
    if _same(one, other, "email_domain") and alike(*names):
        return Verdict(PROBABLE, f"noms semblables, même domaine {one['email_domain']}")
    if company and alike(*names):
        return Verdict(PROBABLE, "noms semblables, même entreprise")
    if box:
        return Verdict(SHARED, "même boîte commune, autre nom")
    return Verdict(SHARED, "même téléphone, autre nom") if phone else None


def _one_box(one: str | None, other: str | None) -> bool:
    return bool(one and other) and emails.mailbox(one or "") == emails.mailbox(other or "")


def _same(one: Mapping[str, Any], other: Mapping[str, Any], column: str) -> bool:
    return bool(one[column]) and one[column] == other[column]


def near_pairs(names: Mapping[int, str], wanted: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """(low, high) keys of leads of one domain or company, one of them `wanted`, whose folded names are alike."""
    if len(names) < 2:
        return
    spelt = {key: words(name) for key, name in names.items()}
    if len(wanted) <= FEW:
        yield from _pairs(list(wanted), list(spelt), spelt)
        return
    ordered = sorted(spelt, key=lambda key: (sorted(spelt[key].split()), key))
    for start in range(0, len(ordered), BLOCK):  # spelt alike, they are neighbours in alphabetical order
        block = ordered[start : start + BLOCK]
        yield from (pair for pair in _pairs(block, block, spelt) if wanted & set(pair))


def _pairs(ones: list[int], others: list[int], spelt: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    likeness = process.cdist([spelt[key] for key in ones], [spelt[key] for key in others], scorer=token_sort_ratio, score_cutoff=CANDIDATES)
    for row, column in zip(*likeness.nonzero(), strict=True):
        one, other = ones[row], others[column]
        if one != other and words_alike(spelt[one], spelt[other]):
            yield min(one, other), max(one, other)
