"""A small clinic for tests, and a hand on the database's clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from clinic_scheduler.db.types import EPOCH, MICROSECOND
from clinic_scheduler.db.work import UnitOfWork
from clinic_scheduler.services import localtime, setup
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.people import patients
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.services.wishes import AddOn, Part

CLINIC = UUID("01900000-0000-7000-8000-000000000001")
ANA, BEN = (UUID(f"01900000-0000-7000-8000-00000000010{n}") for n in (1, 2))
BLUE_ROOM, RED_ROOM = (UUID(f"01900000-0000-7000-8000-00000000020{n}") for n in (1, 2))
PHYSIO, MASSAGE, SPEECH, GAIT = (UUID(f"01900000-0000-7000-8000-00000000030{n}") for n in (1, 2, 3, 4))
EMMA, OLGA, JOSE = (UUID(f"01900000-0000-7000-8000-00000000040{n}") for n in (1, 2, 3))
TAPING, HEAT = AddOn(UUID(int=71), "Taping", 10, 1200), AddOn(UUID(int=72), "Heat pack", 15, 900)
ZONE = localtime.zone("Europe/Berlin")
NINE_TO_FIVE = setup.week(9 * 60, 17 * 60, lunch=(12 * 60, 13 * 60))


@dataclass(frozen=True, slots=True)
class TestClinic:
    """The first Monday that lies wholly ahead of the database's clock."""

    __test__ = False
    id: UUID
    monday: date

    def at(self, wall: str, *, days: int = 0) -> datetime:
        """The instant of "14:10" on that Monday, or so many days later."""
        hour, minute = wall.split(":")
        return localtime.at_minute(self.monday + timedelta(days=days), int(hour) * 60 + int(minute), ZONE)

    def part(
        self, wall: str, who: UUID = ANA, service: UUID = PHYSIO, *, minutes: int = 45, days: int = 0
    ) -> Part:
        """A part of a visit as the time page would pick it; massage needs the blue room here."""
        start = self.at(wall, days=days)
        room = BLUE_ROOM if service == MASSAGE else None
        return Part(service, who, room, start, start + timedelta(minutes=minutes), 5000)


def make(work: UnitOfWork, actor: Actor) -> TestClinic:
    """Create the clinic that the constants above name."""
    resources = (
        setup.NewResource(ANA, "practitioner", "Ana Silva", "Physiotherapy", hue=0, hours=NINE_TO_FIVE),
        setup.NewResource(BEN, "practitioner", "Ben Okafor", "Massage", hue=1, hours=NINE_TO_FIVE),
        setup.NewResource(BLUE_ROOM, "room", "Blue room", room_kind="treatment"),
        setup.NewResource(RED_ROOM, "room", "Red room", room_kind="treatment"),
    )
    both = {ANA: None, BEN: None}
    services = (
        setup.NewService(PHYSIO, "PHY", "Physiotherapy", 45, 5000, performers=both, hue=0),
        setup.NewService(
            MASSAGE,
            "MAS",
            "Back massage",
            30,
            4000,
            room_kind="treatment",
            performers={BEN: None},
            buffer_after_min=10,
            hue=1,
        ),
        setup.NewService(SPEECH, "SPE", "Speech session", 45, 6000, performers={ANA: 60}, hue=2),
        setup.NewService(
            GAIT,
            "GAI",
            "Gait analysis",
            60,
            8000,
            performers={ANA: None},
            sessions=8,
            gap=setup.Gap(5, 7, 14),
        ),
    )
    made = setup.NewClinic(CLINIC, "Test clinic", "Europe/Berlin", "DE", "EUR", resources, services)
    people = [
        PatientLine(EMMA, "Emma Müller", "+493012345678", "emma@example.org", date(1980, 5, 1), ""),
        PatientLine(OLGA, "Olga Petrova", "+493012345679", "", None, ""),
        PatientLine(
            JOSE, "José García-López", "", "jose@example.org", date(1955, 2, 28), "Allergic to latex"
        ),
    ]

    def everything(session: Session) -> None:
        setup.create_clinic(session, actor=actor, clinic=made)
        patients.write(session, CLINIC, people)

    work.write(everything)
    today = datetime.now(UTC).date()
    return TestClinic(CLINIC, today + timedelta(days=7 - today.weekday()))


def shift_clock(work: UnitOfWork, by: timedelta) -> None:
    """Let the database's clock run `by` ahead of the machine's."""
    microseconds = by // timedelta(microseconds=1)
    with work.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            moved = f"SELECT clock_timestamp() + interval '{microseconds} microseconds'"
            start = "CREATE OR REPLACE FUNCTION clinic_clock() RETURNS timestamptz LANGUAGE sql VOLATILE"
            connection.execute(text(f"{start} AS $$ {moved} $$"))
            return
        second = "CAST(strftime('%s','now') AS INTEGER) * 1000000"
        now = f"{second} + CAST(substr(strftime('%f','now'), 4) AS INTEGER) * 1000"
        connection.exec_driver_sql("DROP VIEW clock")
        connection.exec_driver_sql(f"CREATE VIEW clock AS SELECT {now} + {microseconds} AS now")


def stop_clock(work: UnitOfWork, at: datetime) -> None:
    """Let the database's clock stand, as it seems to within one of its ticks."""
    with work.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            stands = f"$$ SELECT '{at.isoformat()}'::timestamptz $$"
            start = "CREATE OR REPLACE FUNCTION clinic_clock() RETURNS timestamptz LANGUAGE sql VOLATILE"
            connection.execute(text(f"{start} AS {stands}"))
            return
        connection.exec_driver_sql("DROP VIEW clock")
        connection.exec_driver_sql(f"CREATE VIEW clock AS SELECT {(at - EPOCH) // MICROSECOND} AS now")
