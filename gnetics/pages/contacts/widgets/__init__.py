"""The templates of Contacts, each with the traits and events of its widget."""
