"""Frames of any size for the figures' bench, seeded, made without a store."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Column

from gnetics.domain.messages import Direction, Kind
from gnetics.domain.statuses import LABELS
from gnetics.metrics.frames import GivenFrames
from gnetics.store.frames import COLUMNS
from gnetics.store.schema import IsoDate
from gnetics.store.scored import with_scores

_OWNERS = ["Ana", "Sam", "Léo", "Inès", "Noé", "Zoé", None]
_SOURCES = [f"Source {n}" for n in range(20)] + [None]
_KINDS = ["Rendez-vous", "Appel", "Visio", "Autre", None]


def crowd(leads: int, today: date, seed: int = 1) -> GivenFrames:
    """`leads` leads with gaps and duplicates, a message for each, half an event, a journal of 90 days."""
    rng = np.random.default_rng(seed)
    keys = np.arange(1, leads + 1)
    return GivenFrames(
        leads=_leads(rng, keys, today),
        events=_events(rng, leads // 2, keys, today),
        messages=_messages(rng, leads, keys, today),
        journal=_journal(rng, leads // 2, keys, today),
        pairs=pd.DataFrame({"low": keys[: leads // 100], "high": keys[: leads // 100] + 7}),
        history_since=pd.Timestamp(today, tz="UTC") - pd.Timedelta(days=90),
    )


def _text(rng: np.random.Generator, words: list[str | None], size: int) -> pd.api.extensions.ExtensionArray:
    return pd.array(words, dtype="str").take(rng.integers(0, len(words), size))


def _numbered(rng: np.random.Generator, stem: str, size: int, kinds: int, missing: float) -> pd.api.extensions.ExtensionArray:
    values = np.array([f"{stem}{n}" for n in rng.integers(0, kinds, size)], dtype=object)
    values[rng.random(size) < missing] = None
    return pd.array(values, dtype="str")


def _days(rng: np.random.Generator, today: date, low: int, high: int, size: int, missing: float) -> np.ndarray:
    days = np.datetime64(today) + rng.integers(low, high, size).astype("timedelta64[D]")
    days[rng.random(size) < missing] = np.datetime64("NaT")
    return days.astype("datetime64[s]")


def _numbers(rng: np.random.Generator, high: int, size: int, missing: float) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.IntegerArray(rng.integers(0, high, size), rng.random(size) < missing)


def _leads(rng: np.random.Generator, keys: np.ndarray, today: date) -> pd.DataFrame:
    size = len(keys)
    emails = _numbered(rng, "personne", size, size * 20, 0.1)
    names, companies = _numbered(rng, "nom", size, size, 0.05), _numbered(rng, "entreprise", size, size // 3 + 1, 0.1)
    phones, sources = _numbered(rng, "+336", size, size * 10, 0.3), _text(rng, _SOURCES, size)
    columns = {
        "lead_id": pd.array([f"L-{key:06d}" for key in keys], dtype="str"),
        "name": names, "company": companies, "email": emails, "phone": phones, "source": sources,
        "name_fold": names, "company_fold": companies, "email_fold": emails, "phone_e164": phones, "source_fold": sources,
        "legal_basis": _text(rng, ["consentement", "intérêt légitime", None], size),
        "erased_at": pd.array([pd.NaT] * size, dtype="datetime64[us, UTC]"),
        "job_title": _text(rng, ["Directrice", "Acheteur", None], size),
        "status": _text(rng, [*LABELS, "Prospect chaud", None], size),
        "previous_status": _text(rng, [*LABELS, None], size),
        "owner": _text(rng, _OWNERS, size),
        "lost_reason": _text(rng, ["Prix", "Délai", None], size),
        "email_check": _text(rng, ["valide", "invalide", "manquant", "en double"], size),
        "next_action": _text(rng, [None], size),
        "unread": _text(rng, ['{"amount": "beaucoup"}', *[None] * 30], size),
        "next_follow_up": _days(rng, today, -60, 60, size, 0.4), "last_contact": _days(rng, today, -1500, 1, size, 0.3),
        "expected_close": _days(rng, today, -60, 240, size, 0.3), "created_at": _days(rng, today, -700, 1, size, 0.05),
        "closed_at": _days(rng, today, -300, 1, size, 0.5), "status_since": _days(rng, today, -40, 1, size, 0.2),
        "amount": _numbers(rng, 5_000_000, size, 0.2), "probability": _numbers(rng, 101, size, 0.2), "score": _numbers(rng, 101, size, 0.3),
        **{name: _numbers(rng, 20, size, 0) for name in ("score_fit", "score_activity", "score_source")},
        "real": rng.random(size) > 0.01,
    }  # fmt: skip
    blank = {column.name: _blank(column, size) for column in COLUMNS["leads"] if column.name not in (*columns, "key")}
    return with_scores(pd.DataFrame(columns | blank, index=pd.Index(keys, name="key")), today)


def _blank(column: Column[Any], size: int) -> Any:
    """A column of the store that nothing above fills."""
    return np.full(size, np.datetime64("NaT", "s")) if isinstance(column.type, IsoDate) else pd.array([None] * size, dtype="str")


def _moments(rng: np.random.Generator, today: date, size: int) -> pd.DatetimeIndex:
    seconds = rng.integers(-365 * 86400, 0, size).astype("timedelta64[s]")
    return pd.DatetimeIndex((np.datetime64(today) + seconds).astype("datetime64[us]"), tz="UTC")


def _events(rng: np.random.Generator, size: int, leads: np.ndarray, today: date) -> pd.DataFrame:
    columns = {
        "kind": _text(rng, _KINDS, size),
        "done": rng.random(size) < 0.7,
        "cancelled": np.zeros(size, bool),
        "starts_at": _moments(rng, today, size),
    }
    links = pd.arrays.IntegerArray(rng.choice(leads, size), rng.random(size) < 0.1)
    return pd.DataFrame(
        {**columns, "lead_key": links, "owner": _text(rng, _OWNERS, size)}, index=pd.Index(np.arange(1, size + 1), name="key")
    )


def _messages(rng: np.random.Generator, size: int, leads: np.ndarray, today: date) -> pd.DataFrame:
    columns = {
        "message_id": pd.array([f"m{n}" for n in range(size)], dtype="str"),
        "automatic": np.arange(size) % 10 == 0,
        "text": pd.array([f"Bonjour, message {n} " * 5 for n in range(size)], dtype="str"),
        "direction": pd.Categorical(_text(rng, ["reçu", "envoyé"], size), categories=list(Direction)),
        "kind": pd.Categorical(_text(rng, ["message", "message", "message", "rejet", "désinscription"], size), categories=list(Kind)),
        "at": _moments(rng, today, size),
        "lead_key": pd.arrays.IntegerArray(rng.choice(leads, size), rng.random(size) < 0.1),
    }
    return pd.DataFrame(columns, index=pd.Index(np.arange(1, size + 1), name="key"))


def _journal(rng: np.random.Generator, size: int, leads: np.ndarray, today: date) -> pd.DataFrame:
    seconds = np.sort(rng.integers(-90 * 86400, 0, size)).astype("timedelta64[s]")
    fields = rng.integers(0, 3, size)
    texts = np.array(
        [list(LABELS), ["0", "100000", "250050"] * 2 + ["7"] * 2, ["5", "10", "25", "50", "75", "100", "0", "1"]], dtype=object
    )
    return pd.DataFrame(
        {
            "entity_key": rng.choice(leads, size),
            "at": pd.DatetimeIndex((np.datetime64(today) + seconds).astype("datetime64[us]"), tz="UTC"),
            "field": pd.array(np.array(["status", "amount", "probability"], dtype=object)[fields], dtype="str"),
            "before": pd.array(texts[fields, rng.integers(0, 8, size)], dtype="str"),
            "after": pd.array(texts[fields, rng.integers(0, 8, size)], dtype="str"),
        },
        index=pd.Index(np.arange(1, size + 1), name="key"),
    )
