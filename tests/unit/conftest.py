"""Property-based tests are judged on what they find, not on how fast a busy machine runs an example."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("gnetics", deadline=None)
settings.load_profile("gnetics")
