"""What proposes an answer: one function, given what is known of the mail and of the lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gnetics.store.people.writers import Writer


@dataclass(frozen=True)
class Asked:
    """`mail` and `lead` are rows of the store; `slots` are free times of who answers, in words.

    `barred`: why nothing is sent to the lead, as the end of a sentence; "" when they may be answered.
    """

    mail: Mapping[str, Any]
    lead: Mapping[str, Any]
    writer: Writer
    slots: Sequence[str] = ()
    barred: str = ""


@dataclass(frozen=True)
class Proposal:
    """`origin` says what made the text."""

    text: str
    origin: str


class Proposer(Protocol):
    def __call__(self, asked: Asked) -> Proposal:
        """Raises Blocked."""
