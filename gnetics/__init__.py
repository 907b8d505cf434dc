"""CRM GNETICS. For analysts: `import gnetics`, then `gnetics.open_crm().leads`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gnetics.analysis.figure import Figure as Figure
    from gnetics.analysis.figure import FigureTable as FigureTable
    from gnetics.analysis.opened import OpenCrm as OpenCrm
    from gnetics.analysis.opening import open_crm as open_crm
    from gnetics.errors import GneticsError as GneticsError
    from gnetics.imports.importer import import_workbook as import_workbook
    from gnetics.settings import Settings as Settings
    from gnetics.settings import load as load_settings

# public name → where it lives; imported at first use, so that `import gnetics` stays instant
_PUBLIC = {
    "Figure": ("gnetics.analysis.figure", "Figure"),
    "FigureTable": ("gnetics.analysis.figure", "FigureTable"),
    "GneticsError": ("gnetics.errors", "GneticsError"),
    "Settings": ("gnetics.settings", "Settings"),
    "OpenCrm": ("gnetics.analysis.opened", "OpenCrm"),
    "import_workbook": ("gnetics.imports.importer", "import_workbook"),
    "load_settings": ("gnetics.settings", "load"),
    "open_crm": ("gnetics.analysis.opening", "open_crm"),
}
__all__ = ["Figure", "FigureTable", "GneticsError", "OpenCrm", "Settings", "import_workbook", "load_settings", "open_crm"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'gnetics' has no attribute '{name}'")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
