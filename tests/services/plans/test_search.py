"""The search finds what trying every day, person, weekday and time finds: for each aim, with fixed sessions too."""

from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_scheduler.services.plans.costs import Link
from clinic_scheduler.services.plans.search import Able, Aim, Question, Stage, best, blocked

COLUMNS, DAYS = 3, 17
PEOPLE = [UUID(int=n + 1) for n in range(3)]
FEW = settings(max_examples=150, deadline=None)


@st.composite
def links(draw, *, is_first=False):
    least = draw(st.integers(0 if is_first else 1, 6))
    ideal = draw(st.integers(least, 9))
    return Link(least, ideal, draw(st.integers(ideal, 11)))


@st.composite
def questions(draw):
    stages = []
    for number in range(draw(st.integers(1, 4))):
        able = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True))
        bits = st.sets(st.integers(0, COLUMNS * DAYS - 1), max_size=draw(st.sampled_from([4, 12, 40])))
        starts = {one: sum(1 << bit for bit in draw(bits)) for one in able}
        link = draw(links(is_first=number == 0))
        if number and draw(st.integers(0, 9)) == 0:
            link = link._replace(is_free=True)
        stages.append(Stage(tuple(Able(one, starts[one], draw(st.integers(1, 2))) for one in able), link))
    return Question(
        tuple(stages),
        DAYS,
        COLUMNS,
        draw(st.integers(0, 6)),
        draw(st.sampled_from(Aim)),
        few_people=draw(st.booleans()),
        usual=draw(st.none() | st.integers(0, COLUMNS - 1)),
    )


def all_plans(question):
    """Every choice of a start and a person for each session that keeps the gaps."""
    options = [
        [
            (divmod(bit, COLUMNS), one)
            for one in stage.able
            for bit in range(DAYS * COLUMNS)
            if one.starts >> bit & 1
        ]
        for stage in question.stages
    ]

    def extend(plan, cost, rest):
        if not rest:
            yield plan, cost
            return
        link = question.stages[len(plan)].link
        before = plan[-1][0][0] if plan else 0
        for option in rest[0]:
            gap = option[0][0] - before
            if link.is_free:
                yield from extend([*plan, option], cost, rest[1:])
            elif link.least <= gap <= link.most:
                yield from extend([*plan, option], cost + abs(gap - link.ideal), rest[1:])

    yield from extend([], 0, options)


def key(question, plan, cost):
    """What the aim says, told from the finished plan alone."""
    people = len({one.id for _at, one in plan})
    first = (people,) if question.few_people or question.aim is Aim.FEWEST else ()
    (day, column), last = plan[-1]
    if question.aim is Aim.EARLIEST:
        return (*first, day, column + last.length, cost)
    if question.aim is Aim.STEADIEST:
        times = [((at[0] + question.weekday) % 7, at[1]) for at, _one in plan]
        return (*first, len(times) - max(times.count(one) for one in times), cost, day)
    return (*first, cost, day)


def keeps_gaps(question, answer):
    days = [one.day for one in answer.chosen]
    return all(
        stage.link.is_free or stage.link.least <= day - before <= stage.link.most
        for stage, before, day in zip(question.stages, [0, *days], days, strict=False)
    )


@FEW
@given(questions())
def test_the_answer_is_the_best_of_all(question):
    tried = min((key(question, plan, cost) for plan, cost in all_plans(question)), default=None)
    answer = best(question)
    assert (answer.key if answer else None) == tried
    assert (blocked(question) is None) == (tried is not None)
    if answer:
        assert keeps_gaps(question, answer)
        able = [{one.id: one for one in stage.able} for stage in question.stages]
        for one, of in zip(answer.chosen, able, strict=True):
            assert of[one.practitioner_id].starts >> one.day * COLUMNS + one.column & 1
        plan = [
            ((one.day, one.column), of[one.practitioner_id])
            for one, of in zip(answer.chosen, able, strict=True)
        ]
        assert key(question, plan, answer.cost) == tried


@FEW
@given(questions())
def test_a_blocked_session_is_the_first_that_no_day_is_left_for(question):
    number = blocked(question)
    if number is not None:
        upto = [
            Question(question.stages[:count], DAYS, COLUMNS, question.weekday)
            for count in (number, number + 1)
        ]
        assert not number or next(all_plans(upto[0]), None)
        assert next(all_plans(upto[1]), None) is None


def test_a_year_and_its_end_are_nothing_special():
    every_day = Able(PEOPLE[0], sum(1 << day * 2 for day in range(400)))
    stages = tuple(Stage((every_day,), Link(*gap)) for gap in product([0], [0], [5])) + tuple(
        Stage((every_day,), Link(20, 30, 40)) for _ in range(12)
    )
    answer = best(Question(stages, 400, 2))
    assert [one.day for one in answer.chosen] == [30 * n for n in range(13)]
