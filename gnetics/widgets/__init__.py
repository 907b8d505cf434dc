"""What several pages are made of: theme, guarded base of the templates, charts, dialogs; no business rule."""
