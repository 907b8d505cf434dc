"""Email addresses: their syntax only, nothing is looked up."""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from gnetics.domain.absence import identifies_nobody
from gnetics.domain.folding import visible
from gnetics.domain.quoting import quote
from gnetics.errors import Unreadable

_PLAIN = re.compile(r"(?=.{1,64}$)[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*")  # valid before any domain
# the usual domains, which email_validator takes thirty times longer to find valid; it judges all others
_PLAIN_DOMAIN = re.compile(r"(?=.{4,253}$)(?!.*--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63})")
_LONGEST = 254  # characters of an address
_SPECIAL = frozenset(name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES)
_BETWEEN = re.compile(r"\s*(?::::|[;,|\n]|\s/\s|\s(?:ou|or|et|and)\s)\s*", re.IGNORECASE)  # two addresses of one cell
GMAIL = ("@gmail.com", "@googlemail.com")
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")

_SHARED = frozenset({
    "accounting", "accounts", "accueil", "achat", "achats", "admin", "administratif", "administration", "adv", "agence", "aide",
    "assistance", "atelier", "billing", "bonjour", "booking", "boutique", "bureau", "cabinet", "comite", "commande", "commandes",
    "commercial", "commerciale", "commerciaux", "communication", "compta", "comptabilite", "comptable", "contact", "contacts",
    "courrier", "devis", "direction", "ecole", "email", "entreprise", "equipe", "example", "exemple", "exploitation", "export",
    "facturation", "facture", "factures", "finance", "gestion", "hello", "help", "helpdesk", "hotel", "hr", "info", "information",
    "informations", "infos", "jobs", "juridique", "livraison", "logistique", "magasin", "mail", "mailbox", "mairie", "marketing",
    "media", "nepasrepondre", "newsletter", "noreply", "office", "orders", "postmaster", "presse", "production", "purchasing",
    "qualite", "reception", "recrutement", "reservation", "reservations", "restaurant", "rh", "sales", "sav", "secretariat",
    "service", "serviceclient", "servicesclients", "siege", "societe", "standard", "support", "team", "technique", "test", "travaux",
    "vente", "ventes", "web", "webmaster", "welcome",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def is_shared(address: str) -> bool:
    """Whether a folded address is nobody's own: of a role (« contact@ », « info.lyon@ »), of the company, or a stopgap (« aucun@ »)."""
    local, _, domain = address.partition("@")
    local = local.partition("+")[0]
    bare = re.sub("[^a-z]", "", local)
    role = re.split("[^a-z]", local, maxsplit=1)[0]
    return bool(_SHARED & {bare, role}) or identifies_nobody(local) or bare == re.sub("[^a-z]", "", domain.rpartition(".")[0])


CHANGING = r"\+|@g(?:oogle)?mail\.com$"  # finds the addresses that `mailbox` may change


def mailbox(address: str) -> str:
    """The box that a folded address leads to: a « +tag » is only a label of it, as are the dots of Gmail."""
    if "+" not in address and not address.endswith(GMAIL):
        return address
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if f"@{domain}" in GMAIL else f"{local}@{domain}"


def parse(text: str) -> str:
    """The normalised address; « Nom <a@b.fr> », « mailto: » and invisible characters are cleaned first."""
    return _parse(visible(text).strip())


def bare(text: str) -> str:
    """The address alone of « Nom <a@b.fr> » and « mailto:a@b.fr?subject=… », whether it is valid or not."""
    if "<" in text and (match := _NAMED.fullmatch(text[:600])):
        text = match[1].strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0].strip()
    return text


def several(text: str) -> tuple[str, str]:
    """The first valid address of a cell, and the others that stand there; the text itself when there is no other."""
    if text.count("@") < 2 or is_valid(text):
        return bare(text), ""
    pieces = [piece for piece in _BETWEEN.split(text.strip()) if piece]
    if len(pieces) == 1 and all(map(is_valid, pieces[0].split())):
        pieces = pieces[0].split()
    kept = next((place for place, piece in enumerate(pieces) if is_valid(piece)), None)
    if kept is None:
        return text, ""
    return bare(pieces[kept]), " ; ".join(pieces[:kept] + pieces[kept + 1 :])


def is_valid(text: str) -> bool:
    try:
        return bool(parse(text))
    except Unreadable:
        return False


@lru_cache(maxsize=4096)  # an import reads each address several times, one after another
def _parse(text: str) -> str:
    local, _, domain = text.partition("@")
    if len(text) <= _LONGEST and _PLAIN.fullmatch(local) and _is_plain(domain):
        return text
    address = bare(text)
    if problem := _problem(address):
        raise Unreadable(f"L’adresse {quote(text)} {problem}")
    local, domain = address.split("@")
    try:
        if _PLAIN.fullmatch(local):
            return local + _domain(domain)
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Unreadable(f"L’adresse {quote(text)} n’est pas valide\u00a0: vérifiez-la, par exemple prenom.nom@entreprise.fr.") from None


@lru_cache(maxsize=65_536)  # most addresses of a file share a few domains
def _is_plain(domain: str) -> bool:
    match = _PLAIN_DOMAIN.fullmatch(domain)
    return match is not None and match[1] not in _SPECIAL


@lru_cache(maxsize=4096)
def _domain(domain: str) -> str:
    """« @ » and the normalised domain."""
    return f"@{domain}" if _is_plain(domain) else validate_email(f"a@{domain}", check_deliverability=False).normalized[1:]


def _problem(address: str) -> str | None:
    """What a person would say is wrong, for the usual slips."""
    if len(address) > _LONGEST:
        return "est trop longue\u00a0: 254 caractères au plus."
    if "@" not in address:
        return "n’a pas de «\u00a0@\u00a0»\u00a0: vérifiez-la, par exemple prenom.nom@entreprise.fr."
    if address.count("@") > 1:
        return "contient plusieurs «\u00a0@\u00a0»\u00a0: gardez une seule adresse."
    if len(address.split()) != 1:
        return "contient une espace\u00a0: supprimez-la."
    local, domain = address.split("@")
    if not local:
        return "n’a rien avant le «\u00a0@\u00a0»\u00a0: complétez-la."
    if "." not in domain.strip("."):
        return "n’a pas de domaine complet après le «\u00a0@\u00a0»\u00a0: écrivez par exemple entreprise.fr."
    if ".." in address:
        return "contient deux points de suite\u00a0: supprimez-en un."
    return None
