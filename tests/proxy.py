"""A real nginx on loopback, with the configuration of deploy/ but for its addresses and TLS."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.served import ROOT, free_port, until_answering

WRAPPER = """
daemon off; pid {folder}/pid; error_log {folder}/log; {account} worker_processes 1;
events {{}}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{ours} }}
"""


@contextmanager
def nginx(folder: Path, *servers: str) -> Iterator[str]:
    """The address in front of two servers, given by theirs; skips the test when there is no nginx."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("no nginx: apt-get install nginx-light")
    port = free_port()
    ours = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    ours = re.sub(r"server \{\s+listen 80;.*?\n\}", "", ours, flags=re.DOTALL)
    ours = re.sub(r"\n\s+ssl_.*", "", ours).replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    for written, server in zip((8866, 8867), servers, strict=True):
        ours = ours.replace(f"127.0.0.1:{written}", server.removeprefix("http://").rstrip("/"))
    (folder / "nginx.conf").write_text(WRAPPER.format(folder=folder, ours=ours, account="user root;" if os.geteuid() == 0 else ""))
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "log"])
    try:
        until_answering(f"http://127.0.0.1:{port}/sante")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)
