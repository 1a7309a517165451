"""The statement that reads whole diaries, in the words of each database.

The database itself turns instants into minutes or ticks of the span and days into their ordinals, gathers equal hours
of several weekdays, and hands over the claims of a lane as one line of numbers: ten thousand come as fast as fifty.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.types import TypeEngine

from clinic_scheduler.db.prepared import Prepared
from clinic_scheduler.db.types import Day, Id, Ids, Instant

SHIFT = 12  # of a claim's number: its start in ticks stands above so many bits, below is its length
NO_DAY = 4_000_000  # the ordinal of a day that never comes


class _Words(NamedTuple):
    """How a database says it; what stands in braces is a column."""

    wanted: str  # the resources asked for and their numbers, from 0
    join: str
    day: str
    minute: str
    minute_up: str
    tick: str
    tick_up: str
    microseconds: str
    gathered: str
    now: str


POSTGRESQL = _Words(
    # The ids stand in a subquery for the reason that `among` gives.
    wanted="(SELECT id, n - 1 AS n FROM unnest((SELECT CAST(:ids AS uuid[]))) WITH ORDINALITY AS u (id, n)) AS w",
    join="JOIN",
    day="({} - DATE '0001-01-01' + 1)",
    minute="CAST(floor(date_part('epoch', {} - :start) / 60) AS bigint)",
    minute_up="CAST(ceil(date_part('epoch', {} - :start) / 60) AS bigint)",
    tick="greatest(CAST(floor(date_part('epoch', {} - :start) / :size) AS bigint), 0)",
    tick_up="CAST(ceil(date_part('epoch', {} - :start) / :size) AS bigint)",
    microseconds="CAST(extract(epoch FROM {}) * 1000000 AS bigint)",
    gathered="string_agg(CAST({} AS text), ' ')",
    now="clinic_clock()",
)
SQLITE = _Words(
    wanted="(SELECT value AS id, key AS n FROM json_each(:ids)) AS w",
    join="CROSS JOIN",  # which keeps the order: from the few resources to their many claims
    day="(CAST(julianday({}) + 0.5 AS integer) - 1721425)",
    minute="(max({} - :start, 0) / 60000000)",
    minute_up="(({} - :start + 59999999) / 60000000)",
    tick="(max({} - :start, 0) / (:size * 1000000))",
    tick_up="(({} - :start + :size * 1000000 - 1) / (:size * 1000000))",
    microseconds="{}",
    gathered="group_concat({}, ' ')",
    now="(SELECT now FROM clock)",
)


@lru_cache(maxsize=4)
def statement(dialect: str, *, has_claims: bool) -> Prepared:
    """The statement for these parameters: ids, clinic, start, end, before, last; for claims low and size too.

    Each row is (what, n, eight numbers, who, words); n counts the ids from 0, and -1 stands for all of them.
    """
    words = POSTGRESQL if dialect == "postgresql" else SQLITE
    asked = text(_hours(words) + (_claims(words) if has_claims else ""))
    types: dict[str, TypeEngine[Any]] = {"ids": Ids(), "clinic": Id(), "start": Instant(), "end": Instant()}
    types |= {"before": Day(), "last": Day()} | ({"low": Instant()} if has_claims else {})
    return Prepared(asked.bindparams(*(bindparam(name, type_=kind) for name, kind in types.items())))


def _hours(w: _Words) -> str:
    """Equal hours of several weekdays are one row."""
    times = f"{w.minute.format('s.start_at')}, {w.minute_up.format('s.end_at')}"
    has_none = "NOT EXISTS (SELECT 1 FROM working_hours h WHERE h.resource_id = r.id)"
    return f"""
SELECT 'resource' AS what, w.n, r.capacity AS a,
  CASE WHEN r.kind = 'patient' OR r.kind IN ('room', 'equipment') AND {has_none} THEN 1 ELSE 0 END AS b,
  CASE r.kind WHEN 'patient' THEN 1 ELSE 0 END AS c, 0 AS d, 0 AS e, 0 AS f, 0 AS g, 0 AS h, '' AS who, '' AS words
FROM {w.wanted} {w.join} resource r ON r.id = w.id
UNION ALL
SELECT 'hours', w.n, sum(DISTINCT 1 << CAST(h.weekday AS integer)), h.start_min, h.end_min,
  CAST(h.is_break AS integer), {w.day.format("h.valid_from")}, coalesce({w.day.format("h.valid_until")}, {NO_DAY}),
  h.every_weeks, h.week, '', h.label
FROM {w.wanted} {w.join} working_hours h ON h.resource_id = w.id
WHERE h.valid_from <= :last AND (h.valid_until IS NULL OR h.valid_until >= :before)
GROUP BY w.n, h.start_min, h.end_min, h.is_break, h.valid_from, h.valid_until, h.every_weeks, h.week, h.label
UNION ALL
SELECT 'special', w.n, {w.day.format("x.day")}, x.start_min, x.end_min, 0, 0, 0, 0, 0, '', x.reason
FROM {w.wanted} {w.join} hours_exception x ON x.resource_id = w.id WHERE x.day BETWEEN :before AND :last
UNION ALL
SELECT 'closure', -1, {times}, 0, 0, 0, 0, 0, 0, '', s.reason
FROM closure s WHERE s.clinic_id = :clinic AND s.end_at > :start AND s.start_at < :end
UNION ALL
SELECT 'time_off', w.n, {times}, 0, 0, 0, 0, 0, 0, '', s.reason
FROM {w.wanted} {w.join} time_off s ON s.resource_id = w.id WHERE s.end_at > :start AND s.start_at < :end"""  # noqa: S608 - only names are put in


def _claims(w: _Words) -> str:
    """The claims of a lane that end together, if ever, are one row: starts and lengths in one number each.

    That they end late enough is said so that no index takes it up, for the reason that `taking/overlaps.py` gives.
    """
    return f"""
UNION ALL
SELECT 'claims', k.n, k.lane, {w.microseconds.format("k.live_to")}, 0, 0, 0, 0, 0, 0, k.who,
  {w.gathered.format(f"(k.starts << {SHIFT}) + k.ends - k.starts")}
FROM (
  SELECT w.n, c.lane, c.live_to, CASE c.kind WHEN 'hold' THEN CAST(c.session_id AS text) ELSE '' END AS who,
    {w.tick.format("c.busy_from")} AS starts, {w.tick_up.format("c.busy_to")} AS ends
  FROM {w.wanted} {w.join} claim c ON c.resource_id = w.id
  WHERE c.busy_from < :end AND c.busy_from > :low AND (c.busy_to > :start) IS TRUE
    AND (c.live_to IS NULL OR c.live_to > {w.now})) AS k
GROUP BY k.n, k.lane, k.live_to, k.who
UNION ALL
SELECT 'now', -1, {w.microseconds.format(w.now)}, 0, 0, 0, 0, 0, 0, 0, '', ''"""  # noqa: S608 - only names are put in
