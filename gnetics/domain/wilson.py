"""How far a rate measured on few cases can be trusted."""

from __future__ import annotations

import math

_Z = 1.959963984540054  # 97.5 % of the normal law


def wilson(won: int, leads: int) -> tuple[float, float] | None:
    """95 % interval of a rate; None without leads."""
    if not leads:
        return None
    rate, z2 = won / leads, _Z * _Z
    centre = rate + z2 / (2 * leads)
    spread = _Z * math.sqrt(rate * (1 - rate) / leads + z2 / (4 * leads * leads))
    return max(0.0, (centre - spread) / (1 + z2 / leads)), min(1.0, (centre + spread) / (1 + z2 / leads))
