"""What is held of one person, told to that person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Chapter:
    """Of one table of the store: the person's own `rows`, each by column, and what `mentions` them in rows of others."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    mentions: Sequence[Mapping[str, Any]]

    @property
    def title(self) -> str:
        return TITLES.get(self.name, self.name)


TITLES = {
    "leads": "Fiches",
    "events": "Rendez-vous",
    "messages": "Emails",
    "runs": "Actions automatiques",
    "sequences": "Relances",
    "attachments": "Pièces jointes",
    "history": "Historique",
    "foreign_keys": "Identifiants ailleurs",
    "outbox": "Messages à envoyer",
    "drafts": "Brouillons",
    "suppressions": "Oppositions",
    "imports": "Imports",
    "import_columns": "Colonnes d’imports",
    "views": "Vues enregistrées",
    "accesses": "Journal des accès",
    "analyses": "Analyses",
    "sources": "Fichiers relus",
    "mailboxes": "Boîtes aux lettres",
    "mail_places": "Dossiers de boîtes aux lettres",
    "automations": "Règles",
}
LABELS = {  # of columns that are no field of a lead
    "key": "Numéro",
    "lead_key": "Fiche n°",
    "title": "Titre",
    "starts_at": "Début",
    "ends_at": "Fin",
    "kind": "Type",
    "done": "Fait",
    "cancelled": "Annulé",
    "description": "Description",
    "place": "Lieu",
    "participants": "Participants",
    "direction": "Sens",
    "sender": "Expéditeur",
    "recipients": "Destinataires",
    "cc": "Copie",
    "reply_to": "Répondre à",
    "subject": "Objet",
    "at": "Le",
    "text": "Texte",
    "quoted": "Texte cité",
    "attachments": "Pièces jointes",
    "reply_text": "Réponse proposée",
    "reply_final": "Réponse envoyée",
    "content": "Contenu",
    "who": "Qui",
    "action": "Action",
    "field": "Champ",
    "before": "Avant",
    "after": "Après",
    "address": "Adresse",
    "reason": "Motif",
    "value": "Valeur",
    "filename": "Fichier",
    "trace": "Valeurs d’avant l’import",
    "query": "Filtres",
    "name": "Nom",
    "updated_at": "Modifié le",
    "message_id": "Identifiant",
    "uid": "Identifiant",
    "status": "Statut",
    "rule": "Règle",
    "detail": "Détail",
    "lead_label": "Contact",
}
