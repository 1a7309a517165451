"""What a window works with."""

from dataclasses import dataclass

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts

from .live import Live
from .tasks import Tasks
from .theme import Themes


@dataclass(frozen=True, slots=True)
class Desk:
    """What the window is given: the bridge, the line to the others, the look, who sits there, and the clinic."""

    tasks: Tasks
    live: Live
    themes: Themes
    actor: Actor
    clinic: ClinicFacts
    database: str
