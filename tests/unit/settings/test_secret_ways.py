"""A secret that a file holds or a command prints is taken whole, or refused without being shown."""

from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from gnetics.settings import secret_ways
from gnetics.settings.secret_ways import Unobtained, by_command, in_file

SECRET = "S3cret né"


@pytest.fixture
def held(tmp_path: Path) -> Path:
    file = tmp_path / "held"
    file.touch(0o600)
    file.write_text(f"{SECRET}\n", "utf-8")
    return file


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n"])
def test_a_file_that_its_owner_alone_reads_holds_a_secret(held: Path, mode: int, end: str) -> None:
    held.write_bytes(SECRET.encode() + end.encode())
    held.chmod(mode)
    assert in_file(str(held)) == SECRET


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620, 0o660, 0o644])
def test_a_file_that_others_may_read_or_change_is_refused(held: Path, mode: int) -> None:
    held.chmod(mode)
    with pytest.raises(Unobtained, match="chmod 600"):
        in_file(str(held))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_account_is_refused_and_one_of_roots_group_is_taken(held: Path) -> None:
    held.chmod(0o440)
    assert in_file(str(held)) == SECRET  # as systemd 254 makes its credentials
    os.chown(held, 0, 65534)
    with pytest.raises(Unobtained, match="chmod 600"):
        in_file(str(held))
    held.chmod(0o600)
    assert in_file(str(held)) == SECRET
    os.chown(held, 65534, 0)
    with pytest.raises(Unobtained, match="chmod 600"):
        in_file(str(held))


@pytest.mark.parametrize("content", [b"", b"\n", b"  \n", b"S3cret\nS3cret\n", b"\nS3cret", b"S3cret \xff"])
def test_a_file_without_one_line_of_text_is_refused(held: Path, content: bytes) -> None:
    held.write_bytes(content)
    with pytest.raises(Unobtained) as refused:
        in_file(str(held))
    assert "S3cret" not in str(refused.value) and refused.value.__suppress_context__ == (b"\xff" in content)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name in ("pipe", "absent", "."):
        with pytest.raises(Unobtained):
            in_file(str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unobtained, match="chemin complet"):
        in_file(held.name)


def _python(program: str) -> str:
    return shlex.join([sys.executable, "-c", program])


def test_a_command_gives_the_first_line_that_it_prints() -> None:
    assert by_command(_python(f"print({SECRET!r}); print('user: crm')")) == SECRET


def test_a_command_is_asked_once_a_process(tmp_path: Path) -> None:
    command = _python(f"open({str(tmp_path / 'asked')!r}, 'a').write('x'); print('a')")
    assert by_command(command) == by_command(command) == "a"
    assert (tmp_path / "asked").read_text() == "x"


def test_no_shell_reads_a_command() -> None:
    assert by_command("echo '$HOME' `id` ; true") == "$HOME `id` ; true"


def test_a_command_is_given_neither_our_settings_nor_our_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNETICS_METRICS_TOKEN", "S3cret")
    monkeypatch.setenv("OTHER", "there")
    program = (
        "import os, sys; print([name for name in os.environ if name.startswith('GNETICS_')], os.environ['OTHER'], repr(sys.stdin.read()))"
    )
    assert by_command(_python(program)) == "[] there ''"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (_python("import sys; print('S3cret'); sys.exit('S3cret')"), "code 1"),
        (_python("import os; print('S3cret', flush=True); os.kill(os.getpid(), 15)"), "code -15"),
        (_python("print(); print('S3cret')"), "rien écrit"),
        (_python("import sys; sys.stderr.write('S3cret')"), "rien écrit"),
        (_python("import os; os.write(1, b'S3cret \\xff')"), "UTF-8"),
        ("S3cret-absent", "lancée"),
        ("/", "lancée"),
        ("", "lancée"),
        ("echo 'S3cret", "guillemet"),
    ],
)
def test_a_command_that_gives_nothing_is_refused_without_what_it_said(command: str, why: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unobtained, match=why) as refused:
        by_command(command)
    said = capfd.readouterr()
    assert "S3cret" not in str(refused.value) + said.out + said.err


def test_a_command_that_does_not_end_is_stopped_with_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_ways, "PATIENCE", 1.0)
    begun, pid = time.monotonic(), tmp_path / "pid"
    with pytest.raises(Unobtained, match="secondes"):
        by_command(f"sh -c 'echo S3cret; sleep 1000 & echo $! > {pid}; wait'")
    assert time.monotonic() - begun < 8
    stat = Path("/proc") / pid.read_text().strip() / "stat"
    end = time.monotonic() + 5
    while stat.exists() and stat.read_text().split()[2] != "Z":  # nobody may bury it here
        assert time.monotonic() < end
        time.sleep(0.02)
