"""Questions to the store that frames do not answer: history, bin, lots, imports, views, merges, scores."""
