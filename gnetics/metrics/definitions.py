"""What each figure means, as shown on screen under « Définition »: title, formula, population and traps, in French."""

# ruff: noqa: E501 - a sentence stays in one piece
from __future__ import annotations

import re
from dataclasses import dataclass

NO_SCORE = "sans score"
NO_DATE = "sans date connue"
NO_CREATION = "sans date de création"
NO_CLOSING = "sans date de clôture"
UNKNOWN_DATES = "dates de création ou de clôture inconnues"
REVERSED_DATES = "clos avant leur création"
UNREAL = "écartés, sans identité"
UNKNOWN_STATUS = "statut inconnu, ne pèse rien"
TOO_LATE = "clôture prévue au-delà des six mois"
NO_CONTACT_DATE = "contactés à une date inconnue"
UNCONTACTED = "encore jamais contactés"
NOT_ATTACHED = "messages sans contact rattaché"
NO_PATH = "sans parcours connu, comptés à l’entrée"
NO_STAY = "durée inconnue"

BLANK_SOURCE = "Non renseignée"

# the least leads that a variation is read against, and their least share of those of now
LEAST_BASE = 10
LEAST_SHARE = 0.1

_OF_ONE = {
    REVERSED_DATES: "clos avant sa création",
    UNREAL: "écarté, sans identité",
    NO_CONTACT_DATE: "contacté à une date inconnue",
    UNCONTACTED: "encore jamais contacté",
    NOT_ATTACHED: "message sans contact rattaché",
    NO_PATH: "sans parcours connu, compté à l’entrée",
}


def reason_of(reason: str, count: int) -> str:
    """Why rows are left out, as one says it of one or of many."""
    return _OF_ONE.get(reason, reason) if count < 2 else reason


_BEFORE = re.compile(r" ([:;?!»%€])")


def _typeset(text: str) -> str:
    """French unbreakable spaces, so the texts below stay readable in the code."""
    return _BEFORE.sub("\u00a0\\1", text).replace("« ", "«\u00a0").replace("'", "’")


@dataclass(frozen=True)
class Definition:
    """`formula` and `population` are sentences; each trap is a sentence too."""

    title: str
    formula: str
    population: str
    traps: tuple[str, ...] = ()


_REAL = "Contacts réels : ceux qui ont un nom, une entreprise, un email ou un ID Lead."
_OPEN = "Contacts réels dont le statut est ouvert (de Nouveau à En suivi)."
_PIPELINE = "Contacts réels ouverts ou À corriger."
_WON = "Contacts réels au statut Clos."
_NOW = "C'est une photo de maintenant : la période choisie ne la change pas."
_MOVED = f"L'évolution se lit contre un état d'au moins {LEAST_BASE} contacts et {100 * LEAST_SHARE:.0f} % de ceux de maintenant ; sinon, pas de base comparable."
_NO_AMOUNT = "Un contact sans montant est laissé de côté et compté, jamais pris pour 0 €."

