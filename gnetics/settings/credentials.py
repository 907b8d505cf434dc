"""A password or a token that opens a service of others, obtained when we connect to it: not at load, which kernels do too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gnetics.settings.secret_ways import Unobtained, by_command, in_file
from gnetics.settings.values import Given

TOLD = "password"  # its key in the environment, where it is itself
WAYS: dict[str, Callable[[str], str]] = {  # what leads to it, in the file
    f"{TOLD}_file": in_file,
    f"{TOLD}_command": by_command,
    "token_command": by_command,
}


@dataclass(frozen=True)
class Credential:
    """What leads to it; GneticsError says where that is written when it leads to nothing."""

    given: Given = field(repr=False)

    @property
    def is_token(self) -> bool:
        """Of OAuth 2; it lives an hour."""
        return self.given.key.startswith("token")

    def obtain(self) -> str:
        way, value = WAYS.get(self.given.key), str(self.given.value)
        try:
            return way(value) if way else value
        except Unobtained as error:
            raise self.given.refused(str(error)) from None

    def renew(self) -> str:
        """Asked again, since the service refused what was obtained."""
        by_command.cache_clear()  # of the others too: they are asked once more
        return self.obtain()
