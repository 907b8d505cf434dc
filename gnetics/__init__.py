"""CRM GNETICS. For analysts: `from gnetics import open_crm`, then `open_crm().snapshot().leads`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gnetics.errors import GneticsError as GneticsError
    from gnetics.imports.importer import import_workbook as import_workbook
    from gnetics.settings import Settings as Settings
    from gnetics.settings import load as load_settings
    from gnetics.store.crm import Crm as Crm
    from gnetics.store.crm import open_crm as open_crm
    from gnetics.store.frames import Snapshot as Snapshot

# public name → where it lives; imported at first use, so that `import gnetics` stays instant
_PUBLIC = {
    "Crm": ("gnetics.store.crm", "Crm"),
    "GneticsError": ("gnetics.errors", "GneticsError"),
    "Settings": ("gnetics.settings", "Settings"),
    "Snapshot": ("gnetics.store.frames", "Snapshot"),
    "import_workbook": ("gnetics.imports.importer", "import_workbook"),
    "load_settings": ("gnetics.settings", "load"),
    "open_crm": ("gnetics.store.crm", "open_crm"),
}
__all__ = ["Crm", "GneticsError", "Settings", "Snapshot", "import_workbook", "load_settings", "open_crm"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'gnetics' has no attribute '{name}'")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
