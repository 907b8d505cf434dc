"""Why a mail is in its class, in the words of the Inbox Log."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from gnetics.domain.messages import Filed, address
from gnetics.pages.logs import mail_log

REAL = pd.DataFrame({"email_fold": ["zoe@lumen.fr", "double@x.fr", "double@x.fr", None]}, dtype="str")


def test_each_mail_says_why_it_is_in_its_class() -> None:
    having = mail_log.owners(REAL, {"zoe@lumen.fr", "double@x.fr", "qui@ailleurs.fr"})
    assert having == {"zoe@lumen.fr": 1, "double@x.fr": 2}

    def why(filed: str, sender: str | None = None, matched_by: str | None = None, drop_reason: str | None = None) -> str:
        mail = {"filed": filed, "sender_address": address(sender), "matched_by": matched_by, "drop_reason": drop_reason}
        return mail_log.motive(mail, having)

    assert why(Filed.ATTACHED, matched_by="réponse") == "réponse"
    assert why(Filed.LOOSE, "Inconnue <qui@ailleurs.fr>") == "aucun contact n’a cette adresse"
    assert why(Filed.LOOSE, "Deux <DOUBLE@x.fr>") == "plusieurs contacts ont cette adresse"
    assert why(Filed.LOOSE) == "expéditeur absent ou illisible"
    assert why(Filed.LOOSE, "Zoé <zoe@lumen.fr>") == "un contact a cette adresse, mais le message ne lui est pas rattaché"
    assert why(Filed.IGNORED, matched_by="réponse", drop_reason="liste de diffusion") == "liste de diffusion"
    assert why(Filed.SENT, matched_by="manuel") == why(Filed.ATTACHED) == ""


def test_the_reasons_of_a_class_are_counted_the_most_frequent_first() -> None:
    groups: Counter[tuple[str, str, str]] = Counter(
        {
            (Filed.ATTACHED, "a", "réponse"): 2,
            (Filed.ATTACHED, "b", "réponse"): 1,
            (Filed.ATTACHED, "a", "manuel"): 5,
            (Filed.SENT, "", ""): 9,
        }
    )
    senders = Counter({"": 1, "zoe@lumen.fr": 2, "qui@ailleurs.fr": 3, "encore@ailleurs.fr": 1})
    assert mail_log.reasons(groups, senders, {"zoe@lumen.fr": 1}) == {
        Filed.ATTACHED: "manuel\u00a05 · réponse\u00a03",
        Filed.LOOSE: "aucun contact n’a cette adresse\u00a04 · un contact a cette adresse, mais le message ne lui est pas rattaché\u00a02"
        " · expéditeur absent ou illisible\u00a01",
    }
