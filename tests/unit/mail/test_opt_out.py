"""Who wants nothing more is heard; who only speaks of it is not."""

from __future__ import annotations

import pytest

from gnetics.mail.reading.opt_out import asked


@pytest.mark.parametrize(
    "written",
    [
        "STOP",
        "Stop.",
        "stop svp",
        "Bonjour,\n\nSTOP\n\nMarie Le Goff",
        "STOP PUB",
        "Désinscription",
        "Bonjour,\n\nDésinscription\n\nMerci",
        "unsubscribe",
        "Unsubscribe me",
        "please unsubscribe",
        "Merci de me désinscrire de votre liste.\n\nPaul Garnier",
        "Désinscrivez-moi svp",
        "Pouvez-vous me désinscrire de votre liste de diffusion\u00a0?",
        "Je ne souhaite plus recevoir vos emails.",
        "Nous ne voulons plus recevoir de sollicitations de votre part.",
        "Bonjour, je ne veux plus être contacté. Bonne journée",
        "Merci de ne plus m’écrire et de retirer mon adresse de vos envois.\n\nMarie Le Goff",
        "Prière de ne plus m’envoyer de mails",
        "Ne me contactez plus.",
        "Veuillez supprimer mon adresse email de votre base.",
        "Cessez de m’envoyer vos publicités",
        "Je demande la désinscription de mon adresse.",
        "Please remove me from your mailing list.",
        "Stop sending me emails",
        "Do not contact me again",
        "Retirez-moi de cette liste",
        "désabonnez-moi",
    ],
)
def test_a_wish_to_receive_nothing_more_is_heard(written: str) -> None:
    assert asked("Re: Votre projet", written)


@pytest.mark.parametrize("subject", ["unsubscribe", "Désinscription", "STOP", "désabonnement"])
def test_an_empty_mail_asks_by_its_subject(subject: str) -> None:
    assert asked(subject, "")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Désinscription\n\nVotre logiciel sait-il écarter dès le lendemain ceux qui la demandent en répondant à un de nos emails\u00a0?",
        "Bonjour,\n\nNon-stop, votre service\u00a0!",
        "Le stop est au coin de la rue.",
        "Nous avons dit stop aux travaux, voyons-nous lundi.",
        "Votre logiciel gère-t-il la désinscription des contacts\u00a0?",
        "Je ne souhaite pas me désinscrire.",
        "Je me suis désinscrit par erreur, réinscrivez-moi.",
        "Comment faire pour me désinscrire\u00a0? Je n’ai pas trouvé le lien et ce n’est pas ce que je veux.",
        "Je ne souhaite plus recevoir les factures par courrier.",
        "Merci de ne plus recevoir les livraisons le matin.",
        "Ne m’appelez plus le lundi.",
        "Merci de ne plus nous livrer à cette adresse.",
        "Pouvez-vous supprimer mon rendez-vous\u00a0?",
        "Retirez la ligne 3 de votre devis.",
        "Nous ne voulons plus attendre.",
        "We do not want to stop the project.",
        "Remove the second line from the quote, please.",
        "Merci de supprimer mon adresse de livraison et de garder l’autre.",
        "Ne m’écrivez plus sur cette adresse, voici la nouvelle\u00a0: paul@exemple.fr",
        "Bonjour,\n\n" + "Votre offre nous intéresse. " * 20 + "Merci de ne plus m’écrire le week-end, je préfère en semaine.",
    ],
)
def test_who_only_speaks_of_it_is_not_taken_for_one(written: str) -> None:
    assert not asked("Re: Votre projet", written)


def test_a_mail_that_says_something_is_not_judged_by_its_subject() -> None:
    assert not asked("Désinscription", "Voici notre formulaire de désinscription, qu’en pensez-vous\u00a0? Il sera en ligne lundi.")
