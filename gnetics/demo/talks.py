"""What the fictional leads and the team write to each other.

A turn is (from us?, text). {civ} is « Madame Petit », {first} a first name, {company} theirs, {owner} who follows them.
"""

from __future__ import annotations

# ruff: noqa: E501 – sentences are not cut in the middle of what they say
from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """`statuses`: leads it may happen to; `model`: what the proposed answers came from; `file`: joined to our first message."""

    subject: str
    statuses: tuple[str, ...]
    model: str
    turns: tuple[tuple[bool, str], ...]
    file: str | None = None


TALKS: tuple[Talk, ...] = (
    Talk(
        "Demande de tarif",
        ("Contacté", "Qualifié"),
        "Modèle « demande de tarif »",
        (
            (False, "Bonjour,\n\nNous sommes {company} et nous cherchons un outil de planning pour nos techniciens. "
                    "Pouvez-vous m’indiquer vos tarifs pour une dizaine d’utilisateurs ?\n\nMerci d’avance,\n{name}"),
            (True, "Bonjour {civ},\n\nMerci de votre message. Pour dix utilisateurs, l’abonnement démarre à 24 € par mois et par technicien, "
                   "formation comprise. Le plus simple serait d’en parler vingt minutes : êtes-vous disponible jeudi matin ?\n\n"
                   "Bien à vous,\n{owner}\nGNETICS"),
            (False, "Bonjour,\n\nJeudi à 10 h me convient. Vous pouvez m’appeler sur ma ligne directe.\n\nCordialement,\n{name}"),
            (True, "Bonjour {civ},\n\nC’est noté, je vous appelle jeudi à 10 h.\n\nBonne journée,\n{owner}"),
        ),
    ),
    Talk(
        "Démonstration du planning",
        ("Contacté", "Qualifié", "En suivi"),
        "Modèle « après la démonstration »",
        (
            (True, "Bonjour {civ},\n\nMerci pour votre temps ce matin. Comme convenu, voici le résumé de la démonstration et les deux références "
                   "dans votre métier.\n\nJe reste à votre disposition,\n{owner}\nGNETICS"),
            (False, "Bonjour,\n\nMerci, c’était très clair. Mon équipe se demande si l’application fonctionne en sous-sol, sans réseau ?\n\n{name}"),
            (True, "Bonjour {civ},\n\nOui : le technicien travaille hors ligne, tout se synchronise dès que le réseau revient. "
                   "Je peux vous prêter une tablette pour essayer sur un vrai chantier.\n\n{owner}"),
            (False, "Volontiers pour la tablette. La semaine prochaine si possible.\n\nBien cordialement,\n{name}"),
        ),
        "resume-demonstration.pdf (240 Ko)",
    ),
    Talk(
        "Votre devis",
        ("En suivi", "Clos"),
        "Modèle « relance de devis »",
        (
            (True, "Bonjour {civ},\n\nVous trouverez en pièce jointe le devis dont nous avons parlé. Il est valable trente jours.\n\n"
                   "Bien à vous,\n{owner}\nGNETICS"),
            (False, "Bonjour,\n\nBien reçu. Le montant dépasse un peu ce que nous avions prévu : une remise la première année est-elle possible ?\n\n{name}"),
            (True, "Bonjour {civ},\n\nSur un engagement de deux ans, je peux vous accorder 10 % la première année. "
                   "Je vous envoie le devis corrigé cet après-midi.\n\n{owner}"),
        ),
        "devis.pdf (118 Ko)",
    ),
    Talk(
        "Export vers la comptabilité",
        ("Qualifié", "En suivi"),
        "Assistant",
        (
            (False, "Bonjour,\n\nNotre comptable demande sous quel format sortent les interventions facturables. Avez-vous un exemple de fichier ?\n\n"
                    "Merci,\n{name}\n{company}"),
            (True, "Bonjour {civ},\n\nVoici un exemple d’export : une ligne par intervention, avec le client, la durée et les pièces. "
                   "Le format s’adapte à votre logiciel.\n\n{owner}"),
        ),
    ),
    Talk(
        "Données personnelles de nos techniciens",
        ("Qualifié", "En suivi"),
        "Modèle « données personnelles »",
        (
            (False, "Bonjour,\n\nAvant d’aller plus loin, notre direction souhaite savoir où sont hébergées les données et si la position "
                    "des techniciens est enregistrée en dehors des heures de travail.\n\nCordialement,\n{name}"),
        ),
    ),
    Talk(
        "Bon pour accord",
        ("Clos",),
        "Modèle « bienvenue »",
        (
            (False, "Bonjour {first_owner},\n\nVoici le devis signé. Nous aimerions démarrer au début du mois prochain.\n\nÀ bientôt,\n{name}"),
            (True, "Bonjour {civ},\n\nMerci de votre confiance ! Je vous mets en relation avec notre équipe de formation, "
                   "qui vous proposera trois dates dès demain.\n\n{owner}\nGNETICS"),
        ),
    ),
    Talk(
        "Votre projet de planning",
        ("Perdu",),
        "Modèle « merci quand même »",
        (
            (True, "Bonjour {civ},\n\nJe me permets de revenir vers vous au sujet du planning de vos équipes : où en est votre réflexion ?\n\n{owner}"),
            (False, "Bonjour,\n\nNous avons finalement choisi une autre solution, plus simple pour nous. Merci pour le temps passé.\n\n{name}"),
            (True, "Bonjour {civ},\n\nMerci de votre franchise. Je reprendrai de vos nouvelles dans un an, si vous le voulez bien.\n\n{owner}"),
        ),
    ),
    Talk(
        "Report de notre rendez-vous",
        ("Contacté", "Qualifié", "En suivi"),
        "Assistant",
        (
            (False, "Bonjour,\n\nUn imprévu sur un chantier m’oblige à décaler notre rendez-vous. Auriez-vous un créneau en fin de semaine prochaine ?\n\n"
                    "Avec mes excuses,\n{name}"),
        ),
    ),
    Talk(
        "Formation des équipes",
        ("En suivi", "Clos"),
        "Assistant",
        (
            (False, "Bonjour,\n\nCombien de temps faut-il pour former un technicien qui n’est pas à l’aise avec l’informatique ? "
                    "J’en ai deux dans ce cas.\n\n{name}"),
            (True, "Bonjour {civ},\n\nUne demi-journée suffit, avec un exercice sur leurs propres interventions. "
                   "Nous revenons gratuitement un mois après.\n\n{owner}"),
            (False, "Parfait, cela me rassure. On avance.\n\n{name}"),
        ),
    ),
)  # fmt: skip

