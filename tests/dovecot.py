"""A throw-away Dovecot: a real IMAP server in a folder of its own, where every name is a mailbox, opened by a password or a token."""

from __future__ import annotations

import base64
import grp
import hashlib
import hmac
import imaplib
import json
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
import trustme

from tests.served import free_port

HOST, PASSWORD, ASCII_PASSWORD = "127.0.0.1", "mot:de/passe-né", 'mot "de" \\passe %'  # the server takes both
SENT = "Courrier parti"  # which this server says is \Sent, where somebody has it
KEY = b"who signs tokens"
CONFIG = r"""
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
first_valid_uid = 1
auth_mechanisms = plain xoauth2
auth_failure_delay = 0
disable_plaintext_auth = no
ssl = {tls}
ssl_cert = <{root}/certificate
ssl_key = <{root}/key
mail_location = maildir:{root}/mail/%u
mail_fsync = never
imap_fetch_failure = {failure}
imap_capability = {capability}
mail_max_userip_connections = {lines}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox "{sent}" {{
    special_use = \Sent
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2
}}
passdb {{
  driver = passwd-file
  mechanisms = plain
  args = username_format=accents {root}/passwords
}}
passdb {{
  driver = passwd-file
  mechanisms = plain
  args = username_format=ascii {root}/passwords
}}
userdb {{
  driver = static
  args = uid={account} gid={group} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
OAUTH2 = """
introspection_mode = local
username_attribute = email
local_validation_key_dict = fs:posix:prefix={root}/keys/
"""


@dataclass
class Dovecot:
    """`port` speaks plainly or by STARTTLS, `tls_port` encrypted from the first byte on; files are the account's."""

    root: Path
    account: pwd.struct_passwd
    port: int
    tls_port: int
    process: subprocess.Popen[bytes]

    @property
    def authority(self) -> Path:
        """Who vouches for its certificate: for SSL_CERT_FILE."""
        return self.root / "authority"

    def maildir(self, user: str) -> Path:
        return self.root / "mail" / user

    def deliver(self, user: str, *messages: bytes) -> list[Path]:
        """New mail in the inbox, written as a mail transfer agent does; the files."""
        new = self.maildir(user) / "new"
        for folder in (self.maildir(user), new, self.maildir(user) / "cur", self.maildir(user) / "tmp"):
            folder.mkdir(exist_ok=True)
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        begin = len(list(new.iterdir()))
        files = [new / f"{number:010}.here" for number, _ in enumerate(messages, begin)]
        for file, message in zip(files, messages, strict=True):
            file.write_bytes(message)
            os.chown(file, self.account.pw_uid, self.account.pw_gid)
        return files

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4]:
        """Another program of that person."""
        with imaplib.IMAP4(HOST, self.port) as client:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{PASSWORD}".encode())
            yield client

    def cut(self) -> None:
        """Every connection that is signed in ends without a word."""
        sessions = [child for child in psutil.Process(self.process.pid).children() if child.name() == "imap"]
        assert sessions
        for each in sessions:
            each.kill()

    def stop(self) -> None:
        """At once, with whoever is connected: nothing of it is kept."""
        if self.process.poll() is None:
            children = psutil.Process(self.process.pid).children(recursive=True)
            self.process.kill()
            self.process.wait()
            for each in children:
                with suppress(psutil.NoSuchProcess):
                    each.kill()


def program() -> str:
    """The path of the server; skips the test where it is not one that this file writes the configuration of."""
    found = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    if not found or not Path("/usr/lib/dovecot/imap").exists():
        pytest.skip("no IMAP server program: apt-get install dovecot-imapd")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        pytest.skip(f"the configuration here is that of Dovecot 2.3, not {version.split()[0]}")
    return found


@contextmanager
def server(failure: str = "disconnect-immediately", tls: str = "yes", capability: str = "", lines: int = 10) -> Iterator[Dovecot]:
    """`failure`: what it does when a message cannot be read; `tls`: whether it can encrypt.

    `capability`: what it says that it can do once somebody has signed in, instead of all; `lines` that one person may have at once.
    """
    command, memory = program(), "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # pytest's own folders are closed to the account
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with TemporaryDirectory(prefix="gnetics-imap-", dir=memory) as place:
        root, port, tls_port = Path(place), free_port(), free_port()
        _write(root, account, port=port, tls_port=tls_port, failure=failure, tls=tls, capability=capability, lines=lines)
        process = subprocess.Popen([command, "-F", "-c", str(root / "config")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        running = Dovecot(root, account, port, tls_port, process)
        try:
            _wait(running)
            yield running
        finally:
            running.stop()


def _write(root: Path, account: pwd.struct_passwd, **words: object) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(root / "authority")
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(root / "key")
    for part in certificate.cert_chain_pems:
        part.write_to_path(root / "certificate", append=True)
    keys = root / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(KEY))
    (root / "oauth2").write_text(OAUTH2.format(root=root))
    passwords = {"accents": PASSWORD, "ascii": ASCII_PASSWORD}
    lines = (f"{name}:{{PLAIN.B64}}{base64.b64encode(each.encode()).decode()}\n" for name, each in passwords.items())
    (root / "passwords").write_text("".join(lines))
    group = grp.getgrgid(account.pw_gid).gr_name
    (root / "config").write_text(CONFIG.format(root=root, account=account.pw_name, group=group, sent=SENT, **words), "utf-8")
    (root / "mail").mkdir()
    for each in (root, *root.rglob("*")):
        os.chown(each, account.pw_uid, account.pw_gid)


def token(user: str, year: int) -> str:
    """Good until then."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "email": user, "exp": int(datetime(year, 1, 1, tzinfo=UTC).timestamp())})
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{_encoded(hmac.new(KEY, signed.encode(), hashlib.sha256).digest())}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _wait(running: Dovecot) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            socket.create_connection((HOST, running.port), timeout=1).close()
        except OSError:
            log = running.root / "log"
            if running.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Dovecot did not start:\n{log.read_text() if log.exists() else ''}") from None
            time.sleep(0.02)
        else:
            return
