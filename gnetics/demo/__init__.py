"""The fictional store: how its workbook is made and loaded."""
