"""Why a visit cannot begin at a wished time: the first of its services that does not fit, what is in its way."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services.catalogue import ServiceFacts, catalogue, longer
from clinic_scheduler.services.obstacles import obstacles
from clinic_scheduler.services.wishes import Wish

MOST_PEOPLE = 8  # of whom it is said why they cannot


def why_not(
    session: Session,
    *,
    clinic_id: UUID,
    wishes: Sequence[Wish],
    start: datetime,
    session_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> tuple[str, ...]:
    """A sentence for each practitioner who could; none where the services would fit one after the other, at once.

    Raises:
        NotFound: a service or practitioner is no longer there.
    """
    offered = catalogue(session, clinic_id)
    for wish in wishes:
        service = offered.service(wish.service_id)
        found: list[str] = []
        for practitioner_id in _able(service, wish):
            why = obstacles.ask(
                session,
                clinic_id=clinic_id,
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
