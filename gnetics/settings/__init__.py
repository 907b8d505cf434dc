"""Typed settings, read once: `GNETICS_*` in the environment wins over the configuration file, which wins over the defaults."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from gnetics.clock import Clock
from gnetics.domain.quoting import quote
from gnetics.domain.regions import REGIONS, Region, working_hours
from gnetics.errors import GneticsError
from gnetics.settings import config_file, secret_ways, tables
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.config_file import ConfigFile
from gnetics.settings.mailbox import MailBox
from gnetics.settings.rules import RULES
from gnetics.settings.secret_ways import Unobtained
from gnetics.settings.source import Source
from gnetics.settings.tables import TABLES
from gnetics.settings.values import Given, convert, variable

PROJECT = Path(__file__).resolve().parents[2]
FILE = "gnetics.toml"
CONFIG = "GNETICS_CONFIG"  # in the environment: the file to read instead
ALONE = "GNETICS_ALONE"  # in the environment of a kernel whose person sees only their own leads: it inherits nothing of the others
VISITOR = "GNETICS_VISITOR"  # in the environment of a published analysis: who opened it; empty while it is being published
UNKNOWN = "inconnu"
REAL_SENDING = "réel"
LONGEST = 200  # characters of a path in a sentence


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
    mail_sending: str = "à blanc"  # what people decide to send leaves only once this is REAL_SENDING
    mail_invitations: bool = False  # an event offers to invite its participants
    mail_keep_attachments: str = ""  # extensions of those that are kept, separated by commas; empty: only listed
    mail_attachment_mb: int = 10  # of one that is kept, at most
    mail_kept_months: int = 0  # how long the logs keep a mail; 0: for ever
    runs_kept_months: int = 0  # and a run
    access_kept_months: int = 12  # and a line of the access log
    history_kept_months: int = 0  # what the history says of people
    contacts_kept_months: int = 0  # a contact without news; then it is to be confirmed
    contacts_confirm_days: int = 90  # for so long; then the person is erased
    public_url: str = ""  # how the web reaches us, for the address by which somebody unsubscribes
    proposer_url: str = ""  # a server of chat completions that proposes answers, as https://host/v1; empty: templates do
    proposer_model: str = ""
    proposer_key: str = field(default="", repr=False)
    proposer_requests: int = 200  # a day at most; then templates do
    proposer_tokens: int = 200_000
    alerts_to: str = ""  # addresses told what is to correct, separated by commas
    log_level: str = "INFO"
    log_json: bool = False  # one JSON object a line, for what collects logs
    metrics_token: str = field(default="", repr=False)  # opens /metrics from other machines
    import_workbook_mb: int = 500  # of a workbook once unzipped; a CSV, read as it comes, has no such limit
    mail_boxes: tuple[MailBox, ...] = ()  # where mail is fetched from: tables of the file
    sources: tuple[Source, ...] = ()  # files that are read again and again: tables of the file
    calendars: tuple[CalendarAccount, ...] = ()  # what is kept the same on CalDAV servers: tables of the file
    import_private: bool = False  # « Importer » may read addresses of the local network
    region: str = "FR"
    region_locale: str = ""
    region_zone: str = ""
    region_currency: str = ""
    region_symbol: str = ""
    region_date_format: str = ""
    region_first_weekday: str = ""
    region_phone: str = ""
    region_holidays: str = ""
    region_working_hours: str = ""

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
            "holidays": self.region_holidays,
            "working": self.region_working_hours and working_hours(self.region_working_hours),
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


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; an unknown name in the file, or a value that a setting cannot have, raises GneticsError, which names it."""
    environ = os.environ if environ is None else environ
    file = _file(environ)
    told = {key: _given(key, environ[variable(key)]) for key in KEYS if variable(key) in environ}
    written = {key: _given(key, file.values[key], file) for key in KEYS if key in file.values}
    given = {name: found for name in NAMES if (found := _chosen(name, told) or _chosen(name, written))}
    hints = get_type_hints(Settings)
    settings = Settings(**{name: convert(found, hints[name]) for name, found in given.items()}, **tables.read(file, environ))
    for name, (accepts, expected) in RULES.items():
        if (value := getattr(settings, name)) != getattr(DEFAULTS, name) and not accepts(value):
            raise given[name].unfit(expected)
    return settings


