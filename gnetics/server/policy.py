"""What browsers may load and run in our pages: the Content-Security-Policy."""

from __future__ import annotations

import secrets

HEADER = "Content-Security-Policy"
NONCE = secrets.token_urlsafe(16)  # in pages as they are made, maybe ahead; each is sent with one of its own in its place
# blob: in script-src and connect-src, or the .vue parts vanish; no inline script (our template has none), no 'unsafe-eval', no other host
RULES = {
    "default-src": "'self'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "connect-src": "'self' blob:",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


def value(nonce: str = "") -> str:
    """With a nonce: of a page with widgets, where es-module-shims, of ipyvue, runs one inline script to try the browser."""
    rules = RULES | {"script-src": f"{RULES['script-src']} 'nonce-{nonce}'"} if nonce else RULES
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def new_nonce() -> str:
    return secrets.token_urlsafe(16)
