"""However far somebody scrolls, the rows known are those of the whole list, in their places at both ends."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from clinic_scheduler.services.listing.lines import Line, Part, Visit
from clinic_scheduler.services.listing.statements import Key
from clinic_scheduler.ui.bookings import model as model_module
from clinic_scheduler.ui.bookings.model import BookingsModel
from clinic_scheduler.ui.bookings.rows import flattened

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001  (local wall time, as lines have it)


def part(number, day, position=0):
    start = NOON + timedelta(days=day, minutes=number)
    return Part(
        UUID(int=number * 10 + position),
        1,
        "S",
        "P",
        "",
        start.date(),
        start,
        start,
        "confirmed",
        "",
        False,
        0,
        "",
        True,
    )


def line(number, day, parts):
    visit = Visit(UUID(int=number + 1), "R", "N", False, "", "", "phone", "paid", 0, NOON, "")
    made = tuple(part(number, day, position) for position in range(parts))
    return Line(Key(0, NOON, made[0].id), visit, made[0], made, None)


LINES = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), min_size=30, max_size=60)
STEPS = st.lists(st.sampled_from(["on", "back", "toggle"]), max_size=30)


@given(LINES, STEPS, st.integers(0, 29), st.booleans())
def test_pages_put_together_are_the_whole_list(days, steps, first, by_day):
    day, whole = 0, []
    for number, (gap, parts) in enumerate(days):
        day += gap
        whole.append(line(number, day, parts))
    model = BookingsModel("EUR")
    model.by_day = by_day
    low, high = first, min(first + 5, len(whole))
    model.show_lines(whole[low:high], 50, 70)
    for step in steps:
        if step == "on" and high < len(whole):
            page = whole[high : high + 5]
            high += len(page)
            model.append(page, has_more=high < len(whole))
        elif step == "back" and low > 0:
            page = whole[max(0, low - 5) : low]
            low -= len(page)
            kept = model.row(model.end - 1)
            place, end = model.end - 1, model.rowCount()
            moved = model.prepend(page, has_more=low > 0)
            assert model.row(place + moved) == kept
            assert model.rowCount() == end + moved
            assert low > 0 or model.before == 0
        elif step == "toggle":
            for number in range(model.before, model.end):
                if getattr(model.row(number), "can_open", False):
                    model.toggle(number)
                    break
        known = [model.row(number) for number in range(model.before, model.end)]
        assert known == flattened(whole[low:high], model.opened, by_day=by_day)
        assert model.rowCount() == model.end + model.after


def test_what_is_far_away_is_forgotten(monkeypatch):
    monkeypatch.setattr(model_module, "MOST_KNOWN", 40)
    model = BookingsModel("EUR")
    whole = [line(number, number // 5, 1) for number in range(200)]
    model.show_lines(whole[:10], 0, 500)
    for at in range(10, 200, 10):
        model.append(whole[at : at + 10], has_more=at < 190)
        assert len(model.lines) <= 50
        assert model.lines[-1] is whole[at + 9]
    count = model.rowCount()
    assert model.before > 100
    while model.lines[0] is not whole[0]:
        start = whole.index(model.lines[0])
        count += model.prepend(whole[max(0, start - 10) : start], has_more=start > 10)
        assert len(model.lines) <= 60
    assert model.before == 0
