"""A server that speaks without end, in its headers or in its answer, is left when the time is over."""

from __future__ import annotations

import pytest

from gnetics.calendars import dav
from gnetics.calendars.dav import Server
from gnetics.errors import CalendarError
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Given
from tests.faulty import dripping


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"HTTP/1.1 207 Multi-Status\r\nX: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 207 Multi-Status\r\nContent-Length: 60000\r\n\r\n", b"a"),
        (b"HTTP/1.1 207 Multi-Status\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    ],
)
def test_a_server_that_never_ends_is_left_when_the_time_is_over(start: bytes, drop: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dav, "PATIENCE", 0.3)
    with dripping(start, drop) as port:
        account = CalendarAccount("pro", f"http://127.0.0.1:{port}/a/", "ana", credential=Credential(Given("password", "x", secret=True)))
        with pytest.raises(CalendarError, match="répond trop longuement"):
            Server(account).calendar()
