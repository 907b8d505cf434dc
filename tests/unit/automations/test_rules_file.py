"""Rules are read with the line of what is wrong; each says in one sentence what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from gnetics.automations.rule import Rule, days_ahead, sentence
from gnetics.automations.rules_file import BUILT_IN, FILE, rules
from gnetics.errors import GneticsError


def read(folder: Path, text: str) -> dict[str, Rule]:
    (folder / FILE).write_text(text, "utf-8")
    return {rule.name: rule for rule in rules(folder)}


NIGHT = "Chaque nuit à 03:30 (après une panne, la dernière suffit)"


def test_the_rules_that_come_with_the_product_each_say_what_they_do(tmp_path: Path) -> None:
    said = {rule.name: sentence(rule).replace("\u00a0", " ") for rule in rules(tmp_path)}
    assert said == {
        "relance": "Quand arrive « Prochaine relance », si « Statut » est Contacté ou Qualifié ou En suivi, "
        "envoie 3 relances (4 puis 7 jours après), jusqu’à une réponse.",
        "premier-contact": "Quand un contact est créé, si « Statut » est Nouveau et « Contrôle de l’email » est valide "
        "et « Dernier contact » est vide, envoie « premier-contact ».",
        "sans-nouvelles": "14 jours après « Dernier contact », si « Statut » est Contacté ou Qualifié ou En suivi "
        "et « Prochaine relance » est vide, met « Prochaine relance » à « aujourd’hui ».",
        "doublons": "Quand un contact est créé ou un contact est modifié, signale ceux qui lui ressemblent, sans rien changer.",
        "email-a-corriger": "Quand un contact est créé ou un contact est modifié ou un contact est rétabli, "
        "passe le contact « À corriger » si son email manque ou n’est pas valide, et le rend à son statut ensuite.",
        "cloture-depassee": "1 jour après « Clôture prévue », si « Statut » est Nouveau ou À contacter ou Contacté "
        "ou Qualifié ou En suivi et « Prochaine relance » est vide, met « Prochaine relance » à « aujourd’hui » "
        "et met « Prochaine action » à « Revoir la date de clôture ».",
        "purge-a-reconfirmer": "1\u202f096 jours après « Dernier contact », si « Statut » est Nouveau ou À contacter ou Contacté "
        "ou Qualifié ou En suivi ou Perdu ou À corriger, met « Étiquettes » à « À reconfirmer ».",
        "responsable": "Quand un contact est créé, si « Responsable » est vide, l’attribue à un commercial.",
        "rappel-rendez-vous": "24 h avant un événement, rappelle le rendez-vous au contact.",
        "mail-du-matin": "Chaque jour ouvré à 07:30, envoie à chaque commercial ses relances, ses nouveaux contacts "
        "et ses rendez-vous du jour.",
        "nuit-corbeille": f"{NIGHT}, efface ce qui est dans la corbeille depuis plus de 30 jours.",
        "nuit-journaux": f"{NIGHT}, efface des journaux et de l’historique ce qui dépasse la durée de conservation choisie.",
        "nuit-contacts": f"{NIGHT}, marque « À reconfirmer » les contacts sans nouvelles depuis la durée choisie, puis les efface.",
        "nuit-scores": f"{NIGHT}, recalcule les scores, qui dépendent du jour et de ce que chaque source a donné.",
        "nuit-controle": f"{NIGHT}, contrôle le CRM, et prévient votre administrateur de ce qui est à corriger.",
    }


def test_an_own_table_changes_only_the_keys_that_it_has(tmp_path: Path) -> None:
    before = {rule.name: rule for rule in rules(tmp_path)}
    after = read(tmp_path, "[rules.relance]\npauses = [3, 5]\n")
    assert after["relance"].pauses == (3, 5)
    assert after["relance"].models == before["relance"].models
    assert after["relance"].digest != before["relance"].digest
    assert {name: rule for name, rule in after.items() if name != "relance"} == {n: r for n, r in before.items() if n != "relance"}


OWN = '[rules.relais]\ntitle = "Relais"\ndeed = "envoyer"\non = ["contact créé"]\nmodels = ["relais"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.relance]\npause = [3, 5]\n", "automations.toml, ligne 2\u00a0: réglage inconnu"),
        ("[rules.relance]\npauses = [3]\n", "automations.toml, ligne 2, réglage rules.relance.pauses\u00a0: 3 étapes demandent 2 pauses"),
        ("[rules.relance]\npauses = [3, 0]\n", "une pause a de 1 à 365 jours"),
        ('[rules.relance]\npauses = ["3"]\n', "une liste de nombres comme [4, 7]"),
        (
            "[rules.relance.where]\nsource = 12\n",
            "automations.toml, ligne 2, réglage rules.relance.where.source\u00a0: donnez une liste de textes",
        ),
        ('[rules.relance.where]\namount = "beaucoup"\n', 'ligne 2, réglage rules.relance.where.amount\u00a0: écrivez ">= 1000"'),
        ('[rules.relance.where]\nlast_contact = "> 14"\n', 'écrivez "> 14 jours" (plus ancien)'),
        ('[rules.relance.where]\nstatus = ["Gagné"]\n', "«\u00a0Gagné\u00a0» n’est pas Nouveau, À contacter"),
        ('[rules.relance.where]\nphone = "vide"\n', "«\u00a0phone\u00a0» n’est pas un champ que les conditions connaissent"),
        ('[rules.relance]\ndeed = "danser"\n', "ligne 2, réglage rules.relance.deed"),
        ('[rules.relance]\ndue = "anniversaire"\n', "«\u00a0anniversaire\u00a0» n’est pas"),
        (OWN.replace("contact créé", "contact vu"), "ligne 4, réglage rules.relais.on\u00a0: «\u00a0contact vu\u00a0» n’est pas"),
        (OWN + 'due = "created_at"\n', "donnez «\u00a0on\u00a0» (ce qui arrive) ou «\u00a0due\u00a0» (une date), l’un des deux"),
        (
            OWN.replace('models = ["relais"]\n', ""),
            "ligne 1, réglage rules.relais\u00a0: «\u00a0envoyer\u00a0» demande «\u00a0models\u00a0»",
        ),
        (OWN.replace('deed = "envoyer"\n', ""), "ligne 1, réglage rules.relais\u00a0: il manque «\u00a0deed\u00a0»"),
        (OWN.replace("Relais", "Doublons"), "ligne 1, réglage rules.relais\u00a0: une autre règle a déjà le titre «\u00a0Doublons\u00a0»"),
        ('[rules.doublons]\ntitle = "Relance"\n', "ligne 1, réglage rules.doublons\u00a0: une autre règle a déjà le titre"),
        ("[rules.essai]\n", "ligne 1, réglage rules.essai\u00a0: il manque «\u00a0title\u00a0»"),
        ("[rules.relance]\npauses = [4, 366]\n", "une pause a de 1 à 365 jours"),
        ('[rules.relance]\ntitle = " "\n', "donnez un titre"),
        ('[rules.relance.where]\nlast_contact = "> 999999999 jours"\n', "36500 jours au plus"),
        ('[rules.relance.where]\nlast_contact = "> -5 jours"\n', "écrivez"),
        ('[rules.mail-du-matin]\non = ["contact créé"]\n', "«\u00a0résumer\u00a0» sait par lui-même quand agir"),
        ('[rules.sans-nouvelles.changes]\nstatus = "Gagnée"\n', "«\u00a0Gagnée\u00a0» n’est pas Nouveau"),
        ('[rules.relance]\nat = "25:00"\n', "ligne 2, réglage rules.relance.at"),
        ("[rules.relance]\nper_day = -1\n", "un nombre de 0 à 100000"),
        ('[rules.sans-nouvelles.changes]\nphone = "06"\n', "«\u00a0phone\u00a0» n’est pas status"),
        ('[rules.sans-nouvelles.changes]\nnext_follow_up = "demain"\n', "écrivez «\u00a0aujourd’hui\u00a0» ou «\u00a0dans 3 jours\u00a0»"),
        ("[rules.sans-nouvelles.changes]\ntags = 3\n", "n’est pas un texte"),
        ("[rules.sans-nouvelles]\nchanges = 3\n", "n’est pas une table"),
        ("[rules.Relance]\n", "ligne 1\u00a0: «\u00a0Relance\u00a0» n’est pas une règle"),
        ("[rules]\nrelance = 3\n", "ligne 2"),
        ("relance = 3\n", "ligne 1\u00a0: «\u00a0relance\u00a0» n’est pas une table comme [rules.relance]"),
        ("[rules.relance\n", "ligne 1\u00a0: illisible"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(GneticsError) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)


def test_a_rule_says_its_version_by_all_that_it_is(tmp_path: Path) -> None:
    once = read(tmp_path, OWN)["relais"]
    assert read(tmp_path, OWN + "\n# un commentaire\n")["relais"].digest == once.digest
    assert read(tmp_path, OWN + '[rules.relais.where]\nowner = "vide"\n')["relais"].digest != once.digest


@pytest.mark.parametrize(
    ("text", "days"), [("aujourd’hui", 0), ("Aujourd'hui", 0), ("dans 3 jours", 3), ("dans 1 jour", 1), ("demain", None)]
)
def test_a_date_that_a_rule_writes_counts_from_today(text: str, days: int | None) -> None:
    assert days_ahead(text) == days


def test_the_built_in_file_has_a_comment_for_whoever_opens_it() -> None:
    assert BUILT_IN.read_text("utf-8").startswith("#")
