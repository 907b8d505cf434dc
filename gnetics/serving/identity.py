"""Who a browser is; one person for all until login exists."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth import PasswordIdentityProvider, User
from traitlets import Unicode

HEADER = "X-Gnetics-User"


class OnePerson(PasswordIdentityProvider):
    """Every visitor is `person`; the kernel hears the name through a header that no client can forge."""

    person = Unicode("", help="The name of everyone, until login exists.").tag(config=True)

    def get_user(self, handler: Any) -> User:
        user = User(self.person)
        handler.current_user = user
        _ = handler.xsrf_token  # sends the cookie without which the browser's « this tab is closed » is refused
        headers = handler.request.headers
        headers.pop(HEADER, None)
        headers[HEADER] = user.username
        return user

    def get_handlers(self) -> list[tuple[str, object]]:
        return []  # neither login nor logout page
