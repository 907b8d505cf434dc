"""Why each mail is in its class: received = attached + not attached + ignored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from gnetics.domain.messages import Filed
from gnetics.domain.typography import number


def owners(real: pd.DataFrame, addresses: set[str]) -> dict[str, int]:
    """How many contacts réels have each of these addresses."""
    emails = real["email_fold"]
    return {str(address): int(count) for address, count in emails[emails.isin(addresses)].value_counts().items()}


def motive(mail: Mapping[str, Any], having: Mapping[str, int]) -> str:
    """`having`: how many contacts have an address."""
    if mail["filed"] == Filed.LOOSE:
        return loose_motive(mail["sender_address"], having)
    return {Filed.ATTACHED: mail["matched_by"], Filed.IGNORED: mail["drop_reason"]}.get(mail["filed"]) or ""


def loose_motive(sender: str, having: Mapping[str, int]) -> str:
    if not sender:
        return "expéditeur absent ou illisible"
    owned = having.get(sender, 0)
    if owned > 1:
        return "plusieurs contacts ont cette adresse"
    return "un contact a cette adresse, mais le message ne lui est pas rattaché" if owned else "aucun contact n’a cette adresse"


def reasons(groups: Counter[tuple[str, str, str]], senders: Counter[str], having: Mapping[str, int]) -> dict[str, str]:
    """By class, « expéditeur 80 · réponse 31 », the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    for (filed, _, reason), count in groups.items():
        found[filed, reason] += count
    for sender, count in senders.items():
        found[Filed.LOOSE, loose_motive(sender, having)] += count
    said: dict[str, list[str]] = {}
    for (filed, reason), count in found.most_common():
        if reason:
            said.setdefault(filed, []).append(f"{reason}\u00a0{number(count)}")
    return {filed: " · ".join(parts) for filed, parts in said.items()}
