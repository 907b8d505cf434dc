"""What the history says was done: the words of its column `action`."""

from __future__ import annotations

from typing import Final

CREATED: Final = "création"
CHANGED: Final = "modification"
IMPORTED: Final = "import"
DELETED: Final = "suppression"
RESTORED: Final = "restauration"  # from the bin, to an earlier value, or as before what was taken back
MERGED: Final = "fusion"  # of the lead that stays
TAKEN_OVER: Final = "absorption"  # of those that it took over
SEPARATED: Final = "séparation"  # of all of them, when the merge is undone
