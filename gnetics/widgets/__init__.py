"""Theme, guarded template base, and the parts pages are made of; no business rule."""
