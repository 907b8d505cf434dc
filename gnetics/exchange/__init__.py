"""Files in and out: workbooks, their reading and their import."""
