"""Why the line to a mail server fails, whatever is spoken on it."""

from __future__ import annotations

import socket
import ssl


def why(error: Exception) -> str:
    """Ends « Le serveur de courrier … »."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"a un certificat qui n’est pas valable ({error.verify_message})."
        case ConnectionRefusedError():
            return "refuse la connexion."
        case socket.gaierror():
            return "est introuvable\u00a0: vérifiez son nom."
    return f"ne répond pas comme attendu ({str(error) or type(error).__name__})."
