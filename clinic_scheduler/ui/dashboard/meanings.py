"""What the figures of visits mean."""

from typing import Final

from clinic_scheduler.ui.command_table import QT_TRANSLATE_NOOP

from .definition import Chapter, Definition

VISITS: Final = (
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Now"),
        (
            Definition(
                "today",
                QT_TRANSLATE_NOOP("figures", "Today"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments of today, the clinic's local day, that were not cancelled, whatever period is "
                    "chosen.",
                ),
            ),
            Definition(
                "upcoming",
                QT_TRANSLATE_NOOP("figures", "Upcoming"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Pending and confirmed appointments that begin later than now, on any day, whatever period is "
                    "chosen.",
                ),
            ),
            Definition(
                "plans_running",
                QT_TRANSLATE_NOOP("figures", "Active plans"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Treatment plans that are active and not done at this moment, whenever they began. Paused ones "
                    "do not count.",
                ),
            ),
        ),
    ),
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Appointments"),
        (
            Definition(
                "total",
                QT_TRANSLATE_NOOP("figures", "Total"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "All appointments whose local day lies in the period, whatever became of them, cancelled ones "
                    "too. A visit of three services counts three times.",
                ),
            ),
            Definition(
                "standing",
                QT_TRANSLATE_NOOP("figures", "Not cancelled"),
                QT_TRANSLATE_NOOP(
                    "figures", "The total without the cancelled appointments; no-shows are part of it."
                ),
            ),
            Definition(
                "completed",
                QT_TRANSLATE_NOOP("figures", "Completed"),
                QT_TRANSLATE_NOOP("figures", "Appointments of the period whose status is completed."),
            ),
            Definition(
                "no_shows",
                QT_TRANSLATE_NOOP("figures", "No-shows"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments of the period whose status is no-show. The rate is their share of all that were "
                    "not cancelled, those still to come included.",
                ),
            ),
            Definition(
                "cancelled",
                QT_TRANSLATE_NOOP("figures", "Cancelled"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments of the period that were cancelled, on whatever day that was done. The rate is their "
                    "share of the total.",
                ),
            ),
            Definition(
                "late",
                QT_TRANSLATE_NOOP("figures", "Cancelled late"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Cancelled appointments of which the clinic heard with less notice than its policy asks for. The "
                    "rate is their share of the cancelled.",
                ),
            ),
            Definition(
                "worth_completed",
                QT_TRANSLATE_NOOP("figures", "Value completed"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "The agreed prices of the completed appointments, in the clinic's currency; what was paid may "
                    "differ.",
                ),
            ),
            Definition(
                "worth_missed",
                QT_TRANSLATE_NOOP("figures", "Value missed"),
                QT_TRANSLATE_NOOP("figures", "The agreed prices of the no-shows, in the clinic's currency."),
            ),
            Definition(
                "by_day",
                QT_TRANSLATE_NOOP("figures", "Over time"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by local day; beyond 45 days added up by week, beyond 200 by month. "
                    "The hatched part are no-shows.",
                ),
            ),
            Definition(
                "by_status",
                QT_TRANSLATE_NOOP("figures", "By status"),
                QT_TRANSLATE_NOOP("figures", "All appointments of the period by the status they have now."),
            ),
            Definition(
                "by_practitioner",
                QT_TRANSLATE_NOOP("figures", "By practitioner"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by who performs them. The hatched part are no-shows; the rate is "
                    "theirs.",
                ),
            ),
            Definition(
                "by_service",
                QT_TRANSLATE_NOOP("figures", "By service"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by service. The hatched part are no-shows; the rate is theirs.",
                ),
            ),
            Definition(
                "by_source",
                QT_TRANSLATE_NOOP("figures", "By source"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by where their booking came from. The hatched part are no-shows; the "
                    "rate is theirs.",
                ),
            ),
            Definition(
                "by_weekday",
                QT_TRANSLATE_NOOP("figures", "By weekday"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by the weekday of their local day. The hatched part are no-shows; the "
                    "rate is theirs.",
                ),
            ),
            Definition(
                "by_lead",
                QT_TRANSLATE_NOOP("figures", "By lead time"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Appointments not cancelled by how long before their present start the booking was made, in "
                    "elapsed hours. Not known where no time was told or the booking was entered afterwards, as with "
                    "imports. The hatched part are no-shows; the rate is theirs.",
                ),
            ),
        ),
    ),
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Utilisation"),
        (
            Definition(
                "use_practitioners",
                QT_TRANSLATE_NOOP("figures", "Practitioners"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Booked minutes as a share of open minutes. Booked are the appointments of the period that were "
                    "neither cancelled nor missed, without buffers and without the gap in which the practitioner is "
                    "free. Open are the working hours without breaks, time off and closures, for each place of the "
                    "capacity. Above 100 % where visits lie outside the hours or beside each other.",
                ),
            ),
            Definition(
                "use_rooms",
                QT_TRANSLATE_NOOP("figures", "Rooms"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "As for practitioners, gaps included. A room without hours of its own counts as open while at "
                    "least one practitioner is.",
                ),
            ),
        ),
    ),
)
