"""What the time page reads in the background: the answers to a question, or what is free near a lost time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from clinic_scheduler.services.localtime import MINUTE
from clinic_scheduler.services.offers import availability
from clinic_scheduler.services.wishes import Opening
from clinic_scheduler.ui.booking import answers
from clinic_scheduler.ui.booking.answers import Answer, Question
from clinic_scheduler.ui.booking.draft import Draft
from clinic_scheduler.ui.booking.filters import Filters
from clinic_scheduler.ui.booking.lost import Lost


def wished_start(draft: Draft) -> datetime | None:
    """The start that was asked for, if there is one."""
    try:
        return datetime.fromisoformat(draft.typed.get("at", ""))
    except ValueError:
        return None


def question(draft: Draft, filters: Filters) -> Question:
    """What suits this booking, as far as it was chosen."""
    chosen = draft.choices
    return Question(
        chosen.wishes,
        filters.first,
        filters.half,
        filters.weekdays,
        wished_start(draft),
        chosen.is_walk_in,
    )


def of(draft: Draft, asked: Question) -> Callable[[Any], Answer]:
    """The read that answers the question for this booking."""
    clinic = draft.catalogue.clinic
    return partial(
        answers.find,
        clinic_id=clinic.id,
        where=clinic.where,
        question=asked,
        session_id=draft.id,
        patient_id=draft.patient_id,
        diaries=draft.diaries,
    )


def with_held(draft: Draft, answer: Answer) -> tuple[Opening, ...]:
    """The answers, headed by what is held where they leave it out."""
    held = draft.picked
    is_shown = any(one.parts == held for one in answer.openings)
    if is_shown or draft.has_lapsed or not draft.is_time_chosen:
        return answer.openings
    waits = [
        after.start - before.end for before, after in pairwise(sorted(held, key=lambda part: part.start))
    ]
    waiting = sum((max(wait, timedelta()) for wait in waits), timedelta())
    return Opening(held, waiting // MINUTE), *answer.openings


def near(draft: Draft, lost: Lost) -> Callable[[Any], tuple[Opening, ...]]:
    """The read that finds what this booking could have instead, the best first."""
    return partial(
        availability.nearest,
        clinic_id=draft.catalogue.clinic.id,
        parts=lost.parts,
        session_id=draft.id,
        patient_id=draft.patient_id,
        is_walk_in=draft.choices.is_walk_in,
        diaries=draft.diaries,
    )
