"""What every figure means: the one source of what the pointer is told, and of docs/figures.md."""

from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QCoreApplication

from .meanings import VISITS
from .meanings_desk import DESK

CHAPTERS: Final = (*VISITS, *DESK)
_BY_NAME: Final = MappingProxyType({each.name: each for chapter in CHAPTERS for each in chapter.definitions})
INTRODUCTION: Final = """# What the figures mean

The dashboard says these texts where the pointer rests on a figure. They stand in `clinic_scheduler/ui/dashboard/` and
nowhere else; this page is made from them.

A period is any number of local days of the clinic, whose clocks may change within them. It is compared with as many
days right before. Every number opens the list of what it counted.
"""


def title(name: str) -> str:
    """What a figure is called, in the desk's language."""
    return QCoreApplication.translate("figures", _BY_NAME[name].title)


def meaning(name: str) -> str:
    """What a figure counts, in the desk's language."""
    return QCoreApplication.translate("figures", _BY_NAME[name].text)


def page() -> str:
    """All of them as docs/figures.md."""
    lines = [INTRODUCTION]
    for chapter in CHAPTERS:
        lines += [f"## {chapter.title}", ""]
        lines += [f"- **{each.title}** (`{each.name}`): {each.text}" for each in chapter.definitions]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
