"""Any frame into a file that a colleague opens without a remark: XLSX, CSV or Parquet, by its ending."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from gnetics.errors import Refused
from gnetics.exports.book import PLAIN
from gnetics.exports.inert import guarded


def write(frame: pd.DataFrame, path: Path) -> None:
    """Raises Refused for another ending. A CSV is for French spreadsheets: « ; », decimal comma, UTF-8 with its mark."""
    match path.suffix.lower():
        case ".xlsx":
            with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": PLAIN}, datetime_format="dd/mm/yyyy hh:mm") as book:
                frame.to_excel(book, index=False, freeze_panes=(1, 0))
        case ".csv":
            texts = frame.select_dtypes(["str", "object", "category"]).columns
            safe = frame.assign(**{str(name): frame[name].astype("object").map(_inert, na_action="ignore") for name in texts})
            safe.rename(columns=_inert).to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig")
        case ".parquet":
            frame.to_parquet(path, index=False)
        case other:
            raise Refused({"": f"« {other or path.name} » n’est pas un format connu : .xlsx, .csv ou .parquet."})


def _inert(value: Any) -> Any:
    return guarded(value) if isinstance(value, str) else value
