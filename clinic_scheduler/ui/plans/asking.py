"""What the screens ask of plans in one go: composed of services, run in a thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.plans import editing, proposing, reading, stopping
from clinic_scheduler.services.plans.proposals import Looking, Proposal
from clinic_scheduler.services.plans.reading import Page, Which
from clinic_scheduler.services.plans.rows import Clock
from clinic_scheduler.services.plans.stopping import Stopped
from clinic_scheduler.services.plans.views import PlanView
from clinic_scheduler.services.times.diaries import Diaries
from clinic_scheduler.services.wishes import Part
from clinic_scheduler.ui.tasks import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wished, how many now (None: as the strategy has it), and the times that the desk chose, by number."""

    looking: Looking
    count: int | None = None
    chosen: Mapping[int, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Whence proposals come: `ask` is `proposing.propose` with a new course, or `propose_rest` with a plan's id."""

    actor: Actor
    ask: Callable[..., Proposal]
    diaries: Diaries | None = None

    def propose(self, asked: Asked) -> Work[Proposal]:
        """Times for the first, or the next sessions."""
        return partial(
            self.ask,
            actor=self.actor,
            looking=asked.looking,
            count=asked.count,
            chosen=asked.chosen,
            diaries=self.diaries,
        )

    def instead(self, proposal: Proposal, number: int) -> Work[tuple[Part, ...]]:
        """Other times for one session."""
        return partial(
            proposing.alternatives,
            actor=self.actor,
            proposal=proposal,
            number=number,
            limit=24,
            diaries=self.diaries,
        )

    def afresh(self) -> "Source":
        """The same read from the database itself: what others did a moment ago is not in the kept times yet."""
        return replace(self, diaries=None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of plans, and today by the database's clock."""

    page: Page
    today: date


def listed(session: Any, *, actor: Actor, which: Which, limit: int, offset: int = 0) -> Listed:  # noqa: ANN401
    """The plans of a list, from `offset` on."""
    page = reading.plans(session, actor=actor, which=which, limit=limit, offset=offset)
    return Listed(page, Clock.read(session, actor.clinic_id).today)


@dataclass(frozen=True, slots=True)
class Looked:
    """One plan, the other plans of the patient, and today by the database's clock."""

    plan: PlanView
    others: tuple[PlanView, ...]
    today: date


def looked_at(session: Any, *, actor: Actor, plan_id: UUID) -> Looked:  # noqa: ANN401
    """One plan as the details show it.

    Raises:
        NotFound: it is not in this clinic.
    """
    plan = reading.plan(session, actor=actor, plan_id=plan_id)
    others = reading.of_patient(session, actor=actor, patient_id=plan.patient_id)
    today = Clock.read(session, actor.clinic_id).today
    return Looked(plan, tuple(one for one in others if one.id != plan_id), today)


def left_out(session: Any, *, actor: Actor, plan_id: UUID, version: int, number: int) -> Stopped:  # noqa: ANN401
    """Leave a session out that fell out, and note that somebody looked at it; one transaction.

    Raises as `editing.skip` does.
    """
    plan = editing.skip(session, actor=actor, plan_id=plan_id, version=version, number=number)
    return stopping.reviewed(session, actor=actor, plan_id=plan_id, version=plan.version)
