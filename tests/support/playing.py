"""Desks that play against the plain model: what they have in common, whatever they do."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine, invariant

from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.errors import ClinicError, InvalidInput, RuleBroken
from clinic_scheduler.services.actor import Actor
from tests.support import clinics, stored
from tests.support.clinics import TestClinic
from tests.support.crashing import Crash, Fuse
from tests.support.ledger import Ledger
from tests.support.model import Model, Refusal
from tests.support.steps import ACTORS, FACTS, START_OF_CLOCK, Step

Opened = Callable[[], AbstractContextManager[tuple[UnitOfWork, TestClinic]]]


class Playing(RuleBasedStateMachine):
    """`opened` gives an empty, furnished database for one run."""

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._context = opened()
        self.work, self.clinic = self._context.__enter__()
        self.fuse = Fuse(self.work)
        at = self.clinic.at
        self.model = Model(
            Ledger(self.clinic.at("08:00") + START_OF_CLOCK),
            FACTS,
            ((at("09:00"), at("12:00")), (at("13:00"), at("17:00"))),
        )
        self.requests: list[tuple[UUID, UUID]] = []
        self.moved: dict[str, Any] = {}
        clinics.stop_clock(self.work, self.model.now)

    def teardown(self) -> None:
        try:
            assert stored.broken_links(self.work) == []
        finally:
            self._context.__exit__(None, None, None)

    def transact(self, do: Callable[..., Any], step: Step, /, **values: Any) -> Any:
        """What one transaction returns: a value, a refusal, or the crash of which nothing may remain."""
        try:
            return self.fuse.run(self.work, step.crash, lambda session: do(session, **values))
        except (ClinicError, Crash) as error:
            return error

    def check(self, got: Any, expected: Refusal) -> None:
        """The program refused as the model did, or not."""
        kind = type(got) if isinstance(got, Exception) else None
        is_rule = kind is RuleBroken and expected is InvalidInput
        assert kind is expected or is_rule, f"{got!r} instead of {expected}"

    def session(self, step: Step) -> UUID:
        """One of the sessions, mostly one that goes on, and has times where that matters."""
        some = list(self.model.sessions)
        sittings = self.model.sessions
        going_on = [
            one for one in some if sittings[one].is_unfinished and sittings[one].expires > self.model.now
        ]
        chosen = [one for one in going_on if sittings[one].parts]
        if step.n % 12:
            some = going_on or some
            if step.what in {"confirm", "renew", "release", "name", "linger", "come_late"}:
                some = chosen or some
        return some[step.n % len(some)]

    def actor(self, session_id: UUID, m: int) -> Actor:
        """Mostly who has the session."""
        one = self.model.sessions[session_id]
        owner = next(a for a in ACTORS if (a.workstation, a.user_id) == (one.desk, one.user))
        return ACTORS[m % len(ACTORS)] if m % 10 == 0 else owner

    def version(self, session_id: UUID, v: int) -> int:
        """Mostly the one that stands."""
        return self.model.sessions[session_id].version - (v % 16 == 0)

    def visits(self, step: Step, status: str, count: int) -> dict[UUID, int]:
        """Appointments, mostly of that status, with mostly the versions that stand."""
        known = [
            one for one, visit in self.model.visits.items() if visit.status == status or step.v % 12 == 0
        ]
        chosen = [known[n % len(known)] for n in range(step.n, step.n + count) if known]
        return {one: self.model.visits[one].version - (step.v % 16 == 1) for one in chosen}

    def settle(self, got: Any, expected: Callable[[], Refusal]) -> bool:
        """Whether it was done; a crash leaves the model as it was."""
        if isinstance(got, Crash):
            return False
        self.check(got, expected())
        return not isinstance(got, Exception)

    def clock_at(self, moment: datetime) -> None:
        self.model.book.now = moment
        clinics.stop_clock(self.work, moment)

    @invariant()
    def nothing_differs(self) -> None:
        seen = stored.look(self.work)
        assert stored.overlapping(seen) == []
        assert seen.live(self.model.now) == stored.modelled(self.model)
        assert seen.sessions == stored.sessions_modelled(self.model)
        assert seen.visits == {one: (v.status, v.version) for one, v in self.model.visits.items()}
        assert stored.unclaimed(seen, self.model) == []
