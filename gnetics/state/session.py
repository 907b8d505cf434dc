"""What this session shows: page, query, freshness, synchronisation."""

from __future__ import annotations

import traitlets as tl


class Session(tl.HasTraits):
    """`version` grows each time the data on screen changed; `unsaved` counts session-only changes."""

    user = tl.Unicode()
    page = tl.Unicode("accueil")
    query = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    version = tl.Int(0)
    refreshed_at = tl.Unicode()
    newer = tl.Bool(False)
    sync_active = tl.Bool(True)
    unsaved = tl.Int(0)
    demo = tl.Bool(False)
