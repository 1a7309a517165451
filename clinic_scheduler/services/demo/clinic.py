"""The demo clinic itself: its people, rooms, services, hours, and the days that are different."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinic_scheduler.db import tables as t
from clinic_scheduler.db.states import PlanStrategy, ResourceKind
from clinic_scheduler.services import localtime
from clinic_scheduler.services.catalogue import Catalogue
from clinic_scheduler.services.setup import Gap, Hours, NewClinic, NewResource, NewService, week
from clinic_scheduler.services.wishes import AddOn

NAME, ZONE, COUNTRY, CURRENCY = "Riverside Clinic", "Europe/Berlin", "DE", "EUR"
HOUR = 60
PHYSIO_COURSE, IMPLANT = "PHC", "IMP"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A practitioner of the demo; the order gives the hue."""

    code: str
    name: str
    role: str
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of the demo; `by` maps practitioners' codes to their own minutes, `often` weighs the draw.

    Services with several sessions are drawn by the plans only.
    """

    code: str
    name: str
    minutes: int
    cents: int
    hue: int
    by: Mapping[str, int | None]
    often: int = 0
    room_kind: str = ""
    after_min: int = 0
    before_min: int = 0
    sessions: int = 1
    strategy: str = PlanStrategy.SEQUENTIAL
    gap: Gap | None = field(default=None)
    extras: tuple[tuple[str, int, int], ...] = ()


COLLEAGUES = (
    Colleague("AS", "Ana Silva", "Physiotherapy", week(480, 1020, lunch=(750, 810))),
    Colleague("BO", "Ben Okafor", "Osteopathy", week(510, 1050, lunch=(720, 780))),
    Colleague(
        "CM",
        "Chloé Martin",
        "Massage",
        week(480, 990, lunch=(720, 780)) + week(9 * HOUR, 13 * HOUR, weekdays=(5,)),
    ),
    Colleague("MK", "Dr Mehmet Kaya", "Dentistry", week(480, 1020, lunch=(750, 810))),
    Colleague(
        "ED",
        "Elif Demir",
        "Dental hygiene",
        week(9 * HOUR, 15 * HOUR, weekdays=(0, 1, 3, 4), lunch=(750, 780)),
    ),
    Colleague("FH", "Farah Haddad", "Speech therapy", week(510, 1020, lunch=(765, 825))),
)
ROOMS = (("Treatment 1", "treatment"), ("Treatment 2", "treatment"), ("Dental chair", "dental"))
# Add-ons with their minutes and cents.
TAPING, HEAT, FLUORIDE = ("Taping", 10, 12_00), ("Heat pack", 15, 9_00), ("Fluoride", 10, 25_00)
STONES, OIL = ("Hot stones", 15, 18_00), ("Aroma oil", 0, 5_00)
# Only what cannot do without one asks for a room, else three rooms would not carry six practitioners.
OFFERS = (
    Offer(
        "PHY",
        "Physiotherapy",
        45,
        48_00,
        0,
        {"AS": None, "BO": 50},
        often=4,
        extras=(TAPING, HEAT),
    ),
    Offer("GAI", "Gait analysis", 60, 72_00, 0, {"AS": None}, often=1),
    Offer(
        PHYSIO_COURSE,
        "Physiotherapy course",
        45,
        45_00,
        0,
        {"AS": None, "BO": 50},
        sessions=8,
        gap=Gap(5, 7, 14),
    ),
    Offer("OSF", "Osteopathy, first visit", 60, 85_00, 1, {"BO": None}, often=2, room_kind="treatment"),
    Offer("OST", "Osteopathy", 50, 68_00, 1, {"BO": None}, often=5, room_kind="treatment"),
    Offer(
        "BMA",
        "Back massage",
        30,
        35_00,
        2,
        {"CM": None, "BO": 35},
        often=4,
        room_kind="treatment",
        extras=(STONES, OIL),
    ),
    Offer(
        "DTI", "Deep tissue massage", 60, 62_00, 2, {"CM": None}, often=3, room_kind="treatment", after_min=10
    ),
    Offer("CHK", "Dental check-up", 30, 55_00, 3, {"MK": None}, often=4, room_kind="dental"),
    Offer("FIL", "Filling", 45, 115_00, 3, {"MK": None}, often=3, room_kind="dental", after_min=5),
    Offer(
        IMPLANT,
        "Dental implant",
        90,
        890_00,
        3,
        {"MK": None},
        room_kind="dental",
        before_min=5,
        after_min=10,
        sessions=3,
        strategy=PlanStrategy.IMMEDIATE,
        gap=Gap(14, 21, 30),
    ),
    Offer(
        "CLE",
        "Dental cleaning",
        45,
        92_00,
        4,
        {"ED": None, "MK": 40},
        often=3,
        extras=(FLUORIDE,),
    ),
    Offer("WHI", "Whitening", 60, 240_00, 4, {"ED": None}, often=1, after_min=5),
    Offer("ASS", "Speech assessment", 60, 95_00, 5, {"FH": None}, often=1),
    Offer("SPE", "Speech session", 45, 56_00, 5, {"FH": None}, often=5),
)
OFTEN = {offer.code: offer.often for offer in OFFERS}


def blueprint(clinic_id: UUID, new_id: Callable[[], UUID]) -> NewClinic:
    """The clinic as the set-up makes it."""
    colleagues = {c.code: new_id() for c in COLLEAGUES}
    resources = [
        NewResource(
            colleagues[c.code], ResourceKind.PRACTITIONER, c.name, c.role, c.code, hue=hue, hours=c.hours
        )
        for hue, c in enumerate(COLLEAGUES)
    ] + [NewResource(new_id(), ResourceKind.ROOM, name, room_kind=kind) for name, kind in ROOMS]
    services = [_service(offer, new_id, colleagues) for offer in OFFERS]
    return NewClinic(
        clinic_id, NAME, ZONE, COUNTRY, CURRENCY, tuple(resources), tuple(services), is_demo=True
    )


def _service(offer: Offer, new_id: Callable[[], UUID], colleagues: Mapping[str, UUID]) -> NewService:
    return NewService(
        new_id(),
        offer.code,
        offer.name,
        offer.minutes,
        offer.cents,
        category=COLLEAGUES[offer.hue].role,
        buffer_before_min=offer.before_min,
        buffer_after_min=offer.after_min,
        room_kind=offer.room_kind,
        hue=offer.hue,
        sessions=offer.sessions,
        strategy=offer.strategy,
        gap=offer.gap,
        performers={colleagues[code]: minutes for code, minutes in offer.by.items()},
        add_ons=tuple(AddOn(new_id(), *extra) for extra in offer.extras),
    )


def write_absences(session: Session, offered: Catalogue, today: date, new_id: Callable[[], UUID]) -> None:
    """Insert a public holiday, an afternoon off and a day with other hours, all ahead of `today`."""
    clinic, (_ana, ben, _chloe, kaya, *_rest) = offered.clinic, offered.practitioners
    holiday, course, congress = (_weekday(today, ahead) for ahead in (7, 3, 4))
    session.execute(
        insert(t.Closure).values(
            id=new_id(),
            clinic_id=clinic.id,
            start_at=localtime.midnight(holiday, clinic.where),
            end_at=localtime.midnight(holiday + timedelta(days=1), clinic.where),
            reason="Public holiday",
        )
    )
    session.execute(
        insert(t.TimeOff).values(
            id=new_id(),
            resource_id=ben.id,
            start_at=localtime.at_minute(course, 13 * HOUR, clinic.where),
            end_at=localtime.at_minute(course, 18 * HOUR, clinic.where),
            reason="Training course",
        )
    )
    session.execute(
        insert(t.HoursException).values(
            id=new_id(),
            resource_id=kaya.id,
            day=congress,
            start_min=11 * HOUR,
            end_min=16 * HOUR,
            reason="Congress in the morning",
        )
    )


def _weekday(today: date, ahead: int) -> date:
    """The `ahead`-th day from Monday to Friday after `today`."""
    day = today
    while ahead:
        day += timedelta(days=1)
        ahead -= day.weekday() < 5
    return day
