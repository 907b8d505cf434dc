"""The register: of every column of every table, whether it can hold a person, and what erasing that person does to it.

What is a person's own row is found in finding.py; what is done is in forgetting.py. A test asks for each column of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from sqlalchemy import Column

from gnetics.store.schema import metadata


class Way(StrEnum):
    """What erasing does to a column: of the person's own rows, and of those of others."""

    NOBODY = auto()  # keys, dates, amounts, digests, words of the product: no person
    TEAM = auto()  # a colleague, by an account or a Responsable: such a person is refused
    WORD = auto()  # a word where something stood, by which figures still count it; elsewhere addresses and telephones are removed
    BLANK = auto()  # nothing is left; elsewhere addresses and telephones are removed
    HEADER = auto()  # nothing is left; elsewhere « Nom <adresse> » is removed whole
    PEOPLE = auto()  # the same of participants: JSON [[address, name, answer], …]
    IDENTITY = auto()  # a keyed digest stands for it, by which it is known if it comes again
    PACKED = auto()  # what undoing an import needs: their rows leave it, addresses and telephones too
    OPAQUE = auto()  # goes with its row, and is never looked into
    PLACE = auto()  # stays, since other things hang on it: a person is told where it names them
    DERIVED = auto()  # follows from the other columns


TEXTS = (Way.WORD, Way.BLANK, Way.HEADER)  # in which others may have written of somebody


@dataclass(frozen=True)
class Held:
    """The columns of a table by way; `gone`: a row that is the person's own is deleted, not written over."""

    ways: dict[str, Way]
    gone: bool = False


def _table(gone: bool = False, **columns: str) -> Held:
    """Names of columns, by the way that each goes."""
    return Held({name: Way(way) for way, names in columns.items() for name in names.split()}, gone)


REGISTER: dict[str, Held] = {
    "leads": _table(
        nobody="key lead_id status next_follow_up last_contact amount probability expected_close score deal_of stage legal_basis consent "
        "consent_on created_at closed_at status_since previous_status real email_check score_fit score_activity score_source merged_into "
        "erased_at updated_at deleted rev",
        team="owner",
        word="name company job_title email phone lost_reason",
        blank="tags notes next_action consent_source unread origin",
        place="source",
        derived="search name_fold company_fold email_fold source_fold phone_e164 email_domain",
    ),
    "events": _table(
        nobody="key starts_at ends_at all_day kind done lead_key cancelled reminder sequence wall_start wall_end zone recurrence excluded "
        "series_key root_key occurrence updated_at deleted rev",
        team="owner",
        word="title",
        blank="description video_url place category",
        people="participants",
        identity="uid",
    ),
    "messages": _table(
        nobody="key direction kind at lead_key matched_by reply_at digest box automatic erased updated_at deleted rev",
        team="colleague reply_by",
        header="sender recipients cc reply_to",
        blank="subject text attachments matched_on drop_reason reply_text reply_origin reply_state reply_final quoted concerns",
        identity="message_id in_reply_to thread reply_message_id",
        derived="search sender_fold sender_address subject_fold logged_at filed answer",
    ),
    "runs": _table(
        nobody="key rule rule_version trigger lead_key status queued_at started_at ended_at attempt max_attempts next_attempt_at retry_of "
        "automation due_at caused_by lasted erased updated_at deleted rev",
        team="triggered_by",
        blank="lead_label subject reason error detail before after given",
        identity="idempotency_key message_id",
        derived="search logged_at label_fold",
    ),
    "automations": _table(
        nobody="name version digest enabled since since_rev switched_at position changed dry nightly",
        team="switched_by",
        place="title sentence",  # the worker writes them again from the file of rules
    ),
    "sequences": _table(
        gone=True,
        nobody="lead_key automation version state step steps next_on status base began_at began_key follow_up ended_at",
        blank="subject reason message_ids",
    ),
    "attachments": _table(gone=True, nobody="message_key position media_type digest", blank="name", opaque="content"),
    "log_counts": _table(derived="log day counted facet reason count"),
    "erased_logs": _table(nobody="log count before months"),
    "erased_people": _table(nobody="digest at"),
    "history": _table(nobody="key at action entity entity_key rev", team="who", word="before after", blank="field"),
    "happenings": _table(nobody="key rev what action keys before after at", team="who"),
    "consumers": _table(nobody="name rev"),
    "duplicate_pairs": _table(derived="low high"),
    "foreign_keys": _table(gone=True, nobody="source lead_key rev", opaque="value"),
    "views": _table(nobody="key", team="user", blank="name query", derived="name_fold"),
    "users": _table(nobody="role password disabled own_leads", team="name name_fold shown_name signature"),
    "user_addresses": _table(nobody="main", team="address user"),
    "accesses": _table(nobody="key at what place rows", team="person", blank="detail"),
    "sign_ins": _table(nobody="digest ends_at", team="user"),
    "devices": _table(nobody="digest ends_at", team="user"),
    "failed_sign_ins": _table(nobody="count last_at", team="subject"),
    "imports": _table(nobody="key at rev added updated refused undone_at", team="who", blank="filename", packed="trace"),
    "import_columns": _table(nobody="headers", blank="choices"),
    "collections": _table(nobody="name asked url token tried_at done_at", blank="said"),
    "collection_objects": _table(nobody="collection etag event_key", blank="text said", identity="uid", place="href"),
    "invitations": _table(gone=True, nobody="event_key at", blank="told people"),
    "feeds": _table(nobody="digest made_at", team="user"),
    "analyses": _table(nobody="name published_at digest", team="author", blank="title"),
    "source_rates": _table(nobody="won decided", derived="source_fold"),
    "mailboxes": _table(nobody="name asked_at answered_at", blank="said"),
    "mail_places": _table(nobody="box validity uid outcome digest gone_at", place="folder"),
    "outbox": _table(
        gone=True,
        nobody="key click state lead_key answers run_key asked_at due_at claimed_until tries settled_at",
        team="sender asked_by",
        blank="recipients said",
        identity="message_id",
        opaque="content",
    ),
    "suppressions": _table(gone=True, nobody="at", team="who", blank="reason", identity="address"),
    "drafts": _table(gone=True, nobody="lead_key answers at", team="user", blank="content"),
    "sources": _table(nobody="name tried_at read_at digest", blank="titles said"),
    "nights": _table(nobody="day rev"),
    "marks": _table(nobody="rev mark"),
    "counters": _table(nobody="name value"),
    "meta": _table(nobody="name value"),
}


def columns_of(table: str, *ways: Way) -> list[Column[object]]:
    """The columns of a table that go one of these ways."""
    return [metadata.tables[table].c[name] for name, way in REGISTER[table].ways.items() if way in ways]
