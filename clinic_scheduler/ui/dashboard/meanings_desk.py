"""What the figures of unfinished bookings, treatment plans and the waitlist mean."""

from typing import Final

from clinic_scheduler.ui.command_table import QT_TRANSLATE_NOOP

from .definition import Chapter, Definition

DESK: Final = (
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Bookings begun"),
        (
            Definition(
                "sessions_begun",
                QT_TRANSLATE_NOOP("figures", "Begun"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Unfinished bookings that were begun on the days of the period, whatever happened later. "
                    "User and workstation are those who had one last; it is a patient's where it was for "
                    "somebody on record when last saved, else a guest's, also where nobody was named. "
                    "What holds a time offered from the waitlist does not count.",
                ),
            ),
            Definition(
                "conversion",
                QT_TRANSLATE_NOOP("figures", "Conversion"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "The share that became bookings, of those that have ended; unfinished ones say nothing "
                    "yet.",
                ),
            ),
            Definition(
                "outcomes",
                QT_TRANSLATE_NOOP("figures", "What became of them"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Converted: became a booking. Discarded: thrown away. Expired: left until its time was "
                    "over. Abandoned: a newer one of the same patient took over. Open or parked: not finished"
                    " yet.",
                ),
            ),
            Definition(
                "left_at",
                QT_TRANSLATE_NOOP("figures", "Left at"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Those that ended in another way than converted, by the step they had reached.",
                ),
            ),
            Definition(
                "by_kind",
                QT_TRANSLATE_NOOP("figures", "By kind"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Bookings begun for patients on record and for guests; the rate is their conversion.",
                ),
            ),
            Definition(
                "by_user",
                QT_TRANSLATE_NOOP("figures", "By user"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Bookings begun by who had them last; the rate is their conversion.",
                ),
            ),
            Definition(
                "by_workstation",
                QT_TRANSLATE_NOOP("figures", "By workstation"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Bookings begun by the workstation that had them last; the rate is their conversion.",
                ),
            ),
            Definition(
                "holds",
                QT_TRANSLATE_NOOP("figures", "Holds"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "One hold is one pick of a visit with all its parts. Converted: booked. Released: given "
                    "back while it lived. Lapsed: it ran out first. What is none of these is still held, or "
                    "lapsed and not swept yet. They count on the day on which their booking was begun.",
                ),
            ),
        ),
    ),
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Treatment plans"),
        (
            Definition(
                "plans_begun",
                QT_TRANSLATE_NOOP("figures", "Begun plans"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Treatment plans that were made on the days of the period; drafts do not count.",
                ),
            ),
            Definition(
                "completion",
                QT_TRANSLATE_NOOP("figures", "Completion"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "The share of the completed, of those begun plans that are completed, lapsed or "
                    "cancelled. A plan is completed also when each of its sessions was, those skipped or "
                    "cancelled left out.",
                ),
            ),
            Definition(
                "lapsed",
                QT_TRANSLATE_NOOP("figures", "Lapsed"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Begun plans that have lapsed.",
                ),
            ),
            Definition(
                "sessions_each",
                QT_TRANSLATE_NOOP("figures", "Sessions per plan"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Completed sessions of the begun plans, divided by how many plans there are. A session "
                    "stands where its appointment stands; only without one its own word counts.",
                ),
            ),
            Definition(
                "plan_standings",
                QT_TRANSLATE_NOOP("figures", "Begun plans by standing"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Begun plans by where they stand now, as their appointments tell.",
                ),
            ),
            Definition(
                "by_strategy",
                QT_TRANSLATE_NOOP("figures", "By strategy"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Completed sessions of the begun plans by strategy; the hatched part are missed ones. "
                    "Beside them the sessions per plan.",
                ),
            ),
        ),
    ),
    Chapter(
        QT_TRANSLATE_NOOP("figures", "Waitlist"),
        (
            Definition(
                "wishes",
                QT_TRANSLATE_NOOP("figures", "Wishes"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Wishes that were written down on the days of the period, by what became of them.",
                ),
            ),
            Definition(
                "fill_rate",
                QT_TRANSLATE_NOOP("figures", "Fill rate"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "The share of the booked, of those wishes that have ended: booked, declined, expired or "
                    "withdrawn.",
                ),
            ),
            Definition(
                "offers",
                QT_TRANSLATE_NOOP("figures", "Offers"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "Offers made on the days of the period, by what became of them.",
                ),
            ),
            Definition(
                "accepted_rate",
                QT_TRANSLATE_NOOP("figures", "Accepted offers"),
                QT_TRANSLATE_NOOP(
                    "figures",
                    "The share of the accepted, of those offers that have ended.",
                ),
            ),
        ),
    ),
)
