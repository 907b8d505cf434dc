"""`leads.gn`: what the pages call a contact réel, open, won or lost, on any frame of leads."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.folding import fold
from gnetics.domain.spellings import names
from gnetics.domain.statuses import LOST, OPEN, WON
from gnetics.metrics.definitions import BLANK_SOURCE


@pd.api.extensions.register_dataframe_accessor("gn")
class LeadsAccessor:
    """On a frame that has `status`; rows without identity (`real` False) are in none of these."""

    def __init__(self, leads: pd.DataFrame) -> None:
        if "status" not in leads:
            raise AttributeError("« .gn » lit une table de contacts : il y faut la colonne « status ».")
        self._leads = leads

    @property
    def real(self) -> pd.DataFrame:
        """The contacts réels: those with a name, a company, an email or an ID Lead."""
        return self._leads[self._leads["real"]] if "real" in self._leads else self._leads

    @property
    def open(self) -> pd.DataFrame:
        """From Nouveau to En suivi."""
        return self._having(OPEN)

    @property
    def won(self) -> pd.DataFrame:
        return self._having((WON,))

    @property
    def lost(self) -> pd.DataFrame:
        return self._having((LOST,))

    @property
    def source(self) -> pd.Series:
        """The one name that pages show of each source, whatever its spelling; « Non renseignée » for none."""
        texts = self._leads["source"]
        known = names((str(text), int(count)) for text, count in self.real["source"].value_counts().items())
        return texts.map(lambda text: BLANK_SOURCE if pd.isna(text) else known.get(fold(text) or "", text)).astype("str")

    def _having(self, statuses: tuple[str, ...]) -> pd.DataFrame:
        real = self.real
        return real[real["status"].isin(statuses)]
