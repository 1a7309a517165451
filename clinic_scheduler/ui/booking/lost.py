"""A picked time that somebody else has by now: what it was, and what is said of what is free instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.localtime import local_day
from clinic_scheduler.services.wishes import Opening, Part, Wish
from clinic_scheduler.ui import texts
from clinic_scheduler.ui.booking import words

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Lost:
    """The parts that cannot be had, what was wished when they were picked, and why as a sentence."""

    parts: tuple[Part, ...]
    wishes: tuple[Wish, ...]
    why: str

    def sentence(self, found: Sequence[Opening]) -> str:
        """Why, and what is offered instead."""
        return f"{self.why} {found_text() if found else nothing_text()}"

    def order_text(self, catalogue: Catalogue, *, is_narrow: bool) -> str:
        """In which order the answers stand, and that the filters do not narrow them."""
        said = translate("booking", "Nearest to {when}, the same people first.")
        said = said.format(when=self._when(catalogue))
        return f"{said} {translate('booking', 'The filters do not narrow these.')}" if is_narrow else said

    def empty_text(self, catalogue: Catalogue) -> str:
        """What stands in the place of answers where there is none."""
        said = translate(
            "booking", "Nothing is free within four weeks of {when}. Press F5 to look for times after that."
        )
        return said.format(when=self._when(catalogue))

    def _when(self, catalogue: Catalogue) -> str:
        start = min(part.start for part in self.parts)
        day = texts.short_date(local_day(start, catalogue.clinic.where))
        return translate("booking", "{day}, {time}").format(day=day, time=words.time_text(start, catalogue))


def found_text() -> str:
    """What is said over answers."""
    return translate("booking", "These are the nearest that are free.")


def nothing_text() -> str:
    """What is said where there is no answer."""
    return translate(
        "booking", "Nothing else is free within four weeks of it; look at all free times for later ones."
    )