_TABLE: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    # Headline and priority
    "pipeline": ("Pipeline actif", "Nombre de contacts ouverts ou À corriger.", _REAL, (_NOW, _MOVED)),
    "pipeline_blocked": ("Dont bloqués", "Nombre de contacts au statut À corriger.", _REAL, (_NOW,)),
    "pipeline_amount": ("Montant estimé", "Somme des montants du pipeline actif, sans pondération.", _PIPELINE, (_NOW, _NO_AMOUNT, _MOVED)),
    "conversion": (
        "Taux de conversion",
        "Contacts gagnés ÷ contacts réels.",
        _REAL,
        (_NOW, "Les contacts encore ouverts sont au dénominateur ; le taux de réussite, lui, les ignore.", "Sans contact : n/d.", _MOVED),
    ),
    "success": (
        "Taux de réussite",
        "Contacts gagnés ÷ (gagnés + perdus).",
        "Contacts réels décidés : Clos ou Perdu.",
        ("À ne pas confondre avec le taux de conversion.", "Sans contact décidé : n/d."),
    ),
    "follow_up": (
        "À relancer",
        "Contacts ouverts dont la prochaine relance est aujourd'hui ou passée ; ou, sans relance prévue, dont le dernier contact date de plus de 7 jours.",
        _OPEN,
        ("Les relances en retard comptent, pas seulement celles du jour.",),
    ),
    "never_contacted": (
        "Sans dernier contact",
        "Contacts ouverts dont le dernier contact est vide.",
        _OPEN,
        ("La création d'un contact n'est pas un contact.",),
    ),
    "blocked": ("Bloqués", "Contacts au statut À corriger.", _REAL, ()),
    "priority": (
        "Priorité du jour",
        "Contacts à relancer, sans dernier contact ou bloqués, chacun compté une fois ; classés par jours de retard, puis par montant × probabilité.",
        _PIPELINE,
        ("Un contact peut être dans deux des trois compteurs : leur somme dépasse alors le total.",),
    ),
    "priority_late": (
        "En retard de plus d'une semaine",
        "Contacts de la Priorité du jour qui ont plus de 7 jours de retard.",
        _PIPELINE,
        (),
    ),
    "planned_soon": (
        "Plus tard cette semaine",
        "Contacts ouverts dont la prochaine relance tombe d'ici la fin de la semaine, après aujourd'hui.",
        _OPEN,
        (),
    ),
    "contacted_yesterday": ("Contactés hier", "Contacts dont le dernier contact date d'hier.", _REAL, ()),
    "status_group": (
        "Répartition des statuts",
        "Nombre de contacts de chaque statut et part du total.",
        _REAL,
        (
            "Les statuts vides sont gardés ; un statut illisible ou absent est compté comme inconnu.",
            "La somme est le nombre de contacts réels.",
        ),
    ),
    # A
    "contacts": (
        "Contacts réels",
        "Nombre de contacts qui ont au moins un nom, une entreprise, un email ou un ID Lead.",
        _REAL,
        ("Les lignes écartées, sans identité, ne sont comptées nulle part.",),
    ),
    "created": (
        "Créés dans la période",
        "Contacts dont la date de création est dans la période.",
        _REAL,
        ("Une date de création inconnue n'est jamais celle de l'import.",),
    ),
    "open": ("Ouverts", "Contacts dont le statut est ouvert.", _REAL, (_NOW,)),
    "won": ("Gagnés", "Contacts au statut Clos.", _REAL, (_NOW,)),
    "lost": ("Perdus", "Contacts au statut Perdu.", _REAL, (_NOW,)),
    "unknown": (
        "Statut inconnu",
        "Contacts dont le statut est absent ou ne fait pas partie des huit statuts.",
        _REAL,
        (_NOW, "Le texte d'origine est gardé."),
    ),
    "quiet": (
        "Sans échange",
        "Contacts ouverts dont le dernier contact, ou à défaut la création, date de plus du nombre de jours demandé.",
        _OPEN,
        ("Une relance prévue ne compte pas comme un échange.", "Sans l'une ni l'autre date, un contact est laissé de côté."),
    ),
    "cohort": (
        "Conversion d'une cohorte",
        "Contacts créés dans le mois et gagnés en autant de mois, celui de la création compris ÷ contacts créés dans le mois.",
        _REAL,
        (
            "Un âge dont le mois n'est pas fini n'est pas montré.",
            "Un contact gagné sans date de clôture est au dénominateur, et compté à part.",
        ),
    ),
    "forecast_period": (
        "Prévision d'une période",
        "Somme des montants × probabilité des contacts ouverts dont la clôture prévue est dans la période.",
        _OPEN,
        (
            _NO_AMOUNT,
            "L'intervalle suppose les affaires indépendantes : chacune rapporte son montant entier, avec sa probabilité, ou rien.",
        ),
    ),
    "won_amount": (
        "Montant gagné",
        "Somme des montants des contacts clos dans la période, selon leur date de clôture.",
        _WON,
        ("La date de la dernière modification ne compte pas.", _NO_AMOUNT),
    ),
    "basket_mean": (
        "Panier moyen",
        "Moyenne des montants gagnés supérieurs à 0 dans la période.",
        _WON,
        (_NO_AMOUNT, "Quelques grosses affaires tirent la moyenne ; la médiane est à côté."),
    ),
    "basket_median": ("Panier médian", "Médiane des montants gagnés supérieurs à 0 dans la période.", _WON, (_NO_AMOUNT,)),
    "cycle": (
        "Durée du cycle",
        "Médiane des jours entre la création et la clôture des contacts clos dans la période.",
        _WON,
        ("Sans les deux dates, un contact est laissé de côté.", "Des dates inversées sont signalées en Qualité."),
    ),
    "month_created": ("Créés dans le mois", "Contacts dont la date de création est dans le mois.", _REAL, ()),
    "month_won": ("Gagnés dans le mois", "Contacts clos dont la date de clôture est dans le mois.", _WON, ()),
    # B
    "source_leads": (
        "Leads de la source",
        "Contacts de la source créés dans la période.",
        _REAL,
        (
            "Les sources sont regroupées sans tenir compte des espaces, de la casse ni des accents.",
            "Une source vide est gardée : Non renseignée.",
            "Par conversion décroissante, les sources de moins de 10 leads en dernier.",
        ),
    ),
    "source_decided": ("Décidés", "Contacts de la source créés dans la période et aujourd'hui Clos ou Perdu.", _REAL, ()),
    "source_won": ("Gagnés", "Contacts de la source créés dans la période et aujourd'hui Clos.", _REAL, ()),
    "source_conversion": (
        "Conversion",
        "Gagnés ÷ leads de la source, pour les contacts créés dans la période ; intervalle de Wilson à 95 %.",
        _REAL,
        (
            "Le taux suit la cohorte de création : il ne peut pas dépasser 100 %.",
            "Sous 10 leads, le taux est grisé et se lit « 3/4 ».",
            "Une cohorte plus jeune que le cycle médian est « en maturation » : son taux montera encore.",
        ),
    ),
    "source_success": (
        "Réussite",
        "Gagnés ÷ (gagnés + perdus) de la source, pour les contacts créés dans la période.",
        "Contacts décidés de la source.",
        ("Sans contact décidé : n/d.",),
    ),
    "source_amount": ("Montant gagné", "Somme des montants des contacts gagnés de la source.", _WON, (_NO_AMOUNT,)),
    "source_cycle": ("Cycle médian", "Médiane des jours entre création et clôture des contacts gagnés de la source.", _WON, ()),
    # C
    "score_count": ("Avec score", "Contacts du statut dont le score, saisi à la main ou automatique, est connu.", _REAL, ()),
    "score_automatic": (
        "Score automatique",
        "Contacts du statut sans score saisi à la main : profil (30) + activité (25) + récence (25) + source (20).",
        _REAL,
        ("Un score saisi à la main l'emporte sur le score automatique.", "La récence se calcule à la date du jour."),
    ),
    "score_missing": ("Sans score", "Contacts du statut sans score.", _REAL, ("Un score absent n'est pas un score de 0.",)),
    "score": (
        "Score",
        "Minimum, médiane, moyenne et maximum des scores connus du statut : celui saisi à la main, sinon l'automatique.",
        _REAL,
        ("Un score absent n'est pas un score de 0.",),
    ),
    "score_falls": (
        "Médiane en baisse",
        "Statuts de l'entonnoir dont le score médian est inférieur à celui du statut précédent.",
        _OPEN,
        ("Le score devrait monter quand un contact avance.",),
    ),
    "score_hot": (
        "Score de 70 ou plus, jamais contacté",
        "Contacts dont le score est au moins 70 et dont le dernier contact est vide.",
        _REAL,
        (),
    ),
    # D
    "stage_leads": ("Contacts du statut", "Nombre de contacts du statut.", _REAL, (_NOW,)),
    "stage_amount": ("Montant", "Somme des montants du statut.", _REAL, (_NO_AMOUNT,)),
    "stage_weighted": (
        "Montant pondéré",
        "Somme des montants × probabilité, arrondis au centime par contact.",
        _REAL,
        (_NO_AMOUNT, "Perdu, À corriger et statut inconnu pèsent 0."),
    ),
    "stage_no_amount": ("Sans montant", "Contacts du statut sans montant.", _REAL, ()),
    "stage_days": (
        "Jours dans le statut",
        "Médiane des jours depuis l'entrée dans le statut.",
        _REAL,
        ("La date d'entrée est celle du contact, sinon celle de l'historique ; absente, elle est « inconnue », jamais 0 jour.",),
    ),
    "stage_unknown_days": ("Ancienneté inconnue", "Contacts dont la date d'entrée dans le statut est absente ou future.", _REAL, ()),
    "stage_on_time": (
        "Dans les temps ou inconnu",
        "Contacts restés dans le statut moins que le temps attendu, ou dont la date d'entrée est inconnue.",
        _OPEN,
        (),
    ),
    "stage_amber": ("À surveiller", "Contacts restés dans le statut au moins le temps attendu, mais moins d'une fois et demie.", _OPEN, ()),
    "stage_red": ("En retard", "Contacts restés dans le statut au moins une fois et demie le temps attendu.", _OPEN, ()),
    "funnel_reached": (
        "Ont atteint le statut",
        "Contacts créés dans la période qui sont ou ont été dans le statut, ou dans un statut plus avancé ÷ contacts créés dans la période.",
        _REAL,
        (
            "Le parcours vient du statut actuel, du statut précédent et de l'historique des changements de statut.",
            "Un contact perdu ou bloqué sans historique n'est compté qu'à l'entrée.",
        ),
    ),
    "funnel_passed": (
        "Passage",
        "Contacts qui ont atteint le statut ÷ contacts qui ont atteint le statut précédent.",
        "Contacts créés dans la période qui ont atteint le statut précédent.",
        ("Les contacts récents peuvent encore avancer.",),
    ),
    "funnel_days": (
        "Jours passés dans le statut",
        "Médiane des jours passés dans le statut, d'un changement de statut de l'historique au suivant.",
        "Contacts créés dans la période qui ont quitté le statut.",
        ("Un séjour en cours ne compte pas.", "Un séjour dont l'historique ne dit pas le début est laissé de côté."),
    ),
    "owner_leads": (
        "Contacts",
        "Contacts du responsable, tous statuts.",
        _REAL,
        ("Un responsable est un seul, quels que soient les espaces, la casse et les accents de son nom.",),
    ),
    "owner_created": ("Créés", "Contacts du responsable créés dans la période.", _REAL, ()),
    "owner_activity": (
        "Activités",
        "Rendez-vous, appels et visios marqués faits dans la période, par responsable de l'événement ; e-mails envoyés, par responsable du contact.",
        "Événements faits et messages envoyés de la période.",
        ("Un événement passé mais non marqué fait ne compte pas.", "Les envois automatiques ne comptent pas."),
    ),
    "owner_first_contact": (
        "Délai du premier contact",
        "Médiane et 90e centile des jours entre la création et le premier contact humain (e-mail envoyé par une personne, rendez-vous ou appel fait).",
        "Contacts du responsable créés dans la période.",
        (
            "Les contacts encore jamais contactés sont comptés à part : les ignorer embellirait le délai.",
            "Un contact antérieur à la création compte 0 jour.",
        ),
    ),
    "owner_uncontacted": ("Encore jamais contactés", "Contacts du responsable créés dans la période et sans aucun contact.", _REAL, ()),
    "owner_won": ("Gagnés", "Contacts du responsable clos dans la période.", _WON, ()),
    "owner_won_amount": ("Montant gagné", "Somme des montants des contacts du responsable clos dans la période.", _WON, (_NO_AMOUNT,)),
    "owner_success": (
        "Réussite",
        "Gagnés ÷ (gagnés + perdus) du responsable, clos dans la période.",
        "Contacts décidés dans la période.",
        ("Sans contact décidé : n/d.",),
    ),
    "owner_cycle": (
        "Cycle médian",
        "Médiane des jours entre création et clôture des contacts du responsable gagnés dans la période.",
        _WON,
        (),
    ),
    # E
    "forecast_month": (
        "Prévision du mois",
        "Somme des montants × probabilité des contacts ouverts dont la clôture est prévue dans le mois et n'est pas passée, arrondis au centime par contact.",
        _OPEN,
        (_NO_AMOUNT, "Sans probabilité propre, celle du statut s'applique."),
    ),
    "forecast_overdue": (
        "En retard",
        "Même somme pour les contacts encore ouverts dont la clôture prévue est passée, ce mois-ci compris.",
        _OPEN,
        ("Hors des barres, dans le total.",),
    ),
    "forecast_undated": (
        "Sans date",
        "Même somme pour les contacts ouverts sans clôture prévue.",
        _OPEN,
        ("Hors des barres, dans le total.",),
    ),
    "forecast_beyond": (
        "Au-delà",
        "Même somme pour les contacts ouverts dont la clôture est prévue après les six mois affichés.",
        _OPEN,
        ("Hors du total, qui ne couvre que les six mois.",),
    ),
    "forecast_total": (
        "Prévision totale",
        "Somme des six mois, plus En retard, plus Sans date.",
        _OPEN,
        (
            "Perdu pèse 0 ; un statut inconnu ne pèse rien.",
            "À corriger est montré à part : montant bloqué.",
            "Une clôture prévue au-delà des six mois n'est pas dans le total.",
            _NO_AMOUNT,
        ),
    ),
    "forecast_gross": ("Montant brut", "Somme des montants sans pondération des mêmes contacts.", _OPEN, (_NO_AMOUNT,)),
    "forecast_blocked": (
        "Montant bloqué",
        "Somme des montants, sans pondération, des contacts À corriger.",
        "Contacts réels au statut À corriger.",
        ("Hors de la prévision tant que le problème n'est pas corrigé.", _NO_AMOUNT),
    ),
    "forecast_won": ("Gagné dans le mois", "Somme des montants des contacts clos, selon leur mois de clôture réel.", _WON, (_NO_AMOUNT,)),
    "forecast_probability": (
        "Probabilités",
        "Probabilité appliquée par statut quand le contact n'a pas la sienne.",
        _REAL,
        ("Clos compte 100 %, Perdu 0 %, À corriger et statut inconnu ne pèsent rien, quelle que soit la probabilité saisie.",),
    ),
    # F
    "completeness": (
        "Complétude",
        "Contacts dont le champ est rempli ÷ contacts concernés.",
        _REAL,
        ("Un champ utile à certains statuts seulement n'est attendu que pour eux.",),
    ),
    "completeness_gap": ("Champ vide", "Contacts concernés dont le champ est vide.", _REAL, ()),
    "quality_rule": (
        "Anomalie",
        "Contacts qui enfreignent la règle ÷ contacts concernés par elle.",
        "Contacts concernés par la règle.",
        ("Sans contact concerné : n/d.",),
    ),
    "quality_blocking": (
        "Contacts avec une anomalie bloquante",
        "Contacts qui ont au moins une anomalie bloquante ÷ contacts réels.",
        _REAL,
        ("Un contact qui en a plusieurs est compté une fois.",),
    ),
    # Outreach
    "sent": (
        "Messages envoyés",
        "Messages envoyés dans la période.",
        "Messages de l'Inbox Log.",
        ("Les ouvertures ne sont pas comptées : rien ne les prouve.",),
    ),
    "contacted": ("Contacts sollicités", "Contacts qui ont reçu au moins un message dans la période.", _REAL, ()),
    "answered": (
        "Contacts qui ont répondu",
        "Contacts dont un message est arrivé après un envoi de la période.",
        "Contacts sollicités dans la période.",
        ("Les réponses automatiques, rejets et listes ne sont pas des réponses.",),
    ),
    "answer_rate": (
        "Taux de réponse",
        "Contacts qui ont répondu après un envoi ÷ contacts sollicités.",
        "Contacts sollicités dans la période.",
        ("Un contact compte une fois, quel que soit le nombre de messages.", "Sans envoi : n/d."),
    ),
    "bounces": ("Rejets", "Messages de non-remise reçus dans la période.", "Messages de l'Inbox Log.", ()),
    "opt_outs": ("Désinscriptions", "Demandes de désinscription reçues dans la période.", "Messages de l'Inbox Log.", ()),
}

EVERYONE = _typeset(_REAL)  # the population of most figures
DEFINITIONS: dict[str, Definition] = {
    key: Definition(_typeset(title), _typeset(formula), _typeset(population), tuple(map(_typeset, traps)))
    for key, (title, formula, population, traps) in _TABLE.items()
}
