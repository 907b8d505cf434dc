"""Rows and tables of figures become CSV, XLSX, vCard, or a page to print."""
