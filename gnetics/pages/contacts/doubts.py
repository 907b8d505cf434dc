"""What the quality rules of the figures find among the contacts réels, for the facet « À vérifier »."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.metrics.population import Mask, Population
from gnetics.metrics.quality_masks import QualityMasks
from gnetics.metrics.rules import RULES
from gnetics.pages.contacts.facets import BASIS

_RULES = {rule.key: rule for rule in RULES}
_FOUND_BY = {
    "doublon": ("doublon-certain", "doublon-probable"),
    "email": ("email-invalide",),
    "silence": ("sans-nouvelles",),
    BASIS: ("sans-base-legale",),
}


class Doubts:
    """Implements Finder; `pairs` are the near spellings that the store keeps (low, high)."""

    def __init__(self, real: pd.DataFrame, messages: pd.DataFrame, pairs: pd.DataFrame, today: date, zone: ZoneInfo) -> None:
        self.beside = messages, pairs
        self._real, self._today, self._zone = real, today, zone

    def find(self, key: str) -> Mask:
        found: Mask = np.logical_or.reduce([_RULES[rule].find(self._masks) for rule in _FOUND_BY[key]])
        return found

    @cached_property
    def _masks(self) -> QualityMasks:
        return QualityMasks(Population.of(self._real, self._today), *self.beside, self._zone)
