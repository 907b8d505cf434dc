"""Tables of the store, in SQLAlchemy Core; the same for SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
    types,
)
from sqlalchemy.engine import Dialect

from gnetics.domain.messages import Direction, Kind
from gnetics.domain.values import storable

REVISION = "0027"  # the last alembic revision in migrations/versions, checked by a test; kernels do not load alembic

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


@lru_cache(maxsize=64)  # a transaction writes its own moment on every row
def instant(value: datetime) -> str:
    """An aware datetime as the store writes it: ISO in UTC, always as long, so it sorts as text."""
    if value.tzinfo is None:
        raise ValueError("naive datetime given to the store")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


T = TypeVar("T")


class Text(types.TypeDecorator[str]):
    """Any text that is written or looked for: what a database cannot hold is left out, whatever verb it came by."""

    impl = types.Text
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class Held(types.TypeDecorator[T]):
    """A column of which the store holds text that sorts as its values do: `hold` on the way in, `give` on the way out."""

    cache_ok = True
    absent: str | None = None  # what stands for None

    def hold(self, value: T) -> str:
        raise NotImplementedError

    def give(self, text: str) -> T:
        raise NotImplementedError

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        return self.absent if value is None else self.hold(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:
        return None if value == self.absent or value is None else self.give(value)


class UtcTime(Held[datetime]):
    """An instant: aware in Python, in UTC in the store, so both databases sort and read it alike."""

    impl = String(32)
    cache_ok = True

    def hold(self, value: datetime) -> str:
        return instant(value)

    def give(self, text: str) -> datetime:
        return datetime.fromisoformat(text)


class SortedTime(UtcTime):
    """The same, sorting before all else when unknown, alike on both databases."""

    cache_ok = True
    absent = ""


class IsoDate(Held[date]):
    """A calendar day."""

    impl = String(10)
    cache_ok = True

    def hold(self, value: date) -> str:
        return value.isoformat()

    def give(self, text: str) -> date:
        return date.fromisoformat(text)


def held(kind: types.TypeEngine[Any], value: Any) -> Any:
    """A Python value as the store holds it in a column of that type."""
    return kind.hold(value) if value is not None and isinstance(kind, Held) else value


def given(kind: types.TypeEngine[Any], value: Any) -> Any:
    """The value that `held` was given."""
    return kind.give(value) if value is not None and isinstance(kind, Held) else value


WORDS = "words"  # in a column's info: all it may hold, so that a frame keeps their numbers

Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


def _versioned(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """Every row has `rev`, the number of the transaction that wrote it; a deletion is a row too."""
    return (
        Column("key", Key, primary_key=True),
        *columns,
        Column("updated_at", UtcTime),
        Column("deleted", Boolean, nullable=False, default=False, server_default="0"),
        Column("rev", BigInteger, nullable=False, index=True),
    )


leads = Table(
    "leads",
    metadata,
    *_versioned(
        Column("lead_id", Text, unique=True),
        Column("name", Text),
        Column("company", Text),
        Column("job_title", Text),
        Column("email", Text),
        Column("phone", Text),
        Column("status", Text),
        Column("source", Text),
        Column("owner", Text),
        Column("next_follow_up", IsoDate),
        Column("last_contact", IsoDate),
        Column("amount", BigInteger),  # cents
        Column("probability", Integer),  # percent
        Column("expected_close", IsoDate),
        Column("score", Integer),
        Column("lost_reason", Text),
        Column("deal_of", Text),  # the ID Lead of the first deal of the same person
        Column("tags", Text),  # comma-separated
        Column("notes", Text),
        Column("stage", Text),  # set by hand; None: derived
        Column("next_action", Text),  # set by hand; None: derived
        Column("legal_basis", Text),
        Column("consent", Text),
        Column("consent_on", IsoDate),
        Column("consent_source", Text),
        Column("created_at", IsoDate),
        Column("closed_at", IsoDate),
        Column("status_since", IsoDate),
        Column("previous_status", Text),
        # kept at write for search, duplicates and figures
        Column("real", Boolean, nullable=False),
        Column("search", Text, nullable=False),
        Column("name_fold", Text),
        Column("company_fold", Text),
        Column("email_fold", Text),
        Column("source_fold", Text),
        Column("phone_e164", Text),
        Column("email_domain", Text),  # of a readable email outside the free providers: where near spellings are looked for
        Column("email_check", Text, nullable=False),  # valide, invalide, manquant, en double
        Column("unread", Text),  # JSON {field: raw text} of what could not be read
        Column("origin", Text, unique=True),  # fingerprint of an imported row without ID Lead
        Column("score_fit", Integer),  # points of the automatic score; `score` is the one set by hand
        Column("score_activity", Integer),
        Column("score_source", Integer),
        Column("merged_into", BigInteger),  # the lead that took over this one, which is deleted
        Column("erased_at", UtcTime),  # the person is forgotten, and figures still count the lead: person/forgetting.py
    ),
    Index("ix_leads_email_fold", "email_fold"),
    Index("ix_leads_phone_e164", "phone_e164"),
    Index("ix_leads_email_domain", "email_domain"),
    Index("ix_leads_name_fold_company_fold", "name_fold", "company_fold"),
    Index("ix_leads_merged_into", "merged_into"),
    Index("ix_leads_binned", "updated_at", sqlite_where=text("deleted"), postgresql_where=text("deleted")),
)

events = Table(
    "events",
    metadata,
    *_versioned(
        Column("uid", Text, nullable=False, unique=True),
        Column("title", Text, nullable=False),
        Column("starts_at", UtcTime, nullable=False),
        Column("ends_at", UtcTime, nullable=False),
        Column("all_day", Boolean, nullable=False, default=False, server_default="0"),
        Column("kind", Text),  # Rendez-vous, Appel, Visio, Autre
        Column("done", Boolean, nullable=False, default=False, server_default="0"),
        Column("description", Text),
        Column("video_url", Text),
        Column("lead_key", BigInteger, index=True),
        Column("owner", Text),
        Column("cancelled", Boolean, nullable=False, default=False, server_default="0"),
        Column("place", Text),
        Column("category", Text),
        Column("participants", Text),  # JSON [[address, name, PARTSTAT], …]
        Column("reminder", Integer),  # minutes before the start
        Column("sequence", Integer, nullable=False, default=0, server_default="0"),  # of iCalendar: what participants were told counts up
        # what people meant: a wall clock, in `zone` (None: the region's); starts_at and ends_at are the UTC that this means today
        Column("wall_start", String(19)),
        Column("wall_end", String(19)),
        Column("zone", Text),
        Column("recurrence", Text),  # an RRULE, of domain/recurrence.py
        Column("excluded", Text),  # wall-clock starts that the rule gives and that do not take place, one a line
        Column("series_key", BigInteger, index=True),  # of one occurrence that was changed: its series, and
        Column("occurrence", String(19)),  # the wall-clock start that the rule gives it
        Column("root_key", BigInteger),  # of what was cut from a series: the first of them, by which rules know its occurrences
    ),
)

FIGURED = ("key", "direction", "kind", "at", "lead_key", "automatic")  # of a mail: what figures read

messages = Table(
    "messages",
    metadata,
    *_versioned(
        Column("message_id", Text, nullable=False, unique=True),
        Column("in_reply_to", Text, index=True),
        Column("thread", Text, index=True),
        Column("direction", Text, nullable=False, info={WORDS: tuple(Direction)}),
        Column("kind", Text, nullable=False, default="message", info={WORDS: tuple(Kind)}),
        Column("sender", Text),
        Column("recipients", Text),
        Column("subject", Text),
        Column("at", UtcTime),
        Column("text", Text),
        Column("attachments", Text),  # JSON [[name, bytes], …]
        Column("lead_key", BigInteger, index=True),
        Column("matched_by", Text),  # référence, réponse, expéditeur, manuel
        Column("drop_reason", Text),
        Column("reply_text", Text),
        Column("reply_origin", Text),
        Column("reply_state", Text),  # of domain/messages.py, or an imported word
        Column("reply_by", Text),
        Column("reply_at", UtcTime),
        Column("reply_final", Text),
        Column("reply_message_id", Text),
        # of a mail that came by a mailbox, or left by the outbox
        Column("digest", Text),  # SHA-256 of its bytes: what comes by two boxes is one mail
        Column("box", Text),
        Column("cc", Text),
        Column("reply_to", Text),
        Column("quoted", Text),  # what its author quoted, and the signature
        Column("matched_on", Text),  # what proved whose it is, or why nothing did
        Column("colleague", Text),  # whose account wrote it
        Column("concerns", Text),  # the address that a bounce, a complaint or an opt-out is about, folded
        # kept at write for search, sorting and figures
        Column("search", Text, nullable=False, default="", server_default=""),  # its words, each once: full_text.py
        Column("sender_fold", Text),
        Column("sender_address", Text, nullable=False, default="", server_default=""),  # folded; "" when unreadable
        Column("subject_fold", Text),
        Column("logged_at", SortedTime, nullable=False, server_default=""),
        # what other rows say of it: correspondence.py
        Column("automatic", Boolean, nullable=False, default=False, server_default="0"),  # a run sent it
        Column("filed", Text, nullable=False, default="", server_default=""),
        Column("answer", Text, nullable=False, default="", server_default=""),  # reply_state, or what stands for it
        Column("erased", Boolean, nullable=False, default=False, server_default="0"),  # by erasing.py: deleted, but figures count it
    ),
    # all that finding a page of the log and the figures read of a row: the texts beside them are hundreds of times as long
    Index("ix_messages_log", "logged_at", "key", "filed", "answer", "lead_key", "deleted", "sender_fold", "subject_fold"),
    Index("ix_messages_filed_sender_address", "filed", "sender_address", "deleted"),
    Index("ix_messages_figures", *FIGURED, "deleted", "erased"),
    Index("ix_messages_digest", "digest", unique=True),
)

runs = Table(
    "runs",
    metadata,
    *_versioned(
        Column("idempotency_key", Text, nullable=False, unique=True),
        Column("rule", Text, nullable=False),
        Column("rule_version", Integer),
        Column("trigger", Text),  # enregistrement, changement de statut, planification, manuel
        Column("triggered_by", Text),
        Column("lead_key", BigInteger, index=True),
        Column("lead_label", Text),
        Column("subject", Text),
        Column("status", Text, nullable=False),  # of domain/runs.py, or an imported word
        Column("reason", Text),
        Column("queued_at", UtcTime),
        Column("started_at", UtcTime),
        Column("ended_at", UtcTime),
        Column("attempt", Integer),
        Column("max_attempts", Integer),
        Column("next_attempt_at", UtcTime),
        Column("retry_of", BigInteger, index=True),
        Column("error", Text),
        Column("detail", Text),
        Column("before", Text),
        Column("after", Text),
        Column("message_id", Text, index=True),
        # of what a rule of ours does
        Column("automation", Text),  # the rule's own name; `rule` is its title
        Column("due_at", UtcTime),
        Column("caused_by", BigInteger),  # the run whose change set this one off
        Column("given", Text),  # JSON, what the rule needs beside the lead: a step, an event, a person
        # kept at write for search and sorting
        Column("search", Text, nullable=False, default="", server_default=""),  # its words, each once: full_text.py
        Column("logged_at", SortedTime, nullable=False, server_default=""),  # when it was asked for; else when it began, or ended
        Column("lasted", BigInteger),  # milliseconds
        Column("label_fold", Text),
        Column("erased", Boolean, nullable=False, default=False, server_default="0"),  # by erasing.py
    ),
    Index("ix_runs_log", "logged_at", "key", "status", "rule", "lead_key", "deleted", "label_fold", "lasted", "attempt"),
    Index("ix_runs_waiting", "due_at", "key", sqlite_where=text("status = 'à faire'"), postgresql_where=text("status = 'à faire'")),
    Index("ix_runs_automation_started_at", "automation", "started_at"),
)

automations = Table(  # what is known of each rule: whether it is on, and how far it got
    "automations",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # 0 before it was ever enabled
    Column("digest", Text, nullable=False),  # of the definition that was enabled: another one, and it is off until it is enabled again
    Column("enabled", Boolean, nullable=False),
    Column("since", UtcTime),  # what was due before is left alone; None: it is not
    Column("since_rev", BigInteger, nullable=False),  # nor what transactions did until that one
    Column("switched_at", UtcTime),
    Column("switched_by", Text, nullable=False),
    # as the worker read it last, for those who look
    Column("position", Integer),  # in the file; None for a rule that is there no more
    Column("title", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("changed", Boolean, nullable=False),  # it was on, before it was changed
    Column("dry", Boolean, nullable=False),  # it sends, and nothing leaves
    Column("nightly", Text),  # at which hour it is done every night; None for another rule
)

sequences = Table(  # of follow-ups: where each lead's last one stands
    "sequences",
    metadata,
    Column("lead_key", BigInteger, primary_key=True, autoincrement=False),
    Column("automation", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),  # of domain/sequences.py
    Column("step", Integer, nullable=False),  # the last one that was sent
    Column("steps", Integer, nullable=False),
    Column("next_on", IsoDate),  # the day of the next one; None when there is none
    Column("status", Text),  # of the lead when it began: another one ends it
    Column("base", IsoDate, nullable=False),  # the due date that began it: it tells this sequence from the lead's others
    Column("began_at", UtcTime, nullable=False),
    Column("began_key", BigInteger, nullable=False),  # of the last mail that was known then: what came later is news
    Column("subject", Text, nullable=False),
    Column("message_ids", Text, nullable=False),  # JSON, of what was sent, the oldest first
    Column("follow_up", IsoDate),  # what we wrote as the lead's next follow-up: it starts no other sequence
    Column("reason", Text, nullable=False),  # why it ended
    Column("ended_at", UtcTime),
    Index("ix_sequences_state_next_on", "state", "next_on"),
)

attachments = Table(  # of mails, those that the settings say to keep: mail/attachments.py
    "attachments",
    metadata,
    Column("message_key", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),  # among those that the mail lists
    Column("name", Text, nullable=False),  # as it may be saved
    Column("media_type", Text, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256
    Column("content", LargeBinary, nullable=False),  # last: what stands behind it would be read through it
)

log_counts = Table(  # how many rows of a log there are, by what its counters and filters tell apart; kept at write
    "log_counts",
    metadata,
    Column("log", Text, primary_key=True),  # messages, runs
    Column("day", Text, primary_key=True),  # in UTC; "" when unknown
    Column("counted", Text, primary_key=True),  # filed, status
    Column("facet", Text, primary_key=True),  # answer, rule
    Column("reason", Text, primary_key=True),  # of a mail that is attached or ignored
    Column("count", BigInteger, nullable=False),
)

erased_logs = Table(  # what went from a log for its age, in all
    "erased_logs",
    metadata,
    Column("log", Text, primary_key=True),  # messages, runs
    Column("count", BigInteger, nullable=False),
    Column("before", IsoDate, nullable=False),  # the last time
    Column("months", Integer, nullable=False),  # kept then
)

history = Table(
    "history",
    metadata,
    Column("key", Key, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),  # of domain/history.py
    Column("entity", Text, nullable=False),  # lead, event, message, run, lot (the key is its rev), store (the administrator's switch)
    Column("entity_key", BigInteger, nullable=False),
    Column("field", Text, nullable=False),  # "" for the row as a whole
    Column("before", Text),  # canonical text: ISO date, cents, percent
    Column("after", Text),
    Column("rev", BigInteger, nullable=False, index=True),
    Index("ix_history_entity_entity_key", "entity", "entity_key"),
)

erased_people = Table(  # keyed digests of who was erased, so that nothing brings them back unseen: person/digests.py
    "erased_people",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

happenings = Table(  # what transactions did, until every consumer has read it: happenings.py
    "happenings",
    metadata,
    Column("key", Key, primary_key=True),
    Column("rev", BigInteger, nullable=False, index=True),
    Column("what", Text, nullable=False),  # of domain/happenings.py
    Column("action", Text, nullable=False),  # of domain/history.py
    Column("keys", Text, nullable=False),  # of the rows: domain/key_ranges.py
    Column("before", Text),  # the status of leads
    Column("after", Text),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
)

consumers = Table(  # of what happened: how far each has read
    "consumers",
    metadata,
    Column("name", Text, primary_key=True),  # of domain/happenings.py
    Column("rev", BigInteger, nullable=False),
)

duplicate_pairs = Table(  # near spellings at one email domain; exact duplicates follow from the folded columns
    "duplicate_pairs",
    metadata,
    Column("low", BigInteger, primary_key=True),
    Column("high", BigInteger, primary_key=True),
)

foreign_keys = Table(  # what other programs call the leads; brought by imports, taken back with them
    "foreign_keys",
    metadata,
    Column("source", Text, primary_key=True),  # of imports/programs.py, else the folded title of the column
    Column("value", Text, primary_key=True),
    Column("lead_key", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("rev", BigInteger, nullable=False),
)

views = Table(  # each person's own sets of filters on Contacts; no revision, since nobody else reads them
    "views",
    metadata,
    Column("key", Key, primary_key=True),
    Column("user", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_fold", Text, nullable=False),
    Column("query", Text, nullable=False),  # JSON, as in the page's address
    UniqueConstraint("user", "name_fold"),
)

users = Table(  # accounts are disabled, never deleted: the history names them
    "users",
    metadata,
    Column("name", Text, primary_key=True),  # as written in the history
    Column("name_fold", Text, nullable=False, unique=True),  # as typed at sign-in, and compared with a lead's owner
    Column("role", Text, nullable=False),  # of domain/rights.py
    Column("password", Text),  # Argon2; None: only a trusted proxy signs them in
    Column("disabled", Boolean, nullable=False),
    Column("own_leads", Boolean, nullable=False, default=False, server_default="0"),  # sees the leads of which they are the owner only
    Column("shown_name", Text),  # in what they send; None: their name
    Column("signature", Text),  # below what they send
)

user_addresses = Table(  # of people: a mail from one of them is ours
    "user_addresses",
    metadata,
    Column("address", Text, primary_key=True),  # folded
    Column("user", Text, nullable=False, index=True),
    Column("main", Boolean, nullable=False),  # they write from it; the others are aliases
)

accesses = Table(  # the access log: store/access_log.py
    "accesses",
    metadata,
    Column("key", Key, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("person", Text, nullable=False),  # "" when no account is called so: a password may be typed in the place of a name
    Column("what", Text, nullable=False),  # of domain/accesses.py
    Column("place", Text, nullable=False),
    Column("rows", Integer),
    Column("detail", Text, nullable=False),
)

sign_ins = Table(  # open sessions of browsers; the cookie itself is known to the browser only
    "sign_ins",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the cookie
    Column("user", Text, nullable=False, index=True),
    Column("ends_at", UtcTime, nullable=False),
)

devices = Table(  # browsers in which somebody signed in; what opens nothing, but has a count of its own
    "devices",
    metadata,
    Column("digest", Text, primary_key=True),  # SHA-256 of the cookie
    Column("user", Text, primary_key=True),
    Column("ends_at", UtcTime, nullable=False),
)

failed_sign_ins = Table(  # what slows guessing
    "failed_sign_ins",
    metadata,
    Column("subject", Text, primary_key=True),  # of store/people/guessing.py
    Column("count", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
)

imports = Table(  # each import that changed something, and for 30 days what undoing it needs
    "imports",
    metadata,
    Column("key", Key, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("rev", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("trace", LargeBinary),  # compressed JSON: keys of new rows, values before and after of the others
    Column("undone_at", UtcTime),
)

import_columns = Table(  # fields chosen for the columns of files, and our statuses for their words, by set of headers
    "import_columns",
    metadata,
    Column("headers", Text, primary_key=True),  # hashed
    Column("choices", Text, nullable=False),  # JSON {column: field} or {word: status}, "" for none
)

feeds = Table(  # secret addresses by which other calendars follow a person's; the address itself is known to that person only
    "feeds",
    metadata,
    Column("user", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
)

analyses = Table(  # notebooks of the analysts that are pages: analyses.py
    "analyses",
    metadata,
    Column("name", Text, primary_key=True),  # of the file, without its ending
    Column("title", Text, nullable=False),
    Column("author", Text, nullable=False),  # who published it
    Column("published_at", UtcTime, nullable=False),
    Column("digest", Text, nullable=False),  # SHA-256 of the file: another one is not published
)

source_rates = Table(  # decided leads by folded source, measured by imports and `gnetics score`
    "source_rates",
    metadata,
    Column("source_fold", Text, primary_key=True),
    Column("won", BigInteger, nullable=False),
    Column("decided", BigInteger, nullable=False),
)

mailboxes = Table(  # those of the settings, as they were last asked
    "mailboxes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),  # the last time all was read
    Column("said", Text, nullable=False),  # why it failed; "" when it did not
)

mail_places = Table(  # each mail of a mailbox, and what became of it: none is unaccounted for, none comes twice
    "mail_places",
    metadata,
    Column("box", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("validity", BigInteger, primary_key=True, autoincrement=False),  # UIDVALIDITY: another one, and all the UIDs are others
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),  # of domain/messages.py
    Column("digest", Text, index=True),  # of the message; None where nothing of it is kept
    Column("gone_at", UtcTime),  # when it was seen that the server has it no more
)

outbox = Table(  # mails that somebody decided to send, with their bytes before they leave
    "outbox",
    metadata,
    Column("key", Key, primary_key=True),
    Column("click", Text, nullable=False, unique=True),  # what was decided once is sent once
    Column("state", Text, nullable=False),  # of domain/outbox.py
    Column("message_id", Text, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipients", Text, nullable=False),  # JSON, all of them
    Column("lead_key", BigInteger, index=True),
    Column("answers", BigInteger),  # the mail that it answers
    Column("run_key", BigInteger),  # the run of a rule that wrote it; None where a person pressed send
    Column("asked_by", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("claimed_until", UtcTime),
    Column("tries", Integer, nullable=False),
    Column("said", Text, nullable=False),  # what the mail server answered
    Column("settled_at", UtcTime),
    Index("ix_outbox_state_due_at", "state", "due_at"),
)

suppressions = Table(  # addresses that nothing is sent to, whoever asks for it
    "suppressions",
    metadata,
    Column("address", Text, primary_key=True),  # folded
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
)

drafts = Table(  # mails that somebody is writing
    "drafts",
    metadata,
    Column("user", Text, primary_key=True),
    Column("lead_key", BigInteger, primary_key=True, autoincrement=False),
    Column("answers", BigInteger, primary_key=True, autoincrement=False),  # the mail that it answers; 0: none
    Column("content", Text, nullable=False),  # JSON
    Column("at", UtcTime, nullable=False),
)

sources = Table(  # files that are read again and again: how far each is; no revision, since it is no news for anybody's screen
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tried_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),  # when its content was last taken
    Column("digest", Text, nullable=False),  # of that content
    Column("titles", Text, nullable=False),  # of its columns, as JSON, the first time it was taken; "": any
    Column("said", Text, nullable=False),  # why it could not be taken the last time; "" when it was
)

collections = Table(  # calendars on CalDAV servers: how far each is; no revision, since it is no news for anybody's screen
    "collections",
    metadata,
    Column("name", Text, primary_key=True),  # of the settings
    Column("asked", Text, nullable=False),  # the address of the settings that `url` was found at
    Column("url", Text, nullable=False),  # of the calendar itself; "" before it is found
    Column("token", Text, nullable=False),  # what the server knows the last reading by; "" when it is to be read whole
    Column("tried_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),  # when both sides were last the same
    Column("said", Text, nullable=False),  # why they are not; "" when they are
)

collection_objects = Table(  # what each of their addresses holds: an event, or a series with the occurrences that were changed
    "collection_objects",
    metadata,
    Column("collection", Text, primary_key=True),  # its name
    Column("href", Text, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("event_key", BigInteger, index=True),  # of the event, or of the series; None for what is not taken
    Column("text", Text, nullable=False),  # as the server last had it
    Column("said", Text, nullable=False),  # JSON, what the store said of it then; "" for what is not ours to write
)

invitations = Table(  # what the participants of an event were last told, and who they were
    "invitations",
    metadata,
    Column("event_key", BigInteger, primary_key=True, autoincrement=False),
    Column("told", Text, nullable=False),  # JSON, by field
    Column("people", Text, nullable=False),  # JSON, their addresses; empty once it was called off
    Column("at", UtcTime, nullable=False),
)

nights = Table(  # on which the worker was there; a clock that jumps makes one more of them, however far it goes
    "nights",
    metadata,
    Column("day", IsoDate, primary_key=True),
    Column("rev", BigInteger, nullable=False),  # of the store then
)

marks = Table(  # a random one for each transaction: see lineage.py
    "marks",
    metadata,
    Column("rev", BigInteger, primary_key=True, autoincrement=False),
    Column("mark", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column(
        "name", Text, primary_key=True
    ),  # rev, lead_id (the highest number ever given), pairs (the rev that last changed duplicate_pairs)
    Column("value", BigInteger, nullable=False),
)

meta = Table(  # the administrator's switch and what the store says of itself
    "meta",
    metadata,
    Column("name", Text, primary_key=True),  # sync, kind (demo or real)
    Column("value", Text, nullable=False),
)

VERSIONED: dict[str, Table] = {"leads": leads, "events": events, "messages": messages, "runs": runs}
