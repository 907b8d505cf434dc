"""What stands in each frame, column by column: its title on screen, unit, allowed values and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gnetics.domain import events, statuses
from gnetics.domain.fields import BY_KEY
from gnetics.errors import NotFound

Table = Literal["leads", "events"]


@dataclass(frozen=True)
class Column:
    """`allowed` are all the values it may have, empty where any text or number may stand."""

    name: str
    meaning: str
    label: str = ""
    unit: str = ""
    allowed: tuple[str, ...] = ()


def _field(name: str, meaning: str, unit: str = "", allowed: tuple[str, ...] = ()) -> Column:
    field = BY_KEY[name]
    units = {"money": "€", "percent": "%", "score": "points sur 100", "date": "jour"}
    return Column(name, meaning, field.label, unit or units.get(field.kind, ""), allowed or field.choices)


LEADS = (
    _field("lead_id", "Numéro du contact, donné par le CRM ou repris d’un classeur"),
    _field("name", "Nom de la personne"),
    _field("company", "Son entreprise"),
    _field("job_title", "Ce qu’elle y fait"),
    _field("email", "Adresse telle que saisie"),
    _field("phone", "Numéro tel que saisi"),
    _field("status", "Étape ; tout autre texte est un statut inconnu, gardé tel quel", allowed=statuses.LABELS),
    _field("source", "D’où vient le contact, telle que saisie ; leads.gn.source réunit les graphies"),
    _field("owner", "Qui s’en occupe ; vide : personne"),
    _field("next_follow_up", "Jour de la prochaine relance"),
    _field("last_contact", "Jour du dernier échange ; vide : jamais contacté"),
    _field("amount", "Montant estimé, sans pondération ; vide : inconnu, jamais 0"),
    _field("probability", "Chance de gagner saisie à la main ; vide : celle du statut"),
    _field("expected_close", "Jour de clôture prévu"),
    _field("score", "Score saisi à la main ; vide : l’automatique vaut"),
    _field("lost_reason", "Pourquoi l’affaire est perdue"),
    _field("deal_of", "ID Lead du contact dont c’est une autre affaire"),
    _field("tags", "Étiquettes, séparées par des virgules"),
    _field("notes", "Notes libres"),
    _field("stage", "Étape propre à l’équipe"),
    _field("next_action", "Prochaine action saisie à la main"),
    _field("legal_basis", "Base légale (RGPD)"),
    _field("consent", "Consentement à recevoir des messages"),
    _field("consent_on", "Jour où il fut donné, refusé ou retiré"),
    _field("consent_source", "D’où on le sait"),
    _field("created_at", "Jour de création ; vide : inconnu, jamais celui de l’import"),
    _field("closed_at", "Jour où le contact fut gagné ou perdu"),
    _field("status_since", "Jour d’entrée dans le statut"),
    _field("previous_status", "Statut d’avant", allowed=statuses.LABELS),
    Column("real", "Vrai s’il a un nom, une entreprise, un email ou un ID Lead : les figures ne comptent que ceux-là", "Contact réel"),
    Column("auto_score", "Profil, activité, récence et source, à la date du jour", "Score automatique", "points sur 100"),
    Column("any_score", "Le score saisi, sinon l’automatique", "Score", "points sur 100"),
    Column("updated_at", "Dernière modification, heure de la région", "Modifié le", "instant"),
)
EVENTS = (
    Column("uid", "Identifiant durable, celui des fichiers iCalendar", "UID"),
    Column("title", "Ce qui est prévu", "Titre"),
    Column("starts_at", "Début, heure de la région", "Début", "instant"),
    Column("ends_at", "Fin, heure de la région", "Fin", "instant"),
    Column("all_day", "Vrai si seuls les jours comptent", "Toute la journée"),
    Column("kind", "Sorte d’événement", "Type", allowed=events.KINDS),
    Column("done", "Vrai s’il a eu lieu", "Fait"),
    Column("description", "Texte libre", "Description"),
    Column("video_url", "Adresse de la visio", "Lien visio"),
    Column("lead_key", "Index du contact dans leads ; vide : aucun", "Contact"),
    Column("owner", "Qui s’en occupe", "Responsable"),
    Column("cancelled", "Vrai s’il n’a pas lieu", "Annulé"),
    Column("place", "Où il a lieu", "Lieu"),
    Column("category", "Mot libre qui range", "Catégorie"),
    Column("recurrence", "La règle (RRULE) d’une série, dont la ligne est la première occurrence ; vide : une seule fois", "Répétition"),
    Column("series_key", "Index de la série dont une occurrence fut changée", "Série"),
    Column("updated_at", "Dernière modification, heure de la région", "Modifié le", "instant"),
)
TABLES: dict[str, tuple[Column, ...]] = {"leads": LEADS, "events": EVENTS}


def named(columns: tuple[Column, ...]) -> list[str]:
    return [column.name for column in columns]


def described(table: str, frame: pd.DataFrame, *, euros: bool) -> pd.DataFrame:
    """A row a column of `frame`: label, dtype, unit, allowed values, meaning; the index is the column's name."""
    if table not in TABLES:
        raise NotFound(f"Il n’y a pas de table «\u00a0{table}\u00a0»\u00a0: {', '.join(TABLES)}.")
    rows = [
        {
            "column": column.name,
            "label": column.label,
            "dtype": str(frame[column.name].dtype),
            "unit": column.unit if euros or column.unit != "€" else "centimes",
            "allowed": ", ".join(column.allowed),
            "meaning": column.meaning,
        }
        for column in TABLES[table]
        if column.name in frame
    ]
    return pd.DataFrame(rows).set_index("column")
