"""What this session shows: page, freshness, synchronisation."""

from __future__ import annotations

import traitlets as tl


class Session(tl.HasTraits):
    """`page` is the one on screen; `unsaved` counts session-only changes.

    `stores` counts those read one after the other: in the next one a key or a number is another thing's.

    `role` is empty while there is no account; `locked` says why nothing can be written, `own_door` whether one signed in on our page.
    """

    user = tl.Unicode()
    page = tl.Unicode("accueil")
    refreshed_at = tl.Unicode()
    newer = tl.Bool(False)
    sync_active = tl.Bool(True)
    unsaved = tl.Int(0)
    stores = tl.Int(1)
    demo = tl.Bool(False)
    role = tl.Unicode()
    locked = tl.Unicode()
    own_door = tl.Bool(False)
