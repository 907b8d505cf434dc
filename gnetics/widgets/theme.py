"""The tokens of the look: every colour and size is written here, and feeds Vuetify, our CSS and bqplot."""

from __future__ import annotations

from pathlib import Path

import ipyvuetify as v

from gnetics.domain.statuses import LABELS

LIGHT = {
    "bg": "#F6F8FA",
    "surface": "#FFFFFF",
    "outline": "#E2E8EF",
    "text": "#1B2733",
    "muted": "#556372",
    "primary": "#0F5C6E",
    "on-primary": "#FFFFFF",
    "primary-tint": "#E3F1F4",
    "accent": "#C2410C",
    "success": "#15803D",
    "warning": "#B45309",
    "error": "#B91C1C",
    "success-tint": "#DCFCE7",
    "warning-tint": "#FEF3C7",
    "error-tint": "#FEE2E2",
    "hover": "#EEF3F6",
    "neutral": "#94A3B8",
}
DARK = {
    "bg": "#0F1419",
    "surface": "#171E26",
    "outline": "#2A3541",
    "text": "#E6EAEF",
    "muted": "#9AA7B4",
    "primary": "#5CC4D6",
    "on-primary": "#0B2229",
    "primary-tint": "#17333B",
    "accent": "#FB923C",
    "success": "#4ADE80",
    "warning": "#FBBF24",
    "error": "#F87171",
    "success-tint": "#173726",
    "warning-tint": "#3B2F14",
    "error-tint": "#3D2024",
    "hover": "#1E2731",
    "neutral": "#64748B",
}
# text, tint, and the same on dark; also the colour of the status in charts
STATUS_COLOURS: dict[str, tuple[str, str, str, str]] = {
    "Nouveau": ("#1D4ED8", "#DBEAFE", "#93C5FD", "#1E2F4F"),
    "À contacter": ("#0E7490", "#CFFAFE", "#67E8F9", "#143942"),
    "Contacté": ("#4338CA", "#E0E7FF", "#A5B4FC", "#26284F"),
    "Qualifié": ("#6D28D9", "#EDE9FE", "#C4B5FD", "#33274F"),
    "En suivi": ("#92400E", "#FEF3C7", "#FCD34D", "#3B2F14"),
    "Clos": ("#166534", "#DCFCE7", "#86EFAC", "#173726"),
    "Perdu": ("#475569", "#E2E8F0", "#CBD5E1", "#2C3643"),
    "À corriger": ("#B91C1C", "#FEE2E2", "#FCA5A5", "#3D2024"),
}
SIDEBAR = 232  # px
BAR = 56  # px


def apply() -> None:
    """Give Vuetify both themes; the browser then follows the person's choice, or the system's."""
    for colours, tokens in ((v.theme.themes.light, LIGHT), (v.theme.themes.dark, DARK)):
        colours.background = tokens["bg"]
        colours.surface = tokens["surface"]
        colours.primary = tokens["primary"]
        colours.secondary = tokens["muted"]
        colours.error = tokens["error"]
        colours.info = tokens["primary"]
        colours.success = tokens["success"]
        colours.warning = tokens["warning"]


def css() -> str:
    """The style sheet of the app: tokens as `--g-*` variables, status pills, then base.css."""
    light = "".join(f"--g-{name}:{colour};" for name, colour in LIGHT.items())
    dark = "".join(f"--g-{name}:{colour};" for name, colour in DARK.items())
    for rank, label in enumerate(LABELS):
        text, tint, dark_text, dark_tint = STATUS_COLOURS[label]
        light += f"--g-s{rank}:{text};--g-s{rank}-tint:{tint};"
        dark += f"--g-s{rank}:{dark_text};--g-s{rank}-tint:{dark_tint};"
    pills = "".join(
        f'.g-pill[data-status="{label}"]{{color:var(--g-s{rank});background:var(--g-s{rank}-tint);border-color:transparent}}'
        for rank, label in enumerate(LABELS)
    )
    sizes = f":root{{--g-sidebar:{SIDEBAR}px;--g-bar:{BAR}px}}"
    return f":root{{{light}}}:root.g-dark{{{dark}}}{sizes}{pills}{(Path(__file__).parent / 'base.css').read_text('utf-8')}"


def status_colour(label: str) -> str:
    """The colour of a status in a chart, as a CSS variable that follows light and dark."""
    return f"var(--g-s{LABELS.index(label)})" if label in LABELS else "var(--g-neutral)"


# outside our pages, where no style sheet gives the variables their value
IN_LIGHT = {f"var(--g-{name})": colour for name, colour in LIGHT.items()} | {
    status_colour(label): colours[0] for label, colours in STATUS_COLOURS.items()
}
