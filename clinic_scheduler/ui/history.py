"""What can be taken back and done again at this desk, several levels deep. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from clinic_scheduler.services.changing.moves import Change
from clinic_scheduler.services.taking.rules import Override

from .tasks import Work

MOST = 50
Wanted = tuple[
    Any, ...
]  # of things with an `appointment_id` and the `version` they were seen in, such as `Change`


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do to appointments, and how it is called in a menu.

    `ask` makes the service call of it, for a request id; `read` finds in the call's answer what leads back. Where that
    takes another call, `turned` makes its step of the answer.
    """

    words: str
    wanted: Wanted
    ask: Callable[[Wanted, UUID], Callable[..., Any]]
    read: Callable[[Any], Wanted]
    may_override: bool = False
    turned: "Callable[[Any], Step] | None" = None

    def work(self, request_id: UUID, override: Override | None = None) -> Work[Any]:
        """The call, against a rule where that is meant."""
        call = self.ask(self.wanted, request_id)
        return call if override is None else partial(call, override=override)

    def back(self, answer: object) -> "Step":
        """What undoes it, once it was answered."""
        return self.turned(answer) if self.turned is not None else replace(self, wanted=self.read(answer))

    def following(self, versions: Mapping[UUID, tuple[int, int]]) -> "Step":
        """The step after the versions it knows were changed by this desk itself, each from one to another."""
        return replace(self, wanted=tuple(_following(one, versions) for one in self.wanted))


def _following(one: Any, versions: Mapping[UUID, tuple[int, int]]) -> Any:  # noqa: ANN401 - see Wanted
    before, after = versions.get(one.appointment_id, (one.version, one.version))
    return replace(one, version=after) if one.version == before else one


@dataclass(slots=True)
class History:
    """The steps that lead back, and those that lead on again; the newest is the last.

    A step that this desk takes gives its appointments new versions, and the older steps learn of them. What another
    desk did in between they do not learn, so that undoing it is refused.
    """

    back: list[Step] = field(default_factory=list)
    on: list[Step] = field(default_factory=list)

    def done(self, step: Step, answer: object) -> None:
        """Something new was done."""
        self._learn(step, answer)
        self.on.clear()
        self.back = [*self.back, step.back(answer)][-MOST:]

    def was_done(self, step: Step) -> None:
        """Something was done elsewhere that this step takes back."""
        self.on.clear()
        self.back = [*self.back, step][-MOST:]

    def undone(self, answer: object) -> None:
        """The last step was taken back."""
        step = self.back.pop()
        self._learn(step, answer)
        self.on.append(step.back(answer))

    def redone(self, answer: object) -> None:
        """The last step that was taken back was done again."""
        step = self.on.pop()
        self._learn(step, answer)
        self.back.append(step.back(answer))

    def forget(self, step: Step) -> None:
        """A step can no longer be taken."""
        self.back = [one for one in self.back if one is not step]
        self.on = [one for one in self.on if one is not step]

    def _learn(self, step: Step, answer: object) -> None:
        after = {one.appointment_id: one.version for one in step.read(answer)}
        versions = {
            one.appointment_id: (one.version, after[one.appointment_id])
            for one in step.wanted
            if one.appointment_id in after
        }
        self.back = [one.following(versions) for one in self.back]
        self.on = [one.following(versions) for one in self.on]


def of_changes(words: str, changes: tuple[Change, ...], change: Callable[..., Any]) -> Step:
    """A step of moves; `change` is `moving.change` with the actor already given."""

    def ask(wanted: Wanted, request_id: UUID) -> Callable[..., Any]:
        return partial(change, request_id=request_id, changes=wanted)

    return Step(words, changes, ask, lambda answer: answer.undo, may_override=True)
