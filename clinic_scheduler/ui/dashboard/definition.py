"""How a figure is defined."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: how it is called, and what exactly it counts; both untranslated."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Figures that belong together."""

    title: str
    definitions: tuple[Definition, ...]
