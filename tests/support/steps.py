"""What desks do next, drawn by chance, and the clinic they do it in."""

import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import setup
from clinic_scheduler.services.actor import EVERYTHING, Actor
from tests.support import clinics
from tests.support.clinics import ANA, BEN, CLINIC, EMMA, JOSE, MASSAGE, OLGA, PHYSIO, SPEECH, TestClinic
from tests.support.ledger import Facts

COLOUR, LASER = UUID(int=0xC0), UUID(int=0x1A)
LENGTHS = {PHYSIO: 45, MASSAGE: 30, SPEECH: 60, COLOUR: 60}
FACTS = {
    PHYSIO: Facts(0, 0, performers=frozenset({ANA, BEN})),
    MASSAGE: Facts(0, 10, performers=frozenset({BEN})),
    SPEECH: Facts(0, 0, performers=frozenset({ANA})),
    COLOUR: Facts(5, 5, (15, 45), frozenset({ANA, BEN})),
}
ACTORS = tuple(
    Actor(UUID(int=user), name, name[:2], desk, CLINIC, EVERYTHING)
    for user, name, desk in ((1, "Kofi", "Desk 1"), (2, "Rosa", "Desk 2"), (1, "Kofi", "Desk 2"))
)
PATIENTS = (EMMA, OLGA, JOSE)
START_OF_CLOCK = timedelta(days=-3)

WAYS = ((PHYSIO, ANA), (PHYSIO, BEN), (MASSAGE, BEN), (SPEECH, ANA), (COLOUR, ANA), (COLOUR, BEN))
MINUTE = timedelta(minutes=1)
# How often each is done.
WEIGHTS = {
    "start": 4,
    "hold": 12,
    "renew": 3,
    "release": 1,
    "name": 3,
    "confirm": 7,
    "confirm_again": 2,
    "park": 1,
    "resume": 2,
    "discard": 1,
    "cancel": 2,
    "reopen": 2,
    "move": 4,
    "move_again": 1,
    "swap": 3,
    "sweep": 1,
    "wait": 3,
    "wait_for_an_end": 2,
    "come_late": 4,
    "linger": 1,
}


@dataclass(frozen=True)
class Step:
    """What is done next; `n` says with which session, `m` at which desk and `v` with which version of it.

    The program dies before statement `crash`, or with -1 after the last and before the commit.
    """

    what: str
    n: int
    m: int
    v: int
    crash: int | None
    patient: UUID | None
    slot: int
    lines: tuple[tuple[int, int, int], ...]  # service and practitioner, slots between, visitor


def step_of(seed: int) -> Step:
    """The step that a number stands for; drawn field by field, most would be of the simplest kind."""
    chance = random.Random(seed)  # noqa: S311 - a test
    lines = tuple(
        (chance.randrange(len(WAYS)), chance.choice((0, 0, 0, 0, 0, 1, -3)), chance.choice((0, 0, 0, 1)))
        for _ in range(chance.choice((1, 1, 2, 2, 3)))
    )
    return Step(
        what=chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0],
        n=chance.randrange(64),
        m=chance.randrange(64),
        v=chance.randrange(64),
        crash=chance.choice((None,) * 60 + tuple(range(-1, 25))),
        patient=chance.choice((None, None, *PATIENTS)),
        slot=chance.choice((0, 0, 1, 2, 3, 4, 5, 6, 16, 16, 17, 18, 19, 20, 12, -1)),
        lines=lines,
    )


def furnish(work: UnitOfWork) -> TestClinic:
    """The small clinic, with a service that has a processing gap and needs the one laser."""
    made = clinics.make(work, ACTORS[0])
    laser = setup.NewResource(LASER, "equipment", "Laser", equipment_kind="laser")
    colour = setup.NewService(
        COLOUR,
        "COL",
        "Colour",
        LENGTHS[COLOUR],
        equipment_kind="laser",
        buffer_before_min=5,
        buffer_after_min=5,
        away=(15, 45),
        performers={ANA: None, BEN: None},
    )
    work.write(lambda s: setup.add_resources(s, CLINIC, [laser], 10))
    work.write(lambda s: setup.add_services(s, CLINIC, [colour], 10))
    return made
