"""On which ground the fictional leads are kept, and which of them agreed to be written to, or said no."""

from __future__ import annotations

from typing import Any

from gnetics.demo.leads import DemoLead
from gnetics.domain.consent import Consent
from gnetics.domain.messages import Kind

_AGREED = {"site web": "formulaire du site", "salon": "carte remise sur le salon"}  # by source, folded: these asked to be written to


def give(leads: list[DemoLead], messages: list[dict[str, Any]]) -> None:
    """Customers are kept for their contract, whoever came to us by their consent, the others by our interest."""
    left = {message["lead_id"]: message["at"].date() for message in messages if message["kind"] == Kind.OPT_OUT and message["lead_id"]}
    for lead in leads:
        agreed = _AGREED.get(str(lead.values["source"] or "").casefold())
        lead.values["legal_basis"] = "contrat" if lead.journey.status == "Clos" else "consentement" if agreed else "intérêt légitime"
        if lead.lead_id in left:
            lead.values |= {
                "consent": Consent.WITHDRAWN.value,
                "consent_on": left[lead.lead_id],
                "consent_source": "désinscription par email",
            }
        elif agreed:
            lead.values |= {"consent": Consent.GIVEN.value, "consent_on": lead.journey.created, "consent_source": agreed}
