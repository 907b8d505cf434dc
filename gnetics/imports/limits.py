"""How large a file given to the import may be."""

from __future__ import annotations

LARGEST_FILE = 200 * 2**20  # bytes
LARGEST_CONTENT = 500  # MB of a spreadsheet once unzipped, unless a setting says otherwise
MOST_COLUMNS = 500


def too_wide(width: int) -> str:
    """The sentence that refuses so many columns; "" when they may be."""
    if width <= MOST_COLUMNS:
        return ""
    return f"Le fichier a {width} colonnes, le maximum est {MOST_COLUMNS}\u00a0: gardez celles qui servent."
