"""A file that the worker reads again and again, as the settings give it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gnetics.settings.values import Unfit, require_minutes


@dataclass(frozen=True)
class Source:
    """A published file by `url`, else one that some program writes by `path`; Unfit says what is wrong."""

    name: str
    url: str = field(default="", repr=False)  # whoever has the address of a published sheet may read it
    path: str = ""
    every_minutes: int = 60

    def __post_init__(self) -> None:
        if bool(self.url) == bool(self.path):
            raise Unfit("path" if self.path else "", "donnez url ou path, et l’un des deux seulement")
        if self.url and not self.url.lower().startswith(("http://", "https://")):
            raise Unfit("url", "ce n’est pas une adresse comme https://exemple.fr/contacts.csv")
        if self.path and not Path(self.path).is_absolute():
            raise Unfit("path", "ce n’est pas un chemin complet comme /srv/echanges/contacts.xlsx")
        require_minutes(self.every_minutes)
