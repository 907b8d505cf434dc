"""What a team does first in a store of its own: bring its contacts, add one, invite the others."""

from __future__ import annotations

from gnetics.pages.accueil.widgets.home import Step
from gnetics.pages.app import App
from gnetics.store.reading.imports import past_imports

FEW = 10  # contacts, from which the store is under way
COMMAND = ".venv/bin/gnetics user add NOM --role administration"


def first_steps(app: App) -> list[Step]:
    """Empty in the demo, for whoever sees only their own leads, and once the store is under way."""
    contacts = len(app.snapshot.real)
    if app.session.demo or app.snapshot.limited or contacts >= FEW:
        return []
    imported = any(each.undone_at is None for each in past_imports(app.crm, app.user))
    return [
        {
            "title": "Importer un classeur",
            "text": "Vos contacts en CSV ou Excel\u00a0: ils sont vérifiés avant d’être écrits. Un classeur modèle s’y télécharge.",
            "done": imported,
            "query": {"importer": "1"},
            "command": "",
        },
        {
            "title": "Ajouter un contact",
            "text": "Un nom, une entreprise ou un email suffit.",
            "done": contacts > 0,
            "query": {"lead": "nouveau"},
            "command": "",
        },
        {
            "title": "Inviter l’équipe",
            "text": "Dès le premier compte, chacun s’identifie et la base s’ouvre aux autres postes. À taper sur le serveur\u00a0:",
            "done": app.crm.standing(app.user).account,
            "query": {},
            "command": COMMAND,
        },
    ]
