"""The templates of Dashboard and Dash Data, each with the traits and events of its widget."""
