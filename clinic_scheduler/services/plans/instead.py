"""Other times for one session of a proposal, between the sessions before and after it."""

from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services.offers import eligible
from clinic_scheduler.services.plans import nearby, placing
from clinic_scheduler.services.plans.placing import Wanted
from clinic_scheduler.services.plans.possible import Need
from clinic_scheduler.services.plans.proposals import Proposal
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Part, Wish


def times(
    session: Session,
    clinic_id: UUID,
    proposal: Proposal,
    number: int,
    limit: int,
    diaries: Diaries | None,
) -> tuple[Part, ...]:
    """Times for one session between its neighbours in a proposal."""
    one = next(one for one in proposal.sessions if one.step.number == number)
    offered = eligible.catalogue(
        session, clinic_id, [Wish(step.service_id) for step in proposal.course.steps]
    )
    wanted = Wanted(proposal.course, proposal.looking, frozenset({number}), booked=_others(proposal, number))
    need = Need.of(offered, one.step, proposal.looking.practitioner_ids)
    possible = placing.look(session, offered, wanted, {number: need}, diaries)
    return nearby.of(one, proposal.sessions, need, possible, limit)


def _others(proposal: Proposal, number: int) -> dict[int, Part]:
    return {
        each.step.number: each.part for each in proposal.sessions if each.part and each.step.number != number
    }
