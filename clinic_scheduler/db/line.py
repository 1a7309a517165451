"""Several statements on one trip to a PostgreSQL server, by libpq's pipeline.

psycopg's own pipeline sends each statement by itself, through a cursor, and takes as long for it as the server does.
Here all go in one piece. psycopg still adapts the values, knows what is prepared, waits for the socket and makes the
errors. What is used of its inner parts, `tests/db/test_line.py` tries with every new version.
"""

from collections.abc import Generator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

Row = tuple[Any, ...]
Asked = tuple[str, Row]  # a statement with $1 and so on, and the values for them
KEPT_AS = "clinic line"
# An attribute of errors: whether the server told it before it began the last statement.
BEFORE_THE_LAST = "clinic_before_the_last"


class _Query(NamedTuple):
    """A statement as psycopg keeps account of it; types are their numbers in PostgreSQL."""

    query: bytes
    types: tuple[int, ...]


class _Sent(NamedTuple):
    """A statement and its values as they are sent."""

    query: _Query
    values: Sequence[Any]
    formats: Any
    prepare: Any
    name: bytes


def of(connection: Connection) -> "Line":
    """The line under a connection; both last as long as the driver's."""
    found: Line | None = connection.info.get(KEPT_AS)
    if found is None:
        found = connection.info[KEPT_AS] = Line(connection.connection.driver_connection)
    return found


class Line:
    """A connection of psycopg."""

    def __init__(self, driver: Any) -> None:  # noqa: ANN401 - psycopg is imported only where there is a server
        from psycopg import _preparing, adapt, errors, generators, pq  # noqa: PLC0415

        self._driver, self._pgconn, self._prepared = driver, driver.pgconn, driver._prepared  # noqa: SLF001
        self._made, self._as_it_likes = adapt.Transformer(driver), adapt.PyFormat.AUTO
        self._send, self._fetch = generators.send, generators.fetch_many
        self._error, self._any_error = errors.error_from_result, errors.Error
        self._idle, self._open = pq.TransactionStatus.IDLE, pq.TransactionStatus.INTRANS
        self._failed = pq.ExecStatus.FATAL_ERROR
        self._never, self._now = _preparing.Prepare.NO, _preparing.Prepare.SHOULD

    def trip(self, asked: Sequence[Asked]) -> list[list[Row]]:
        """What each statement returns. A transaction is begun before them where there is none.

        Raises:
            psycopg.Error: of the first that failed; those after it were not run.
        """
        with self._driver.lock:
            adapted, answers = [self._adapted(*one) for one in asked], list[Any]()
            try:
                self._pgconn.enter_pipeline_mode()
                places = self._put(adapted)
                self._driver.wait(self._talk(answers, places[-1] + 1))
                self._pgconn.exit_pipeline_mode()
            except BaseException as error:  # nobody knows what is still to come on this line
                self._driver.close()
                if isinstance(error, self._any_error):
                    self._look_through(answers, places[-1])  # a server that hangs up says why before
                raise
            self._look_through(answers, places[-1])
            return [self._rows(one, answers[place]) for one, place in zip(adapted, places, strict=True)]

    def roll_back(self) -> None:
        """Undo what was done since the begin, where nothing failed.

        psycopg's own rollback forgets every prepared statement, for one might have been about a table that is undone.
        """
        if self._pgconn.transaction_status != self._open:
            return
        with self._driver.lock, suppress(self._any_error):  # a broken line; psycopg's will say so
            self._driver.wait(self._driver._exec_command(b"ROLLBACK"))  # noqa: SLF001

    def _adapted(self, text: str, values: Row) -> _Sent:
        given = self._made.dump_sequence(values, [self._as_it_likes] * len(values))
        query = _Query(_encoded(text), self._made.types or ())
        return _Sent(query, given, self._made.formats, *self._prepared.get(query))

    def _put(self, adapted: Sequence[_Sent]) -> list[int]:
        """Hand all to libpq; of the answers to come, the place of each statement's own."""
        pgconn, places, count = self._pgconn, list[int](), 0
        if pgconn.transaction_status == self._idle and not self._driver.autocommit:
            pgconn.send_query_params(self._begin(), None)
            count += 1
        for query, values, formats, prepare, name in adapted:
            if prepare == self._never:
                pgconn.send_query_params(query.query, values, query.types, formats)
            else:
                if prepare == self._now:
                    pgconn.send_prepare(name, query.query, query.types)
                    count += 1
                pgconn.send_query_prepared(name, values, formats)
            places.append(count)
            count += 1
        pgconn.pipeline_sync()
        return places

    def _talk(self, answers: list[Any], count: int) -> Generator[Any, Any, None]:
        yield from self._send(self._pgconn)
        for _ in range(count):
            answers += (yield from self._fetch(self._pgconn))[-1:]
        yield from self._fetch(self._pgconn)  # the mark that all were told

    def _look_through(self, answers: Sequence[Any], last: int) -> None:
        """Raise what the first says that tells of a failure."""
        for place, answer in enumerate(answers):
            if answer.status == self._failed:
                self._forget_prepared()
                error = self._error(answer)
                setattr(error, BEFORE_THE_LAST, place < last)
                raise error

    def _forget_prepared(self) -> None:
        """As psycopg does with a rollback; where there is no transaction, none comes."""
        if self._driver.autocommit and not self._driver.closed:
            self._prepared.clear()
            self._driver.wait(self._prepared.maintain_gen(self._driver))

    def _rows(self, sent: _Sent, answer: Any) -> list[Row]:  # noqa: ANN401 - psycopg's
        new = self._prepared.maybe_add_to_cache(sent.query, sent.prepare, sent.name)
        if new is not None:
            self._prepared.validate(new, sent.prepare, sent.name, [answer])
        self._made.set_pgresult(answer)
        rows: list[Row] = self._made.load_rows(0, answer.ntuples, tuple)
        self._made.set_pgresult(None)  # else the driver would keep it until the next one
        return rows

    def _begin(self) -> bytes:
        """As psycopg begins a transaction."""
        level, is_read_only = self._driver.isolation_level, self._driver.read_only
        words = ["BEGIN"]
        if level is not None:
            words.append(f"ISOLATION LEVEL {level.name.replace('_', ' ')}")
        if is_read_only:
            words.append("READ ONLY")
        return " ".join(words).encode()


@lru_cache(256)
def _encoded(text: str) -> bytes:
    return text.encode()
