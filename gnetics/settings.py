"""Typed settings, read once: `GNETICS_*` in the environment wins over `gnetics.toml`, which wins over the defaults."""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from gnetics.clock import Clock
from gnetics.domain import mail_server
from gnetics.domain.quoting import quote
from gnetics.domain.regions import REGIONS, Region
from gnetics.errors import GneticsError

PROJECT = Path(__file__).resolve().parent.parent
FILE = "gnetics.toml"
ALONE = "GNETICS_ALONE"  # in the environment of a kernel whose person sees only their own leads: it inherits nothing of the others
UNKNOWN = "inconnu"
Rule = tuple[Callable[[Any], Any], str]  # what accepts a value, and the words for it


@dataclass(frozen=True)
class Settings:
    """One attribute per setting; each is described in the README. What holds a secret, or says where the store is, has no repr.

    An empty `database_url` means data/gnetics.db when it exists, else data/demo.db.
    Each region_* part overrides one trait of the region; empty keeps the region's own.
    """

    database_url: str = field(default="", repr=False)
    data_dir: Path = field(default=PROJECT / "data", repr=False)
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
    smtp_url: str = field(default="", repr=False)  # smtp://user:password@host:587 or smtps://…; empty: nothing is sent
    mail_from: str = ""
    alerts_to: str = ""  # addresses told what is to correct, separated by commas
    log_level: str = "INFO"
    log_json: bool = False  # one JSON object a line, for what collects logs
    metrics_token: str = field(default="", repr=False)  # opens /metrics from other machines
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
        """The region with its single parts overridden."""
        parts: dict[str, Any] = {
            "locale": self.region_locale,
            "zone_name": self.region_zone,
            "currency": self.region_currency,
            "symbol": self.region_symbol,
            "date_format": self.region_date_format,
            "first_weekday": self.region_first_weekday and int(self.region_first_weekday),
            "phone_region": self.region_phone,
        }
        return replace(REGIONS[self.region], **{name: part for name, part in parts.items() if part != ""})

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


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Settings of this process; an unknown name in the file, or a value that a setting cannot have, raises GneticsError, which names it."""
    environ = os.environ if environ is None else environ
    found = _of_file(file or PROJECT / FILE)
    for name in (each.name for each in fields(Settings)):
        if variable(name) in environ:
            found[name] = environ[variable(name)]
    hints = get_type_hints(Settings)
    settings = Settings(**{name: _convert(name, hints[name], value) for name, value in found.items()})
    for name, (accepts, expected) in RULES.items():
        if (value := getattr(settings, name)) != getattr(DEFAULTS, name) and not accepts(value):
            raise _refused(name, value, expected)
    return settings


def variable(name: str) -> str:
    """Of the environment."""
    return f"GNETICS_{name.upper()}"


def default_user(settings: Settings) -> str:
    """Who acts while nobody signs in, as the history names them: the configured name, else the account that runs the server."""
    if settings.user:
        return settings.user
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return UNKNOWN


def for_kernels(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a kernel, which serves a page and sends no mail: blank there wins over gnetics.toml."""
    return {**environ, **{variable(name): "" for name in ("metrics_token", "smtp_url", "mail_from", "alerts_to")}}


