"""A secret that a file holds or a command prints; no error shows it, the file's path or the command, where one may be by mistake."""

from __future__ import annotations

import os
import shlex
import signal
import stat
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired

PATIENCE = 10.0  # seconds
ACCESS = "ce fichier ne peut pas être lu\u00a0; vérifiez son chemin et ses droits"
OTHERS = "d’autres comptes accèdent à ce fichier\u00a0; donnez-le au compte de CRM GNETICS et faites chmod 600"


class Unobtained(Exception):
    """Why there is no secret, as the end of a sentence."""


def in_file(path: str) -> str:
    """The one line of a file that its owner alone reads; Unobtained says why there is none."""
    if not Path(path).is_absolute():  # kernels, workers and servers do not run in the same folder
        raise Unobtained("ce n’est pas un chemin complet comme /etc/gnetics/secret")
    line, _, rest = _decoded(_private(path)).partition("\n")
    if not line.strip() or rest.strip():
        raise Unobtained("ce fichier doit contenir le secret sur une seule ligne, et rien d’autre")
    return line.removesuffix("\r")


@cache
def by_command(command: str) -> str:
    """The first line that it prints, asked once a process; Unobtained says why there is none."""
    try:
        words = shlex.split(command)
    except ValueError:
        raise Unobtained("un guillemet de cette commande n’est pas fermé") from None
    line, _, _ = _decoded(_printed(words)).partition("\n")
    if not line.strip():
        raise Unobtained("cette commande n’a rien écrit sur sa première ligne")
    return line.removesuffix("\r")


def _private(path: str) -> bytes:
    """Its content, looked at and read through one descriptor; a pipe is not waited for."""
    try:
        with open(path, "rb", opener=lambda path, flags: os.open(path, flags | os.O_NONBLOCK)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise Unobtained("ce n’est pas un fichier ordinaire")
            if found.st_uid not in (0, os.geteuid()) or found.st_mode & _of_others(found):
                raise Unobtained(OTHERS)
            return file.read()
    except OSError:
        raise Unobtained(ACCESS) from None


def _of_others(found: os.stat_result) -> int:
    """The rights that nobody else may have. Root's group may read: so look systemd 254's credentials, which an ACL opens to one account."""
    return 0o037 if (found.st_uid, found.st_gid) == (0, 0) else 0o077


def _printed(words: list[str]) -> bytes:
    """Without a shell, a terminal, our standard input or our other secrets."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GNETICS_")}
    try:
        process = Popen(words, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True)
    except (OSError, IndexError):  # the latter for no word at all
        raise Unobtained("cette commande ne peut pas être lancée") from None
    with process:
        try:
            printed, _ = process.communicate(timeout=PATIENCE)
        except TimeoutExpired:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)  # and what it started, which would live on
            raise Unobtained(f"cette commande n’a pas fini en {PATIENCE:.0f}\u00a0secondes") from None
    if process.returncode:
        raise Unobtained(f"cette commande a échoué (code {process.returncode})\u00a0; essayez-la dans un terminal")
    return printed


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Unobtained("ce secret n’est pas un texte en UTF-8") from None
