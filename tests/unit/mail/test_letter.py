"""A mail as its author would tell it: who, to whom, when, what; from headers and bodies as programs really write them."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest

from gnetics.domain.messages import Kind
from gnetics.mail.reading import bodies
from gnetics.mail.reading.headers import Address
from gnetics.mail.reading.letter import NO_SENDER, Letter, read

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PAUL, CLAIRE = Address("Paul Garnier", "paul@gnetics.example"), Address("Claire Morel", "claire@client.example")
ORDINARY = """\
Message-ID: <a1@client.example>
In-Reply-To: <b2@gnetics.example>
References: <b1@gnetics.example>
 <b2@gnetics.example>
Date: Mon, 30 Nov 2026 10:15:00 +0100
From: =?utf-8?Q?=C3=89lodie_Pr=C3=A9vost?= <elodie@client.example>
Reply-To: achats@client.example
To: Paul Garnier <paul@gnetics.example>, "Morel, Claire" <claire@client.example>
Cc: =?iso-8859-1?Q?Andr=E9?= <andre@client.example>
Subject: =?utf-8?B?UmU6IERldmlzIG7CsCAxMTQg4oCT?= =?utf-8?B?IMOpdMOp?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

D’accord pour le devis.

Élodie

Le lun. 30 nov. 2026 à 09:00, Paul Garnier <paul@gnetics.example> a écrit :

