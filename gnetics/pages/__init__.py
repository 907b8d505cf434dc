"""The app frame and one module per notebook: each wires state, figures, widgets and actions."""