ALONE: tuple[tuple[str, str], ...] = (  # ours, still without an answer
    ("Simplifier le planning de vos techniciens",
     "Bonjour {civ},\n\nBeaucoup d’entreprises de votre métier perdent une heure par jour à refaire leur planning. "
     "Puis-je vous montrer en quinze minutes comment elles s’y prennent autrement ?\n\n{owner}\nGNETICS"),
    ("Suite à notre échange",
     "Bonjour {civ},\n\nComme promis au téléphone, voici notre brochure. Je vous rappelle la semaine prochaine pour recueillir vos questions.\n\n{owner}"),
    ("Avez-vous pu en parler ?",
     "Bonjour {civ},\n\nVous deviez évoquer notre solution avec vos équipes. Avez-vous eu leur retour ?\n\nBien à vous,\n{owner}"),
    ("Votre visite sur notre stand",
     "Bonjour {civ},\n\nMerci de votre passage sur notre stand. Vous trouverez ci-joint la fiche que vous aviez demandée.\n\n{owner}\nGNETICS"),
    ("Invitation : trente minutes sur les contrats d’entretien",
     "Bonjour {civ},\n\nNous organisons une visioconférence courte sur le suivi des contrats d’entretien. Souhaitez-vous que je vous inscrive ?\n\n{owner}"),
)  # fmt: skip

AUTO_REPLIES = (
    (
        "Réponse automatique : {subject}",
        "Bonjour,\n\nJe suis en déplacement jusqu’à lundi. En cas d’urgence, merci de joindre notre standard.\n\n{name}",
    ),
    ("Absence du bureau", "Bonjour,\n\nEn congés cette semaine, je répondrai à mon retour.\n\n{name}\n{company}"),
)
BOUNCE = (
    "Non remis : {subject}",
    "Votre message n’a pas pu être remis à {to}.\n\n550 5.1.1 Adresse inconnue : vérifiez le destinataire.",
)
OPT_OUT = (
    "Re: {subject}",
    "Bonjour,\n\nMerci de ne plus m’écrire et de retirer mon adresse de vos envois.\n\n{name}",
)
STRANGERS: tuple[tuple[str, str, str], ...] = (  # nobody we know
    ("lea.prigent@candidature.example", "Candidature spontanée – chargée de clientèle",
     "Madame, Monsieur,\n\nVotre entreprise m’intéresse et je serais heureuse de vous présenter mon parcours. Mon CV est joint.\n\nLéa Prigent"),
    ("compta@imprimerie-des-quais.example", "Facture de vos plaquettes",
     "Bonjour,\n\nVeuillez trouver la facture des plaquettes livrées mardi.\n\nLe service comptable"),
    ("h.bodin@fluides-du-centre.example", "Renseignement",
     "Bonjour,\n\nUn confrère m’a parlé de vous. Travaillez-vous aussi avec des équipes de trois personnes ?\n\nH. Bodin"),
    ("secretariat@cap-atlantic.example", "Rappel de votre part ?",
     "Bonjour,\n\nVous avez essayé de nous joindre hier, de quoi s’agissait-il ?\n\nLe secrétariat"),
    ("direction@maison-oriol.example", "Votre numéro au salon",
     "Bonjour,\n\nJe n’ai pas retrouvé la carte de votre collègue. Pouvez-vous lui demander de me rappeler ?\n\nM. Oriol"),
    ("achats@thermique-du-lac.example", "Appel d’offres planning 2027",
     "Bonjour,\n\nNous préparons une consultation pour l’an prochain. À qui adresser le cahier des charges ?\n\nService achats"),
)  # fmt: skip
DROPPED: tuple[tuple[str, str, str, str, str], ...] = (  # (sender, subject, text, kind, why)
    ("lettre@actu-batiment.example", "La lettre du bâtiment n° 214", "Au sommaire cette semaine : aides à la rénovation, salons, emplois.", "liste",
     "Lettre d’information : rien à répondre"),
    ("promo@bureau-discount.example", "–40 % sur les fauteuils", "Offre valable jusqu’à dimanche seulement.", "liste", "Publicité"),
    ("noreply@agenda-partage.example", "Rappel : réunion d’équipe", "Votre réunion commence dans 15 minutes.", "message", "Message d’un automate"),
    ("webinaires@editeur-compta.example", "Plus que trois places", "Inscrivez-vous à notre webinaire sur la facture électronique.", "liste", "Publicité"),
    ("noreply@colis.example", "Votre colis est en route", "Livraison prévue demain entre 9 h et 12 h.", "message", "Message d’un automate"),
)  # fmt: skip
