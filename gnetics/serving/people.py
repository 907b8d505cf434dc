"""Who acts while nobody signs in: the configured name, else the account that runs the server."""

from __future__ import annotations

import getpass

from gnetics.settings import Settings

UNKNOWN = "inconnu"
ALONE = "GNETICS_ALONE"  # in the environment of a kernel whose person sees only their own leads: it inherits nothing of the others


def default_user(settings: Settings) -> str:
    """The name written in the history until login exists."""
    if settings.user:
        return settings.user
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return UNKNOWN
