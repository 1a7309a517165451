"""Why a visit cannot begin at a wished time: the first of its services that does not fit, what is in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue, ServiceFacts, catalogue, longer
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.wishes import Wish

MOST_PEOPLE = 8  # of whom it is said why they cannot


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence for each practitioner who could; none where the services would fit one after the other, at once.

    Visits begin every `step_min` minutes since midnight. `beside` are the starts of that grid before and after the
    wished one, none where it lies on the grid itself; of these nothing is in the way of the `free`, the nearest first.
    """

    sentences: tuple[str, ...]
    step_min: int
    beside: tuple[datetime, ...] = ()
    free: tuple[datetime, ...] = ()


def why_not(
    session: Session,
    *,
    clinic_id: UUID,
    wishes: Sequence[Wish],
    start: datetime,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> Why:
    """What is in the way, and where nothing is, the starts on the grid beside it.

    Raises:
        NotFound: a service or practitioner is no longer there.
    """
    offered = catalogue(session, clinic_id)
    ask = partial(_sentences, session, offered, wishes, session_id=session_id, patient_id=patient_id)
    said, clinic = ask(start), offered.clinic
    if said:
        return Why(said, clinic.step_min)
    beside = _beside(start, clinic.step_min, clinic.where)
    free = sorted((one for one in beside if not ask(one)), key=lambda one: abs(one - start))
    return Why((), clinic.step_min, beside, tuple(free))


def _beside(start: datetime, step_min: int, where: ZoneInfo) -> tuple[datetime, ...]:
    """The starts of the clinic's grid before and after an instant that is none of them."""
    local = start.astimezone(where)
    past = (local.hour * 60 + local.minute) % step_min
    if not past:
        return ()
    before = start - timedelta(minutes=past)
    midnight = localtime.midnight(local.date() + timedelta(days=1), where)
    return before, min(before + timedelta(minutes=step_min), midnight)


def _sentences(
    session: Session,
    offered: Catalogue,
    wishes: Sequence[Wish],
    start: datetime,
    *,
    session_id: UUID | None,
    patient_id: UUID | None,
) -> tuple[str, ...]:
    for wish in wishes:
        service = offered.service(wish.service_id)
        found: list[str] = []
        for practitioner_id in _able(service, wish):
            why = obstacles.ask(
                session,
                clinic_id=offered.clinic.id,
                wish=wish,
                practitioner_id=practitioner_id,
                start=start,
                session_id=session_id,
                patient_id=patient_id,
            )
            if why.is_free:
                own = longer(service.performer(practitioner_id), service.chosen(wish.add_on_ids))
                start += timedelta(minutes=own.duration_min)
                break
            found += why.sentences[:1]
        else:
            return tuple(dict.fromkeys(found)) or (f"Nobody performs {service.name}; please choose another.",)
    return ()


def _able(service: ServiceFacts, wish: Wish) -> list[UUID]:
    everybody = [one.practitioner_id for one in service.performers]
    return [one for one in everybody if not wish.practitioner_ids or one in wish.practitioner_ids][
        :MOST_PEOPLE
    ]