> Voici le devis.
"""


def letter(text: str | bytes) -> Letter:
    return read(text.encode() if isinstance(text, str) else text, NOW)


def with_headers(*headers: str) -> Letter:
    return letter("\n".join((*headers, "", "Bonjour")))


def of_parts(*parts: str, kind: str = "mixed") -> Letter:
    return letter(f"From: a@b.fr\nContent-Type: multipart/{kind}; boundary=x\n\n" + "".join(f"--x\n{part}\n" for part in parts) + "--x--\n")


def test_an_ordinary_mail() -> None:
    found = letter(ORDINARY)
    assert (found.message_id, found.in_reply_to) == ("<a1@client.example>", "<b2@gnetics.example>")
    assert found.references == ("<b1@gnetics.example>", "<b2@gnetics.example>")
    assert found.sender == Address("Élodie Prévost", "elodie@client.example")
    assert (found.reply_to, found.cc) == ((Address("", "achats@client.example"),), (Address("André", "andre@client.example"),))
    assert found.to == (PAUL, Address("Morel, Claire", "claire@client.example"))
    assert found.subject == "Re: Devis n° 114 – été"
    assert found.sent_at == datetime(2026, 11, 30, 10, 15, tzinfo=timezone(timedelta(hours=1)))
    assert found.text == "D’accord pour le devis.\n\nÉlodie"
    assert found.quoted.endswith("> Voici le devis.")
    assert (found.kind, found.drop_reason, found.bounce, found.invitation, found.forwarded_from) == (Kind.MESSAGE, "", None, None, None)
    assert (found.attachments, found.flaws) == ((), ())


def test_the_digest_is_that_of_the_bytes() -> None:
    assert letter(ORDINARY).digest == letter(ORDINARY).digest != letter(ORDINARY + " ").digest
    assert len(letter(ORDINARY).digest) == 64


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        ("Été à Nîmes".encode(), "Été à Nîmes"),
        ("Été à Nîmes".encode("cp1252"), "Été à Nîmes"),
        (b"=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"),
        (b"=?iso-8859-1?q?d=E9but?= et =?utf-8?q?fin?=", "début et fin"),
        (b"=?windows-1252?Q?l=92=E9t=E9?=", "l’été"),
        (b"=?inconnu?q?caf=C3=A9?=", "café"),
        (b"=?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"=?UTF-8?Q?Devis_en_attente?=", "Devis en attente"),
        (b"C:\\users\\utile", "C:\\users\\utile"),
        (b"plie sur\r\n deux lignes", "plie sur deux lignes"),
        (b"", ""),
    ],
)
def test_subjects_in_every_writing(raw: bytes, subject: str) -> None:
    assert letter(b"From: a@b.fr\r\nSubject: " + raw + b"\r\n\r\nBonjour").subject == subject


def test_no_subject_is_an_empty_one() -> None:
    assert with_headers("From: a@b.fr").subject == ""


def test_no_header_can_be_brought_in_by_a_name_or_a_subject() -> None:
    found = with_headers("From: =?utf-8?q?Paul=0D=0ABcc=3A_tous=40x.fr?= <a@b.fr>", "Subject: =?utf-8?q?Bonjour=0ATo=3A_x=40y.fr=00?=")
    assert (found.sender, found.subject) == (Address("Paul Bcc: tous@x.fr", "a@b.fr"), "Bonjour To: x@y.fr")


@pytest.mark.parametrize(
    ("value", "people"),
    [
        ("paul@gnetics.example", (Address("", "paul@gnetics.example"),)),
        ("<paul@gnetics.example>", (Address("", "paul@gnetics.example"),)),
        ("=?utf-8?q?Garnier=2C_Paul?= <paul@gnetics.example>", (Address("Garnier, Paul", "paul@gnetics.example"),)),
        ("paul@gnetics.example (Paul Garnier)", (PAUL,)),
        ("Équipe: Paul Garnier <paul@gnetics.example>, Claire Morel <claire@client.example>;", (PAUL, CLAIRE)),
        ('"paul@gnetics.example" <paul@gnetics.example>', (Address("paul@gnetics.example", "paul@gnetics.example"),)),
        ("undisclosed-recipients:;", ()),
        ("", ()),
    ],
)
def test_recipients_in_every_writing(value: str, people: tuple[Address, ...]) -> None:
    found = with_headers("From: a@b.fr", f"To: {value}")
    assert (found.to, found.flaws) == (people, ())


def test_what_is_no_address_is_told() -> None:
    found = with_headers("From: a@b.fr", "To: le service des achats")
    assert found.to == () and "le service des achats" in found.flaws[0]


@pytest.mark.parametrize(
    ("headers", "sender", "told"),
    [
        ([], Address("", ""), NO_SENDER),
        (['From: "Le service"'], Address("Le service", ""), "Le service"),
        (["Sender: claire@client.example"], Address("", "claire@client.example"), ""),
        (["From: Paul Garnier <paul@gnetics.example>, Claire Morel <claire@client.example>"], PAUL, ""),
    ],
)
def test_who_sent_it(headers: list[str], sender: Address, told: str) -> None:
    found = with_headers(*headers, "Subject: Devis")
    assert found.sender == sender
    assert (told in found.flaws[0]) if told else not found.flaws


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Thu, 1 Jan 1970 00:00:00 +0000", "être juste"),
        ("Wed, 2 Dec 2026 12:00:01 +0000", "être juste"),
        ("Mon, 1 Jan 2099 00:00:00 +0000", "être juste"),
        ("hier", "être lue"),
        ("Mon, 30 Nov 99999 00:00:00 +0000", "être lue"),
        ("Mon, 30 Nov 2026 10:00:00 +9999", "être lue"),
    ],
)
def test_a_date_that_cannot_be_right_is_none(said: str, told: str) -> None:
    found = with_headers("From: a@b.fr", f"Date: {said}")
    assert found.sent_at is None and told in found.flaws[0]


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Wed, 2 Dec 2026 12:00:00 +0000", datetime(2026, 12, 2, 12, tzinfo=UTC)),
        ("Mon, 30 Nov 2026 10:00:00 -0000", datetime(2026, 11, 30, 10, tzinfo=UTC)),
        ("30 Nov 2026 10:00 GMT", datetime(2026, 11, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_date_is_aware(said: str, moment: datetime) -> None:
    found = with_headers("From: a@b.fr", f"Date: {said}")
    assert found.sent_at == moment and found.sent_at.tzinfo is not None


def test_no_date_is_no_flaw() -> None:
    found = with_headers("From: a@b.fr")
    assert (found.sent_at, found.flaws) == (None, ())


@pytest.mark.parametrize(
    ("value", "clean"),
    [("<a@b>", "<a@b>"), ("  <a@\r\n b>  ", "<a@b>"), ("a@b", "<a@b>"), ("<>", ""), ("", ""), ("Your mail <a@b> of today", "<a@b>")],
)
def test_a_message_id_is_cleaned(value: str, clean: str) -> None:
    assert with_headers("From: a@b.fr", f"Message-ID: {value}").message_id == clean


def test_references_are_each_told_once_and_the_oldest_first() -> None:
    assert with_headers("From: a@b.fr", "References: <1@a> <2@a>", "\t<1@a> <3@a>").references == ("<1@a>", "<2@a>", "<3@a>")


def test_a_long_thread_keeps_all_of_its_references() -> None:
    ids = [f"<{number}.{'a' * 70}@client.example>" for number in range(60)]
    assert with_headers("From: a@b.fr", "References: " + "\n ".join(ids)).references == tuple(ids)


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "Déjà l’été".encode(), "Déjà l’été"),
        ("iso-8859-1", "Déjà l’été".encode("cp1252"), "Déjà l’été"),
        ("iso-8859-1", "Déjà l’été".encode(), "Déjà l’été"),
        ("us-ascii", "Déjà l’été".encode(), "Déjà l’été"),
        ("utf-8", "Déjà l’été".encode("cp1252"), "Déjà l’été"),
        ("utf-8", "Déjà l’été, où çà".encode() + b"\xe9", "Déjà l’été, où çà\ufffd"),
        ("iso-8859-15", "5 €".encode("iso-8859-15"), "5 €"),
        ("utf-16", "Déjà".encode("utf-16"), "Déjà"),
        ("utf-8", b"a\0b\x07c\r\nd\re", "abc\nd\ne"),
        ("utf-8", b"\xef\xbb\xbfBonjour", "Bonjour"),
    ],
)
def test_texts_in_every_charset(charset: str, content: bytes, text: str) -> None:
    encoded = b64encode(content)
    found = letter(f"From: a@b.fr\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n".encode() + encoded)
    assert (found.text, found.flaws) == (text, ())


@pytest.mark.parametrize("charset", ["x-inconnu", "punycode", "base64", "idna", "undefined", "utf-8\\0"])
def test_a_charset_that_is_none_is_told_and_the_text_is_read(charset: str) -> None:
    found = letter(f"From: a@b.fr\nContent-Type: text/plain; charset={charset}\n\nDéjà l’été")
    assert found.text == "Déjà l’été" and charset[:6] in found.flaws[0]


def test_of_two_versions_the_plain_one_is_read() -> None:
    found = of_parts("Content-Type: text/html\n\n<p>En HTML", "Content-Type: text/plain\n\nEn texte", kind="alternative")
    assert (found.text, found.attachments) == ("En texte", ())


def test_html_is_read_where_the_plain_version_is_blank() -> None:
    assert of_parts("Content-Type: text/plain\n\n  ", "Content-Type: text/html\n\n<p>En HTML", kind="alternative").text == "En HTML"


def test_texts_around_a_picture_are_one() -> None:
    picture = "Content-Type: image/png; name=plan.png\n\nPNG"
    found = of_parts("Content-Type: text/plain\n\nAvant", picture, "Content-Type: text/plain\n\nAprès")
    assert found.text == "Avant\nAprès" and [each.name for each in found.attachments] == ["plan.png"]


def test_the_footer_of_a_list_hides_no_html() -> None:
    assert of_parts("Content-Type: text/html\n\n<p>Bonjour", "Content-Type: text/plain\n\n--\nListe").text == "Bonjour"


def test_answers_between_the_quotes_of_html_are_written() -> None:
    html = (
        "<p>Bonjour</p><div>Le 5 mars 2026 à 10:02, Paul a écrit :</div><blockquote type=cite><p>Mardi ?</p></blockquote><p>Oui, mardi.</p>"
        "<blockquote><p>Combien ?</p></blockquote><p>Deux.</p>"
    )
    assert letter(f"From: a@b.fr\nContent-Type: text/html; charset=utf-8\n\n{html}").text == "Bonjour\n\nOui, mardi.\n\nDeux."


def test_attachments_are_listed_with_their_size_and_read_on_demand() -> None:
    message = EmailMessage()
    message["From"] = "a@b.fr"
    message.set_content("Voici.")
    message.add_attachment(b"%PDF" * 100, maintype="application", subtype="pdf", filename="../devis d’été.pdf")
    message.add_attachment("a;b\n", subtype="csv", filename="C:\\temp\\liste.csv")
    first, second = letter(message.as_bytes()).attachments
    assert (first.name, first.content_type, first.size, first.content()) == ("devis d’été.pdf", "application/pdf", 400, b"%PDF" * 100)
    assert (second.name, second.content_type, second.content()) == ("liste.csv", "text/csv", b"a;b\n")


def test_a_text_that_is_a_file_is_not_read_as_the_mail() -> None:
    found = of_parts(
        "Content-Type: text/plain\n\nVoici.", 'Content-Type: text/plain; name="notes.txt"\nContent-Disposition: inline\n\nNotes'
    )
    assert found.text == "Voici." and [each.name for each in found.attachments] == ["notes.txt"]


def test_an_enclosed_mail_is_a_file_as_it_was_written() -> None:
    enclosed = "From: c@d.fr\nSubject: Devis\n\nSon texte"
    found = of_parts("Content-Type: text/plain\n\nPour toi", f"Content-Type: message/rfc822\n\n{enclosed}")
    assert (found.text, found.attachments[0].name, found.attachments[0].content()) == ("Pour toi", "Devis.eml", enclosed.encode())
    assert found.attachments[0].size == len(enclosed)


def test_parts_that_cannot_be_told_apart_are_read_as_one_text() -> None:
    found = letter("From: a@b.fr\nContent-Type: multipart/alternative; boundary=x\n\n--y\nContent-Type: text/plain\n\nBonjour\n--y--")
    assert "Bonjour" in found.text and found.flaws == (bodies.UNPARTED,)


CALENDAR = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR"


def test_an_invitation_is_given_as_it_came() -> None:
    found = of_parts(
        "Content-Type: text/plain\n\nRéunion", f"Content-Type: text/calendar; method=REQUEST\n\n{CALENDAR}", kind="alternative"
    )
    assert (found.kind, found.drop_reason, found.text) == (Kind.INVITATION, "", "Réunion")
    assert found.invitation == CALENDAR.encode() and found.attachments == ()


def test_a_calendar_that_asks_nothing_is_a_file() -> None:
    calendar = CALENDAR.replace("METHOD:REQUEST\n", "")
    found = of_parts("Content-Type: text/plain\n\nNos dates", f"Content-Type: text/calendar; name=dates.ics\n\n{calendar}")
    assert (found.kind, found.invitation, found.attachments[0].name) == (Kind.MESSAGE, None, "dates.ics")


SAYS = "De : Claire Morel <claire@client.example>"
BLOCK = f"{SAYS}\nEnvoyé : jeudi 5 mars 2026 10:02\nÀ : Paul Garnier <paul@gnetics.example>\nObjet : Devis\n\nBonjour"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("TR: Devis", f"Pour toi.\n\n{BLOCK}"),
        ("Fwd: Devis", f"---------- Forwarded message ---------\n{BLOCK}"),
        ("Devis", f"Pour info\n\n-------- Message transféré --------\n{BLOCK}"),
        ("Devis", f"-----Original Message-----\n{BLOCK}"),
        ("Fwd: Devis", "Début du message transféré :\n\n" + "\n".join(f"> {line}" for line in BLOCK.split("\n"))),
        ("Fwd: Devis", f"-------- Message transféré --------\nSujet :\tDevis\nDate :\t5 mars 2026\n{SAYS}\nPour :\tpaul@gnetics.example"),
    ],
)
def test_a_forward_says_whose_words_it_brings(subject: str, text: str) -> None:
    found = letter(f"From: p@gnetics.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}")
    assert found.forwarded_from == CLAIRE
    assert "Bonjour" not in found.text


def test_an_enclosed_mail_says_whose_words_it_brings() -> None:
    enclosed = "Content-Type: message/rfc822\n\nFrom: Claire Morel <claire@client.example>\nSubject: Devis\n\nBonjour"
    found = letter(f"From: p@gnetics.example\nSubject: Fwd: Devis\nContent-Type: multipart/mixed; boundary=x\n\n--x\n{enclosed}\n--x--")
    assert found.forwarded_from == CLAIRE


@pytest.mark.parametrize(
    ("subject", "text"), [("RE: Devis", f"D’accord.\n\n{BLOCK}"), ("Trajet", "Bonjour"), ("TR: Devis", "Voir ci-joint")]
)
def test_a_reply_is_no_forward(subject: str, text: str) -> None:
    assert letter(f"From: p@gnetics.example\nSubject: {subject}\n\n{text}").forwarded_from is None
