"""The app and its frame, and a folder a page: its controllers, state, rows and widgets."""
