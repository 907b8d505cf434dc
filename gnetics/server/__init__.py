"""Voilà: configuration, identity, sign-in, static files, kernels and their forks, health and measures."""