def config_path(environ: Mapping[str, str]) -> Path:
    """The file that the settings are read from, if it is there."""
    return Path(environ.get(CONFIG) or PROJECT / FILE)


def default_user(settings: Settings) -> str:
    """Who acts while nobody signs in, as the history names them: the configured name, else the account that runs the server."""
    if settings.user:
        return settings.user
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return UNKNOWN


def for_kernels(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment of a kernel, which serves a page, and neither sends nor fetches mail: blank there wins over the file."""
    blank = {variable("mail_from"), variable("alerts_to"), *tables.passwords(settings)}
    return {**environ, **_secrets(settings, {"database_url"}), **dict.fromkeys(blank, "")}


def for_worker(environ: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment of a worker, which nobody asks for measures."""
    return {**environ, **_secrets(settings, {"database_url", "smtp_url", "proposer_key"})}


def _secrets(settings: Settings, needed: set[str]) -> dict[str, str]:
    """Variables that give a process of ours these secrets, as this one has them: it asks no file and no command again."""
    blank = {variable(key): "" for name in SECRETS for key in _keys(name)}
    return blank | {variable(name): getattr(settings, name) for name in needed}


def _file(environ: Mapping[str, str]) -> ConfigFile:
    """Empty where there is none."""
    path = config_path(environ)
    if environ.get(CONFIG):
        if not path.is_absolute():  # kernels do not run in the server's folder
            raise GneticsError(f"{CONFIG}\u00a0: {quote(str(path), LONGEST)} n’est pas un chemin complet comme /etc/gnetics/gnetics.toml.")
        if not os.path.exists(path):  # or in a folder that is closed to us
            raise GneticsError(f"{CONFIG}\u00a0: le fichier {quote(str(path), LONGEST)} n’existe pas, ou son dossier nous est fermé.")
    elif not path.exists():
        return ConfigFile()
    file = config_file.read(path)
    tables.check_known(file, KEYS)
    return file


def _given(key: str, value: Any, file: ConfigFile | None = None) -> Given:
    return Given(key, value, file, secret=any(key in _keys(name) for name in SECRETS))


def _keys(name: str) -> tuple[str, ...]:
    """Under which a setting may be given: its own name, and for a secret what leads to it."""
    return (name, *(name + suffix for suffix in WAYS)) if name in SECRETS else (name,)


def _chosen(name: str, source: Mapping[str, Given]) -> Given | None:
    """What a source gives for a setting; of the ways to a secret those left blank do not count."""
    ways = [source[key] for key in _keys(name) if key in source and source[key].value != ""]
    if len(ways) > 1:
        raise ways[1].refused(f"ce secret est aussi donné par {ways[0].word}\u00a0; gardez l’un des deux")
    if not ways or ways[0].key == name:
        return source.get(name)
    way = ways[0]
    try:
        return replace(way, value=WAYS[way.key.removeprefix(name)](convert(way, str)))
    except Unobtained as error:
        raise way.refused(str(error)) from None


DEFAULTS = Settings()  # what nobody set is right
SECRETS = ("database_url", "smtp_url", "metrics_token", "proposer_key")
# what may stand behind the name of a secret
WAYS: dict[str, Callable[[str], str]] = {"_file": secret_ways.in_file, "_command": secret_ways.by_command}
NAMES = tuple(each.name for each in fields(Settings) if each.name not in TABLES)
KEYS = tuple(key for name in NAMES for key in _keys(name))  # in the file, and as variables
