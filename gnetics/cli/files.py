"""Files that a command leaves."""

from __future__ import annotations

from pathlib import Path

from gnetics.errors import GneticsError


def write(place: Path, content: bytes) -> None:
    try:
        place.write_bytes(content)
    except OSError as error:
        raise GneticsError(f"Le fichier « {place} » ne peut pas être écrit : vérifiez le dossier et ses droits.") from error