def for_worker(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of a worker, which nobody asks for measures."""
    return {**environ, variable("metrics_token"): ""}


def _of_file(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:  # not TOML, not UTF-8
        raise GneticsError(f'{file.name} est illisible\u00a0: une ligne par réglage, comme « port = 8900 » ou « user = "Ana" ».') from error
    if unknown := found.keys() - {each.name for each in fields(Settings)}:
        raise GneticsError(f"{file.name}\u00a0: réglage inconnu «\u00a0{min(unknown)}\u00a0».")
    return found


def _convert(name: str, kind: Any, value: Any) -> Any:
    """The value as its type, from the text of the environment or from what TOML has for it."""
    if kind is not str and type(value) is kind:
        return value
    if kind is str and type(value) is int:  # as anybody writes `region_first_weekday = 0`
        value = str(value)
    if not isinstance(value, str) or UNWRITTEN.search(value):
        raise _refused(name, value, "un texte" if kind in (str, Path) else EXPECTED[kind])
    text = value.strip()
    if kind is bool and text.lower() in YES | NO:
        return text.lower() in YES
    if kind is int and re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    if kind in (bool, int):
        raise _refused(name, value, EXPECTED[kind])
    return kind(value)


def _refused(name: str, value: object, expected: str) -> GneticsError:
    shown = "la valeur" if name in SECRETS else quote(str(value).encode(errors="replace").decode())
    return GneticsError(f"Réglage {variable(name)}\u00a0: {shown} n’est pas {expected}.")


def _one_of(*words: str) -> Rule:
    return lambda value: value in words, f"{', '.join(words[:-1])} ou {words[-1]}"


def _between(low: int, high: int) -> Rule:
    return lambda value: low <= value <= high, f"un nombre de {low} à {high}"


def _like(pattern: str, expected: str) -> Rule:
    return lambda value: re.fullmatch(pattern, value) is not None, expected


def _each(accepts: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: all(map(accepts, mail_server.listed(text)))


def _is_pool(text: str) -> bool:
    return re.fullmatch(r"\w+\s*=\s*[0-9]{1,2}", text) is not None


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # the last one for a folder of zones
        return False
    return True


def _is_locale(text: str) -> bool:
    from babel.core import Locale, UnknownLocaleError

    try:
        Locale.parse(text)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _is_currency(text: str) -> bool:
    from babel.numbers import is_currency

    return is_currency(text)


def _is_country(text: str) -> bool:
    from phonenumbers import SUPPORTED_REGIONS

    return text in SUPPORTED_REGIONS


DEFAULTS = Settings()  # what nobody set is right
SECRETS = {"database_url", "smtp_url", "metrics_token"}
YES, NO = {"1", "true", "on", "oui", "yes"}, {"0", "false", "off", "non", "no"}
UNWRITTEN = re.compile("[\0-\x1f\x7f\ud800-\udfff]")  # control characters; bytes that are no UTF-8
EXPECTED = {bool: "oui ou non", int: "un nombre entier"}
RULES: dict[str, Rule] = {  # a store's address is read by store/engine.py, pages and the address to listen on by server/
    "data_dir": (lambda path: path.is_dir() or not path.exists(), "un dossier"),
    "notebooks_dir": (Path.is_dir, "un dossier"),
    "user": (lambda text: len(text) <= 200, "un nom de 200 caractères au plus"),
    "ip": _like(r"[0-9A-Za-z.:%_-]*", "une adresse de cet ordinateur"),
    "port": _between(0, 65535),
    "base_url": _like(r"/*|/?(?!\.+(/|$))[\w.~-]+(/(?!\.+(/|$))[\w.~-]+)*/?", "un préfixe comme /crm/"),
    "session_hours": _between(1, 8760),
    "trusted_proxies": (_each(_is_ip), "une liste d’adresses IP séparées par des virgules"),
    "proxy_user_header": _like(r"[0-9A-Za-z-]+", "le nom d’un en-tête comme X-Forwarded-User"),
    "pools": (_each(_is_pool), "une liste « page=nombre » séparée par des virgules"),
    "cull_after": _between(1, 10_000_000),
    "max_kernels": _between(1, 100_000),
    "smtp_url": (lambda text: not text or mail_server.read(text) is not None, "une adresse comme smtp://nom:motdepasse@serveur:587"),
    "mail_from": (lambda text: not text or mail_server.is_address(text), "une adresse email"),
    "alerts_to": (_each(mail_server.is_address), "une liste d’adresses email séparées par des virgules"),
    "log_level": _one_of("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
    "metrics_token": _like(r"[!-~]*", "faite de lettres sans accent, de chiffres et de signes, sans espace"),
    "import_workbook_mb": _between(1, 100_000),
    "region": _one_of(*REGIONS),
    "region_locale": (_is_locale, "une langue et un pays comme fr_FR"),
    "region_zone": (_is_zone, "un fuseau horaire comme Europe/Paris"),
    "region_currency": (_is_currency, "le code d’une monnaie comme EUR"),
    "region_symbol": _like(r"[^\s\d.,+-]{1,5}", "un symbole de 1 à 5 caractères comme €"),
    "region_date_format": _like(r"%d([-/.])%m\1%Y|%m([-/.])%d\2%Y|%Y([-/.])%m\3%d", "une forme comme %d/%m/%Y"),
    "region_first_weekday": _like(r"[0-6]", "un jour de 0 (lundi) à 6"),
    "region_phone": (_is_country, "le code d’un pays comme FR"),
}
