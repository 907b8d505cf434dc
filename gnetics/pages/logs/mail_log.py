"""The mails as a log that reconciles: received = attached + not attached + ignored, each with its reason."""

from __future__ import annotations

from email.utils import parseaddr

import pandas as pd

from gnetics.domain.folding import fold
from gnetics.pages.logs.log import LogFilters, LogIndex, lead_search, references

ATTACHED, LOOSE, IGNORED, SENT = "rattachés", "non rattachés", "ignorés", "envoyés"
RECEIVED: tuple[str, ...] = (ATTACHED, LOOSE, IGNORED)
WAITING: tuple[str, ...] = ("proposée", "modifiée")  # somebody has to decide
UNANSWERED, NOT_EXPECTED = "sans réponse", "aucune attendue"
REPLY_STATES: tuple[str, ...] = ("proposée", "modifiée", "approuvée", "envoyée", "rejetée", "expirée", UNANSWERED, NOT_EXPECTED)
FACETS: tuple[str, ...] = ("classement", "reponse", "lead")
SORTS: tuple[str, ...] = ("at", "de", "objet", "contact", "reponse")


def filters() -> LogFilters:
    return LogFilters(FACETS, SORTS)


def index(messages: pd.DataFrame, leads: pd.DataFrame) -> LogIndex:
    lead = references(messages["lead_key"], leads)
    sorted_out = classes(messages)
    rows = pd.DataFrame(
        {
            "at": messages["at"],
            "classement": sorted_out,
            "reponse": reply_states(messages, sorted_out),
            "motif": _reasons(messages, sorted_out, leads),
            "lead": lead,
            "de": messages["sender"].map(fold, na_action="ignore"),
            "objet": messages["subject"].map(fold, na_action="ignore"),
            "contact": leads["name_fold"].reindex(messages["lead_key"].astype("float64")).set_axis(messages.index),
            "search": messages["search"],
            "lead_search": lead_search(messages["lead_key"], leads),
        },
        index=messages.index,
    )
    return LogIndex(rows, "classement", aside=[SENT])


def classes(messages: pd.DataFrame) -> pd.Series:
    """Every message in exactly one class; a drop reason wins over a lead, since such a mail starts nothing."""
    found = pd.Series(LOOSE, index=messages.index, dtype=object)
    found[messages["lead_key"].notna()] = ATTACHED
    found[messages["drop_reason"].notna()] = IGNORED
    found[messages["direction"] == "envoyé"] = SENT
    return found.astype(str)


def reply_states(messages: pd.DataFrame, sorted_out: pd.Series) -> pd.Series:
    """The state of the answer to each received message; an answer sent without a proposal counts as sent."""
    sent = messages.loc[messages["direction"] == "envoyé", "in_reply_to"].dropna()
    found = messages["reply_state"].astype(object)
    found[found.isna() & messages["message_id"].isin(sent)] = "envoyée"
    found[found.isna() & ((sorted_out == IGNORED) | (messages["kind"] != "message"))] = NOT_EXPECTED
    found[found.isna()] = UNANSWERED
    return found.where(sorted_out != SENT, "").astype(str)


def address(sender: str | None) -> str:
    """The folded address of « Nom <adresse> »; "" when there is none."""
    return fold(parseaddr(sender or "")[1]) or ""


def thread(messages: pd.DataFrame, key: int) -> list[int]:
    """Keys of the exchange a message belongs to, oldest first: same thread, or linked by what answers what."""
    rows = messages[["message_id", "in_reply_to", "thread"]]
    found = {key}
    newest = rows.loc[[key]]
    while len(newest):
        linked = rows["thread"].isin(newest["thread"].dropna())
        linked |= rows["message_id"].isin(newest["in_reply_to"].dropna())
        linked |= rows["in_reply_to"].isin(newest["message_id"].dropna())
        newest = rows[linked & ~rows.index.isin(list(found))]
        found |= set(newest.index)
    return [int(each) for each in messages.loc[sorted(found), "at"].sort_values(kind="stable", na_position="first").index]


def _reasons(messages: pd.DataFrame, sorted_out: pd.Series, leads: pd.DataFrame) -> pd.Series:
    """Why each received message is in its class."""
    found = messages["matched_by"].astype(object).where(sorted_out == ATTACHED)
    found[sorted_out == IGNORED] = messages.loc[sorted_out == IGNORED, "drop_reason"]
    owners = leads.loc[leads["real"], "email_fold"].value_counts()
    loose = messages.loc[sorted_out == LOOSE, "sender"]
    found[sorted_out == LOOSE] = [_loose_reason(address(None if pd.isna(sender) else sender), owners) for sender in loose]
    return found.where(found.notna(), "").astype(str)


def _loose_reason(sender: str, owners: pd.Series) -> str:
    if not sender:
        return "expéditeur absent ou illisible"
    owned = int(owners.get(sender, 0))
    if owned > 1:
        return "plusieurs contacts ont cette adresse"
    return "un contact a cette adresse, mais le message ne lui est pas rattaché" if owned else "aucun contact n’a cette adresse"
