"""A workbook that XlsxWriter makes, in which a text stays a text."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def new_book(into: IO[bytes], **options: Any) -> Workbook:
    """To be closed, or left by `with`; its rows are written in their order with `constant_memory`."""
    from xlsxwriter import Workbook  # 90 ms of a kernel, which mostly writes none

    return Workbook(into, PLAIN | options)
