"""What is written by somebody is told from what machines send, each with its reason in French."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gnetics.domain.messages import Kind
from gnetics.mail.reading.bounces import Bounce
from gnetics.mail.reading.letter import Letter, read

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OURS = "<b2@gnetics.example>"
RETURNED = (
    f"Content-Type: message/rfc822\n\nFrom: paul@gnetics.example\nTo: claire@client.example\nMessage-ID: {OURS}\nSubject: Devis\n\nBonjour"
)


def letter(*headers: str, body: str = "Bonjour,\n\nMerci pour le devis.") -> Letter:
    lines = ("From: claire@client.example", "To: paul@gnetics.example", *headers)
    return read("\n".join((*lines, "", body)).encode(), NOW)


def report(kind: str, *parts: str, sender: str = "MAILER-DAEMON@client.example", subject: str = "Rapport") -> Letter:
    head = (
        f"From: {sender}\nTo: paul@gnetics.example\nSubject: {subject}\nContent-Type: multipart/report; report-type={kind}; boundary=x\n\n"
    )
    return read((head + "".join(f"--x\n{part}\n" for part in parts) + "--x--\n").encode(), NOW)


def delivery(action: str, status: str, diagnostic: str = "", more: str = "") -> str:
    return (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.client.example\n\n"
        f"Final-Recipient: rfc822; claire@client.example\n{more}Action: {action}\nStatus: {status}\n"
        + (f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else "")
    )


def text(said: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\n\n{said}"


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted"),
        ("Auto-Submitted: auto-generated; type=x", "Auto-Submitted"),
        ("X-Autoreply: yes", "X-Autoreply"),
        ("Precedence: auto_reply", "Precedence"),
        ("Return-Path: <>", "Return-Path vide"),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : Devis", "objet «\u00a0Réponse automatique : Devis\u00a0»"),
        ("Subject: Out of office: Devis", "objet «\u00a0Out of office: Devis\u00a0»"),
    ],
)
def test_an_automatic_reply_says_how_it_is_known(header: str, why: str) -> None:
    found = letter(header)
    assert (found.kind, found.drop_reason) == (Kind.AUTO_REPLY, f"Réponse automatique ({why})")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        (["List-Id: <lettre.exemple.fr>"], "List-Id"),
        (["Precedence: bulk"], "Precedence"),
        (["Precedence: list"], "Precedence"),
        (["Precedence: junk"], "Precedence"),
        (["List-Unsubscribe: <mailto:a@b.fr>"], "List-Unsubscribe"),
        (["Mailing-List: list x@y.fr"], "Mailing-List"),
    ],
)
def test_a_list_says_how_it_is_known(headers: list[str], why: str) -> None:
    found = letter(*headers)
    assert (found.kind, found.drop_reason) == (Kind.LIST, f"Liste de diffusion ({why})")


@pytest.mark.parametrize(
    "headers",
    [
        ["Auto-Submitted: no"],
        ["Precedence: first-class"],
        ["In-Reply-To: <b2@gnetics.example>", "List-Unsubscribe: <mailto:a@b.fr>"],
        ["Subject: Re: =?utf-8?q?R=C3=A9ponse_automatique?="],
        ["Subject: Facture retournée"],
        ["Subject: RE: Undelivered Mail Returned to Sender"],
        ["Return-Path: <claire@client.example>"],
    ],
)
def test_what_somebody_wrote_is_a_message(headers: list[str]) -> None:
    found = letter(*headers)
    assert (found.kind, found.drop_reason, found.bounce) == (Kind.MESSAGE, "", None)


def test_somebody_who_quotes_a_refusal_is_no_bounce() -> None:
    said = "Bonjour,\n\nJ’ai reçu ceci, que faire ?\n\n> 550 5.1.1 <claire@client.example>: user unknown\n> could not be delivered"
    assert letter("Subject: Undelivered Mail Returned to Sender", "Content-Type: text/plain; charset=utf-8", body=said).kind == Kind.MESSAGE


ABSENT = "Je suis absent. En cas d’urgence, écrivez à Marie, marie@client.example, ou rappelez lundi. Votre envoi n’a pas pu être lu."


def test_a_postmaster_who_writes_is_no_bounce() -> None:
    head = "From: Postmaster <postmaster@client.example>\nSubject: Notre adresse\n\n"
    content = f"{head}Bonjour, écrivez désormais à Marie, marie@client.example, merci."
    assert read(content.encode(), NOW).kind == Kind.MESSAGE


def test_an_absence_that_names_somebody_is_no_bounce() -> None:
    found = letter("Return-Path: <>", "Subject: Absence", "Content-Type: text/plain; charset=utf-8", body=ABSENT)
    assert (found.kind, found.bounce) == (Kind.AUTO_REPLY, None)


@pytest.mark.parametrize("subject", ["Virement rejeté", "Colis retourné", "Delivery problem", "Échec de la livraison"])
def test_somebody_who_writes_of_what_failed_is_no_bounce(subject: str) -> None:
    found = letter(f"Subject: {subject}", "Content-Type: text/plain; charset=utf-8", body=ABSENT)
    assert (found.kind, found.bounce) == (Kind.MESSAGE, None)


def test_who_wants_nothing_more_is_no_noise() -> None:
    found = letter(body="Merci de me désinscrire.\n\n> Notre offre de printemps")
    assert (found.kind, found.drop_reason) == (Kind.OPT_OUT, "")


def test_our_own_way_out_when_quoted_is_no_wish() -> None:
    assert letter(body="D’accord pour mardi.\n\n> Pour ne plus recevoir nos messages, répondez STOP.").kind == Kind.MESSAGE


@pytest.mark.parametrize(
    ("status", "diagnostic", "reason"),
    [
        ("5.1.1", "", "boîte inconnue"),
        ("5.2.2", "552 Mailbox full", "boîte pleine"),
        ("5.1.2", "", "domaine inconnu"),
        ("5.0.0", "550 5.7.1 message rejected as spam", "refusé par le serveur du destinataire"),
        ("5.0.0", "550 No such user here", "boîte inconnue"),
        ("5.3.4", "", "message trop gros"),
        ("5.0.0", "554 Bonjour", "554 Bonjour"),
        ("5.0.0", "", "raison non précisée"),
    ],
)
def test_a_bounce_says_who_and_why(status: str, diagnostic: str, reason: str) -> None:
    found = report("delivery-status", text("Nous n’avons rien pu faire."), delivery("failed", status, diagnostic), RETURNED)
    assert (found.kind, found.bounce, found.about) == (Kind.BOUNCE, Bounce(("claire@client.example",), True, reason), OURS)
    assert found.drop_reason == f"Rejet définitif de claire@client.example\u00a0: {reason}"


def test_a_delay_is_a_bounce_that_is_not_final() -> None:
    found = report("delivery-status", text("Encore un essai demain."), delivery("delayed", "4.4.1"), RETURNED)
    assert (found.kind, found.bounce) == (Kind.BOUNCE, Bounce(("claire@client.example",), False, "serveur injoignable"))
    assert found.drop_reason == "Remise retardée à claire@client.example\u00a0: serveur injoignable"


def test_a_bounce_names_whom_we_wrote_to_not_where_it_was_sent_on() -> None:
    sent_on = delivery("failed", "5.1.1", more="Original-Recipient: rfc822; contact@client.example\n")
    found = report("delivery-status", text("Refus"), sent_on)
    assert found.bounce and found.bounce.failed == ("contact@client.example",)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_mail_that_arrived_is_no_bounce(action: str) -> None:
    found = report("delivery-status", text("C’est arrivé."), delivery(action, "2.0.0"), RETURNED, subject="Successful Mail Delivery Report")
    assert (found.kind, found.drop_reason, found.bounce, found.about) == (Kind.RECEIPT, "Accusé de remise", None, OURS)


def test_a_mail_that_was_read_says_which() -> None:
    told = f"Content-Type: message/disposition-notification\n\nOriginal-Message-ID: {OURS}\nDisposition: manual-action; displayed"
    found = report("disposition-notification", text("Lu"), told, sender="claire@client.example")
    assert (found.kind, found.drop_reason, found.about) == (Kind.RECEIPT, "Accusé de lecture", OURS)


def test_a_complaint_says_of_which_mail() -> None:
    found = report(
        "feedback-report",
        text("Abus"),
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse",
        RETURNED,
        sender="fbl@orange.example",
    )
    assert (found.kind, found.about, found.bounce) == (Kind.COMPLAINT, OURS, None)
    assert found.drop_reason.startswith("Plainte\u00a0: ")


@pytest.mark.parametrize(
    ("sender", "subject", "said"),
    [
        (
            "Postmaster <postmaster@client.example>",
            "Non remis : Devis",
            "Votre message n’a pas pu être remis à :\n\nclaire@client.example\n\nBoîte introuvable.",
        ),
        (
            "MAILER-DAEMON@orange.example",
            "Échec de la remise de votre message",
            "Impossible de remettre le message à <claire@client.example> : 550 inconnu",
        ),
        ("Mail Delivery System <mailer-daemon@ovh.example>", "Message retourné", "<claire@client.example>: 550 5.1.1 user unknown"),
    ],
)
def test_bounces_in_french_without_a_report(sender: str, subject: str, said: str) -> None:
    headers = f"From: {sender}\nTo: paul@gnetics.example\nContent-Type: text/plain; charset=utf-8\n"
    content = (
        f"{headers}Subject: {subject}\n\n{said}\n\n----- Message d’origine -----\nMessage-ID: {OURS}\nTo: claire@client.example\n\nBonjour"
    )
    found = read(content.encode(), NOW)
    assert (found.kind, found.bounce, found.about) == (Kind.BOUNCE, Bounce(("claire@client.example",), True, "boîte inconnue"), OURS)


def test_an_invitation_that_a_calendar_sends_by_itself_is_no_automatic_reply() -> None:
    calendar = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR"
    found = letter("Auto-Submitted: auto-generated", "Content-Type: text/calendar; method=REQUEST", body=calendar)
    assert (found.kind, found.drop_reason, found.invitation) == (Kind.INVITATION, "", calendar.encode())
