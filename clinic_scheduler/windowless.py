"""Commands that need no window: import, import-people, upgrade, upkeep, check. Each returns the program's exit code."""

import argparse
import sys
from functools import partial
from typing import Any

from clinic_scheduler import config, opening
from clinic_scheduler.db.engine import MIGRATION_LIMITS, UPKEEP_LIMITS
from clinic_scheduler.db.ids import new_id
from clinic_scheduler.errors import ImportRefused
from clinic_scheduler.secrets import Secrets
from clinic_scheduler.services import audit, importer, integrity
from clinic_scheduler.services.people import people_file, people_import
from clinic_scheduler.services.upkeep import sweep

OK, REFUSED = 0, 1
BAR = 32


def import_book(args: argparse.Namespace) -> int:
    """Bring an old appointment book into the database, whole or not at all."""
    if args.report is not None:
        importer.check_report_path(args.report)
    show = partial(_progress, is_shown=sys.stderr.isatty())
    mapping = importer.load_mapping(args.mapping)
    book = importer.read_book(mapping, args.source, show)
    work = opening.database(args.database, Secrets(), UPKEEP_LIMITS)
    actor = opening.actor(config.load(config.home()), new_id())
    try:
        report = work.write(
            partial(importer.import_book, actor=actor, book=book, is_dry_run=args.dry_run, progress=show)
        ).value
    except importer.RowsRefused as refused:
        if args.report is not None:
            importer.write_report(refused.report, args.report)
        raise
    finally:
        work.close()
    if args.report is not None:
        importer.write_report(report, args.report)
    print(report.sentence)
    return OK


def import_people(args: argparse.Namespace) -> int:
    """Put the people of a file on record, all of them or none; what is wrong is said line by line."""
    try:
        sheet = people_file.read(args.file.read_bytes())
    except OSError:
        raise ImportRefused(
            f"{args.file} cannot be read; check that it is there and yours to read."
        ) from None
    asked: dict[str, Any] = {"sheet": sheet, "columns": people_file.guess(sheet.headings)}
    work = opening.database(args.database, Secrets(), UPKEEP_LIMITS)
    try:
        asked["actor"] = opening.actor(config.load(config.home()), work.read(opening.clinic).id)
        trial = work.read(partial(people_import.attempt, **asked))
        for problem in trial.problems:
            print(
                f"line {problem.line}: {problem.heading and problem.heading + ': '}{problem.text}",
                file=sys.stderr,
            )
        for one in trial.alike:
            other = f"line {one.other_line}" if one.other_line else "on record"
            print(f"line {one.line}: {one.name} may be {one.other}, {other}", file=sys.stderr)
        if args.dry_run and trial.problems:
            print("Nobody would be put on record before this is corrected; nothing was changed.")
            return REFUSED
        if args.dry_run:
            new = len(trial.taken(with_alike=args.with_alike))
            print(f"{new} would be put on record, {len(trial.known)} are there already; nothing was changed.")
            return OK
        done = work.write(partial(people_import.take, with_alike=args.with_alike, **asked)).value
    finally:
        work.close()
    print(
        f"{done.new} put on record, {done.known} were there already, {done.alike} may be and were left out."
    )
    return OK


def upgrade(args: argparse.Namespace) -> int:
    """Bring the database to this program's schema."""
    work = opening.database(args.database, Secrets(), MIGRATION_LIMITS)
    work.close()
    print("The database is up to date.")
    return OK


def upkeep(args: argparse.Namespace) -> int:
    """Clear away what has expired."""
    work = opening.database(args.database, Secrets(), UPKEEP_LIMITS)
    try:
        clinic = work.read(opening.clinic)
        swept = work.write(partial(sweep, actor=opening.actor(config.load(config.home()), clinic.id))).value
    finally:
        work.close()
    if swept is None:
        print("Another workstation is clearing up at this moment; nothing to do.")
    else:
        print(f"Expired holds {swept.holds}, unfinished bookings {swept.sessions}, offers {swept.offers}.")
    return OK


def check(args: argparse.Namespace) -> int:
    """Look for damage: the file itself, references to nothing, overlapping claims, a bent audit."""
    work = opening.database(args.database, Secrets(), UPKEEP_LIMITS)
    try:
        problems = [*work.read(integrity.storage_problems), *work.read(integrity.overlaps)]
        problems += [f"audit of {b.chain}, entry {b.number}: {b.problem}" for b in work.read(audit.verify)]
        heads = work.read(audit.head)
    finally:
        work.close()
    for problem in problems:
        print(problem)
    for chain, value in sorted(heads.items()):
        print(f"audit of {chain} ends with {value}")
    found = "One problem found." if len(problems) == 1 else f"{len(problems)} problems found."
    print(found if problems else "No problem found.")
    return REFUSED if problems else OK


def _progress(done: int, total: int, *, is_shown: bool) -> None:
    """A bar on the terminal; nothing where nobody looks."""
    if is_shown and total:
        filled = BAR * done // total
        end = "\n" if done >= total else ""
        print(
            f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True
        )
