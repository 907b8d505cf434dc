"""Block Outreach: what was sent, and who answered. Opens are not counted."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.metrics.definitions import NOT_ATTACHED
from gnetics.metrics.figure import Figure, LeftOut, Selection
from gnetics.metrics.measures import Rows, count, ratio
from gnetics.metrics.population import Days, Ints, Mask, Population
from gnetics.metrics.window import Window, instants

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Outreach:
    """`sent`, `bounces` and `opt_outs` count messages (their keys too); the others count leads."""

    sent: Figure
    contacted: Figure
    answered: Figure
    answer_rate: Figure
    bounces: Figure
    opt_outs: Figure


@dataclass(frozen=True, eq=False)
class _Mail:
    """The messages that concern P: attached to one of its leads, or to nobody when P is not narrowed to an owner."""

    frame: pd.DataFrame
    leads: Ints
    moments: Days
    inside: Mask

    def select(self, direction: str | None, kind: str) -> Mask:
        chosen = (self.frame["kind"] == kind).to_numpy(dtype=bool)
        return chosen if direction is None else chosen & (self.frame["direction"] == direction).to_numpy(dtype=bool)


def _mail(messages: pd.DataFrame, population: Population, window: Window, zone: ZoneInfo) -> _Mail:
    leads = population.locate(messages["lead_key"])
    concerned = leads >= 0
    if population.owner is None:
        concerned |= messages["lead_key"].isna().to_numpy(dtype=bool)
    frame, leads = messages[["direction", "kind", "at"]][concerned], leads[concerned]
    moments = instants(frame["at"])
    return _Mail(frame, leads, moments, window.holds_instants(moments, zone))


def _messages(mail: _Mail, definition: str, rows: Mask, window: Window) -> Figure:
    counted = Selection(mail.frame.index.to_numpy(dtype=np.int64), rows)
    return Figure(definition, "count", len(counted), counted, len(mail.frame), window, table="messages")


def _answered(mail: _Mail, population: Population, sent: Mask) -> tuple[Rows, Rows]:
    """Leads written to in the window, and those of them with a message that came after the first of these."""
    first = np.full(population.size, _NEVER)
    latest = np.full(population.size, -_NEVER)
    attached = (mail.leads >= 0) & ~np.isnat(mail.moments)
    out, back = sent & attached, mail.select("reçu", "message") & attached
    np.minimum.at(first, mail.leads[out], mail.moments[out].astype(np.int64))
    np.maximum.at(latest, mail.leads[back], mail.moments[back].astype(np.int64))
    written = first < _NEVER
    return written, written & (latest > first)


def outreach(messages: pd.DataFrame, population: Population, window: Window, zone: ZoneInfo) -> Outreach:
    mail = _mail(messages, population, window, zone)
    sent = mail.select("envoyé", "message") & mail.inside
    written, answered = _answered(mail, population, sent)
    loose = Selection(mail.frame.index.to_numpy(dtype=np.int64), sent & (mail.leads < 0))
    unattached = (LeftOut(NOT_ATTACHED, loose),) if len(loose) else ()
    return Outreach(
        sent=_messages(mail, "sent", sent, window),
        contacted=count(population, "contacted", written, window, unattached),
        answered=count(population, "answered", answered, window),
        answer_rate=ratio(population, "answer_rate", answered, written, window, unattached),
        bounces=_messages(mail, "bounces", mail.select(None, "rejet") & mail.inside, window),
        opt_outs=_messages(mail, "opt_outs", mail.select(None, "désinscription") & mail.inside, window),
    )
