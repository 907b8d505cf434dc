"""The templates of faq, each with the traits and events of its widget."""
