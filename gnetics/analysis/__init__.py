"""What analysts use in a notebook: an open store, frames of their own, figures by the pages' names, SQL, files, lots of changes."""
