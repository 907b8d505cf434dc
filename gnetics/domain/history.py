"""What the history says was done, in words."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    CREATED = "création"
    CHANGED = "modification"
    IMPORTED = "import"
    DELETED = "suppression"
    RESTORED = "restauration"  # from the bin, to an earlier value, or as before what was taken back
    MERGED = "fusion"  # of the lead that stays
    TAKEN_OVER = "absorption"  # of those that it took over
    SEPARATED = "séparation"  # of all of them, when the merge is undone
    ERASED = "effacement"  # of a person: the lead stays, anonymous
