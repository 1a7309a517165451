"""Why a time is not free, asked of the database: what stands in the way of a service, and what would free it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services import catalogue, localtime
from clinic_scheduler.services.obstacles import obstacle_words, scenes, why_not
from clinic_scheduler.services.obstacles.excluded import Layer, Reason
from clinic_scheduler.services.obstacles.scenes import Scene
from clinic_scheduler.services.wishes import Wish


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing in the way; `words` is a sentence for the desk that names no other patient.

    `what` is the appointment, or the session that holds the time; rules and hours have no `start` and `end`.
    """

    layer: Layer
    words: str
    resource_id: UUID | None = None
    what: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """All that stands in the way of a start; nothing means that it is free.

    `places` says what is in the way of each room and piece of equipment that would do. Each of `changes` alone
    frees the start, and its words say how.
    """

    start: datetime
    obstacles: tuple[Obstacle, ...]
    places: Mapping[UUID, tuple[Obstacle, ...]]
    changes: tuple[Obstacle, ...]

    @property
    def is_free(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell the desk, each thing once."""
        return tuple(dict.fromkeys(one.words for one in self.obstacles))


@dataclass(frozen=True, slots=True)
class StartLayers:
    """A start of the clinic's grid and what excludes it; nothing means that it is free."""

    start: datetime
    layers: frozenset[Layer]


def ask(
    session: Session,
    *,
    clinic_id: UUID,
    wish: Wish,
    practitioner_id: UUID,
    start: datetime,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> Why:
    """What keeps a practitioner from giving the service at that whole minute; the holds of `session_id` do not.

    Raises:
        NotFound: the service or practitioner is no longer there.
    """
    where = catalogue.clinic(session, clinic_id).where
    scene = scenes.read(
        session,
        clinic_id=clinic_id,
        wish=wish,
        practitioner_id=practitioner_id,
        on=localtime.local_day(start, where),
        session_id=session_id,
        patient_id=patient_id,
    )
    return answer(scene, start)


def answer(scene: Scene, start: datetime) -> Why:
    """What `ask` would say of any start on the day of the scene."""
    found = why_not.why_not(scene.wanted, scene.span.minute(start))
    places = {
        identifier: tuple(_obstacle(scene, reason, start) for reason in own)
        for identifier, own in found.places.items()
    }
    obstacles: list[Obstacle] = []
    for reason in found.reasons:
        if reason.resource_id is not None:
            obstacles.append(_obstacle(scene, reason, start))
            continue
        some = dict(scene.wanted.places())[reason.layer]
        missing = Obstacle(reason.layer, obstacle_words.of_missing(scene, reason.layer))
        obstacles += [_as(reason.layer, places[diary.id][0]) for diary in some] or [missing]
    changes = tuple(_change(scene, reason, start) for reason in found.changes)
    return Why(start, tuple(obstacles), places, changes)


def of_day(
    session: Session,
    *,
    clinic_id: UUID,
    wish: Wish,
    practitioner_id: UUID,
    on: date,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> tuple[StartLayers, ...]:
    """What excludes each start of a local day's grid, as `ask` would say of each.

    Raises:
        NotFound: the service or practitioner is no longer there.
    """
    scene = scenes.read(
        session,
        clinic_id=clinic_id,
        wish=wish,
        practitioner_id=practitioner_id,
        on=on,
        session_id=session_id,
        patient_id=patient_id,
    )
    return day_layers(scene, on)


def day_layers(scene: Scene, on: date) -> tuple[StartLayers, ...]:
    """What `of_day` would say of the day of the scene."""
    where, step = scene.span.where, scene.offered.clinic.step_min
    first = scene.span.minute(localtime.midnight(on, where))
    end = first + localtime.day_length(on, where)
    layers = why_not.layers_of_starts(scene.wanted, end)
    return tuple(
        StartLayers(
            scene.span.moment(minute),
            frozenset(layer for layer, starts in layers.items() if starts >> minute & 1),
        )
        for minute in range(first, end, step)
    )


def _obstacle(scene: Scene, reason: Reason, start: datetime) -> Obstacle:
    return _worded(scene, reason, obstacle_words.of_reason(scene, reason, start))


def _change(scene: Scene, reason: Reason, start: datetime) -> Obstacle:
    return _worded(scene, reason, obstacle_words.of_change(scene, reason, start))


def _worded(scene: Scene, reason: Reason, words: str) -> Obstacle:
    if reason.block is None:
        return Obstacle(reason.layer, words, reason.resource_id)
    start, end = (scene.span.moment(minute) for minute in (reason.block.start, reason.block.end))
    return Obstacle(reason.layer, words, reason.resource_id, reason.block.what, start, end)


def _as(layer: Layer, one: Obstacle) -> Obstacle:
    return Obstacle(layer, one.words, one.resource_id, one.what, one.start, one.end)
