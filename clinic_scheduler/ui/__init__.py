"""Screens and their models; talks to services through `tasks` only."""
