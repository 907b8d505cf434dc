"""Mail of other projects' collections, most of it odd: all of it is read, and what bounced is told from what did not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gnetics.domain.messages import Kind
from gnetics.mail.reading.letter import read
from tests import real_files

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MAILS, BOUNCES = real_files.of("email"), real_files.of("bounces")
OTHERS = {"arf-15": Kind.COMPLAINT, "arf-21": Kind.COMPLAINT, "rfc3834-05": Kind.AUTO_REPLY}  # in the folder of bounces
BOUNCED = {"mail_malformed_2"}  # in the folder of mails
TOLD = [line.split("\t") for line in (Path(__file__).parent / "bounces.tsv").read_text("utf-8").splitlines()[1:]]

pytestmark = pytest.mark.skipif(not BOUNCES, reason="the folder of real files is not here")


def test_every_bounce_was_read_by_hand() -> None:
    assert {path.stem for path in BOUNCES} == {name for name, *_ in TOLD} | OTHERS.keys()


@pytest.mark.parametrize("path", MAILS + BOUNCES, ids=lambda path: path.stem)
def test_each_is_read(path: Path) -> None:
    content = path.read_bytes()
    found = read(content, NOW)
    assert found.text or found.quoted or found.attachments or found.flaws or found.invitation or _is_blank(content)
    assert all(len(each.content()) == each.size for each in found.attachments)


def _is_blank(content: bytes) -> bool:
    return not content.replace(b"\r", b"").partition(b"\n\n")[2].strip()


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_no_ordinary_mail_is_taken_for_a_bounce(path: Path) -> None:
    assert (read(path.read_bytes(), NOW).kind == Kind.BOUNCE) == (path.stem in BOUNCED)


def test_at_least_95_of_100_bounces_are_known_with_the_right_address() -> None:
    read_as = {path.stem: read(path.read_bytes(), NOW) for path in BOUNCES}
    wrong = {name for name, kind in OTHERS.items() if read_as[name].kind != kind}
    for name, addresses, final in TOLD:
        bounce = read_as[name].bounce
        if not bounce or (" ".join(bounce.failed), bounce.final) != (addresses, final == "final"):
            wrong.add(name)
    assert len(wrong) <= len(BOUNCES) * 0.05, wrong
