"""What the command line understands, and who does it. Qt is loaded only by what draws."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from clinic_scheduler import __version__, config, logs
from clinic_scheduler.errors import ClinicError

REFUSED = 1


def run(given: Sequence[str]) -> int:
    """Do what is asked for: 0 when it was done, 1 when refused; exits with 2 when not understood."""
    args = parser().parse_args(given)
    logs.start(config.home() / "log")
    module, _colon, function = args.run.partition(":")
    try:
        code: int = getattr(importlib.import_module(module), function)(args)
    except ClinicError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    return code


def parser() -> argparse.ArgumentParser:
    """Options and sub-commands; `run` is the module and function that does it."""
    made = argparse.ArgumentParser(prog="clinic-scheduler", description="The appointment desk of a clinic.")
    made.add_argument("--version", action="version", version=f"Clinic Scheduler {__version__}")
    made.add_argument("--database", metavar="URL", help="open this database instead of the usual one")
    made.set_defaults(run="clinic_scheduler.front:show_window")
    subs = made.add_subparsers(title="commands without a window", metavar="COMMAND")
    tour = subs.add_parser("tour", help="book a visit in a demo clinic off screen; leaves pictures and a PDF")
    tour.add_argument(
        "--out", type=Path, default=Path("tour"), help="folder for pictures and PDF (default: tour)"
    )
    tour.set_defaults(run="clinic_scheduler.app:show_tour")
    _import(subs.add_parser("import", help="import an old appointment book, whole or not at all"))
    _import_people(subs.add_parser("import-people", help="put the people of a CSV file on record"))
    _print(subs.add_parser("print", help="print a day as PDF"))
    for name, words in (
        ("upgrade", "bring a database to this version's schema"),
        ("upkeep", "clear away what has expired"),
        ("check", "look for damage in a database"),
    ):
        command = subs.add_parser(name, help=words)
        _needs_database(command)
        command.set_defaults(run=f"clinic_scheduler.windowless:{name}")
    test = subs.add_parser("self-test", help="check that this installation is whole")
    test.add_argument("--report", type=Path, help="write the steps to this file too")
    test.set_defaults(run="clinic_scheduler.self_test:run")
    return made


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("mapping", type=Path, help="the TOML file that explains the book")
    command.add_argument("--source", type=_folder, required=True, help="the folder of the book's files")
    _needs_database(command)
    command.add_argument("--dry-run", action="store_true", help="try everything and change nothing")
    command.add_argument("--report", type=Path, help="write what happened to this JSON file")
    command.set_defaults(run="clinic_scheduler.windowless:import_book")


def _import_people(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, help="one line for each person, the headings in the first")
    _needs_database(command)
    command.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    command.add_argument(
        "--with-alike", action="store_true", help="take those too who may be on record already"
    )
    command.set_defaults(run="clinic_scheduler.windowless:import_people")


def _print(command: argparse.ArgumentParser) -> None:
    _needs_database(command)
    command.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD (default: today)")
    command.add_argument("--by", choices=("practitioner", "room"), default="practitioner", help="the columns")
    command.add_argument("--masked", action="store_true", help="initials instead of names, for the wall")
    command.add_argument("--out", type=Path, required=True, help="the PDF to write")
    command.set_defaults(run="clinic_scheduler.app:print_day")


def _needs_database(command: argparse.ArgumentParser) -> None:
    words = "sqlite:///FILE or postgresql://USER@HOST/NAME"
    command.add_argument("--database", required=True, metavar="URL", help=words)


def _folder(given: str) -> Path:
    path = Path(given)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{given} is no folder")
    return path
