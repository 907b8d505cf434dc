"""Which values a setting may have, once they are of its type, and the words for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gnetics.domain import file_names, holidays, mail_server
from gnetics.domain.regions import REGIONS, working_hours

Rule = tuple[Callable[[Any], Any], str]  # what accepts a value, and the words for it


def _one_of(*words: str) -> Rule:
    return lambda value: value in words, f"{', '.join(words[:-1])} ou {words[-1]}"


def _between(low: int, high: int) -> Rule:
    return lambda value: low <= value <= high, f"un nombre de {low} à {high}"


def _like(pattern: str, expected: str) -> Rule:
    return lambda value: re.fullmatch(pattern, value) is not None, expected


def _each(accepts: Callable[[str], Any]) -> Callable[[str], bool]:
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


def _are_hours(text: str) -> bool:
    try:
        working_hours(text)
    except ValueError:
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
    "mail_sending": _one_of("à blanc", "réel"),
    "mail_keep_attachments": (_each(file_names.wanted), "une liste d’extensions comme pdf, docx, png, sans programmes (exe, js…)"),
    "mail_attachment_mb": _between(1, 30),
    "mail_kept_months": _between(0, 1200),
    "runs_kept_months": _between(0, 1200),
    "access_kept_months": _between(0, 1200),
    "history_kept_months": _between(0, 1200),
    "contacts_kept_months": _between(0, 1200),
    "contacts_confirm_days": _between(30, 3650),
    "public_url": _like(r"|https://[\w.~-]+(:\d+)?(/[\w./~-]*)?", "une adresse comme https://crm.exemple.fr/"),
    "proposer_url": _like(r"|https://[^\s]+|http://(localhost|127\.0\.0\.1)[:/][^\s]*", "une adresse comme https://serveur/v1"),
    "proposer_model": _like(r"[^\s]*", "le nom d’un modèle, sans espace"),
    "proposer_key": _like(r"[!-~]*", "faite de lettres sans accent, de chiffres et de signes, sans espace"),
    "proposer_requests": _between(0, 1_000_000),
    "proposer_tokens": _between(0, 10_000_000),
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
    "region_holidays": _one_of(*holidays.PLACES),
    "region_working_hours": (_are_hours, "des heures comme 08:30-18:00"),
    "region_phone": (_is_country, "le code d’un pays comme FR"),
}
