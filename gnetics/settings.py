"""Typed settings, read once: `GNETICS_*` in the environment wins over `gnetics.toml`, which wins over the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from gnetics.clock import Clock
from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import GneticsError

PROJECT = Path(__file__).resolve().parent.parent
FILE = "gnetics.toml"


@dataclass(frozen=True)
class Settings:
    """One attribute per setting; each is described in the README.

    An empty `database_url` means data/gnetics.db when it exists, else data/demo.db.
    Each region_* part overrides one trait of the region; empty keeps the region's own.
    """

    database_url: str = ""
    data_dir: Path = field(default=PROJECT / "data")
    notebooks_dir: Path = field(default=PROJECT / "notebooks")
    user: str = ""  # the name written in the history while there is no account; empty: the system account
    ip: str = "127.0.0.1"
    port: int = 8866
    base_url: str = "/"
    session_hours: int = 12  # how long one stays signed in
    trusted_proxies: str = "127.0.0.1"  # addresses whose X-Forwarded-For and X-Forwarded-Proto are believed, and the header below
    proxy_user_header: str = ""  # the header by which such a proxy names the person it has signed in; empty: our own sign-in page
    warm_kernels: bool = True
    fork_kernels: bool = True  # kernels share the memory of one process that did the imports, where the system can
    pools: str = "accueil=2,dashboard=1,contacts=1"
    cull_after: int = 1800  # seconds without a connection before a kernel stops
    max_kernels: int = 100  # pages open at once; whoever comes after is asked to come back
    worker: bool = True  # the server starts a worker of its own
    smtp_url: str = ""  # smtp://user:password@host:587 or smtps://…; empty: nothing is sent
    mail_from: str = ""
    alerts_to: str = ""  # addresses told what is to correct, separated by commas
    log_level: str = "INFO"
    log_json: bool = False  # one JSON object a line, for what collects logs
    metrics_token: str = ""  # opens /metrics from other machines
    import_workbook_mb: int = 500  # of a workbook once unzipped; a CSV, read as it comes, has no such limit
    import_private: bool = False  # « Importer » may read addresses of the local network
    region: str = "FR"
    region_locale: str = ""
    region_zone: str = ""
    region_currency: str = ""
    region_symbol: str = ""
    region_date_format: str = ""
    region_first_weekday: str = ""
    region_phone: str = ""

    @property
    def place(self) -> Region:
        """The region with its single parts overridden; unknown code or zone raises GneticsError."""
        if self.region not in REGIONS:
            raise GneticsError(f"Région « {self.region} » inconnue : choisissez {' ou '.join(REGIONS)} (GNETICS_REGION).")
        parts: dict[str, Any] = {
            "locale": self.region_locale,
            "zone_name": self.region_zone,
            "currency": self.region_currency,
            "symbol": self.region_symbol,
            "date_format": self.region_date_format,
            "first_weekday": self.region_first_weekday and int(self.region_first_weekday),
            "phone_region": self.region_phone,
        }
        region = replace(REGIONS[self.region], **{name: part for name, part in parts.items() if part != ""})
        try:
            ZoneInfo(region.zone_name)
        except (KeyError, ValueError) as error:
            raise GneticsError(f"Fuseau horaire « {region.zone_name} » inconnu (GNETICS_REGION_ZONE).") from error
        return region

    @property
    def clock(self) -> Clock:
        return Clock(self.place.zone)

    @property
    def real_store(self) -> Path:
        return self.data_dir / "gnetics.db"

    @property
    def demo_store(self) -> Path:
        return self.data_dir / "demo.db"

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the store that is served."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{self.real_store if self.real_store.exists() else self.demo_store}"


def _convert(name: str, kind: Any, value: Any) -> Any:
    try:
        if kind is bool:
            text = str(value).strip().lower()
            if text not in {"1", "0", "true", "false", "on", "off", "oui", "non", "yes", "no"}:
                raise ValueError(value)
            return text in {"1", "true", "on", "oui", "yes"}
        return kind(value)
    except ValueError as error:
        raise GneticsError(f"Réglage {name} : « {value} » n'est pas une valeur acceptée.") from error


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings of this process; an unknown name in the file, or a value of the wrong type, raises GneticsError."""
    environ = os.environ if environ is None else environ
    file = file or PROJECT / FILE
    found: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    hints = get_type_hints(Settings)
    unknown = found.keys() - hints.keys()
    if unknown:
        raise GneticsError(f"{file.name} : réglage inconnu « {sorted(unknown)[0]} ».")
    for each in fields(Settings):
        variable = f"GNETICS_{each.name.upper()}"
        if variable in environ:
            found[each.name] = environ[variable]
    return Settings(**{name: _convert(name, hints[name], value) for name, value in found.items()})
