"""What a window works with."""

from dataclasses import dataclass

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.times.diaries import Diaries

from .live import Live
from .tasks import Tasks
from .theme import Themes


@dataclass(frozen=True, slots=True)
class Desk:
    """What the window is given: bridge, line to the others, look, who sits there, the clinic and its kept times.

    `views` is what `MainWindow.views_kept` told last.
    """

    tasks: Tasks
    live: Live
    themes: Themes
    actor: Actor
    clinic: ClinicFacts
    database: str
    diaries: Diaries
    views: str = ""
