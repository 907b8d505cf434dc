"""« Nouvelle affaire »: another lead of somebody who was won or lost before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnetics.actions.editing import cleaned
from gnetics.actions.leads import Saved, create_lead
from gnetics.domain.fields import EDITABLE
from gnetics.domain.leads import person
from gnetics.domain.statuses import type_of
from gnetics.errors import Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot

_EDITABLE = frozenset(field.key for field in EDITABLE)
# what is the person's rather than the deal's, and is not typed anew: who said no has still said no
_CARRIED = ("last_contact", "legal_basis", "consent", "consent_on", "consent_source")


def new_deal(crm: Crm, user: str, key: int, values: Mapping[str, Any], snapshot: Snapshot) -> Saved:
    """Create a lead with these values, of the same person as that closed one. Raises what `save_lead` does."""
    earlier = snapshot.lead(key)
    if type_of(earlier["status"]) not in ("gagné", "perdu"):
        raise Refused({"": "Ce contact a une affaire en cours\u00a0: une nouvelle se crée quand elle est gagnée ou perdue."})
    if not person(earlier):
        raise Refused({"": "Ce contact n’est gardé que dans votre session\u00a0: enregistrez-le d’abord."})
    carried = {name: earlier[name] for name in _CARRIED if earlier[name] is not None}
    return create_lead(crm, user, None, carried | cleaned(values, _EDITABLE) | {"deal_of": person(earlier)}, snapshot)
