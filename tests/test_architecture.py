"""The layers point one way (ui to services to db; only app.py sees them all), and files stay short."""

import ast

import pytest

from tests.support.sources import PACKAGE, ROOT, place, python_files, syntax

FORBIDDEN = {
    "db": {"PySide6", "clinic_scheduler.ui", "clinic_scheduler.services", "clinic_scheduler.app"},
    "services": {"PySide6", "clinic_scheduler.ui", "clinic_scheduler.app"},
    "ui": {"sqlalchemy", "psycopg", "alembic", "sqlite3", "clinic_scheduler.db", "clinic_scheduler.app"},
    "errors.py": {"clinic_scheduler", "PySide6", "sqlalchemy", "psycopg"},
    "config.py": {"clinic_scheduler", "PySide6", "sqlalchemy", "psycopg"},
}
LAYERS = ("clinic_scheduler.db", "clinic_scheduler.services", "clinic_scheduler.ui")
LINES = 300
# Path to the reason why that file may be longer.
LONGER = {}


def imported(path):
    """Yield every module and every name that a file imports, absolute; deferred imports count."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*base, *(node.module or "").split("."))).strip(".")
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def belongs_to(name, module):
    return name == module or name.startswith(f"{module}.")


def files_of(part):
    path = PACKAGE / part
    return [path] if path.is_file() else python_files(path)


@pytest.mark.parametrize("part", FORBIDDEN)
def test_a_layer_imports_nothing_above_it(part):
    wrong = [
        f"{place(path)} imports {name}"
        for path in files_of(part)
        for name in imported(path)
        if any(belongs_to(name, module) for module in FORBIDDEN[part])
    ]
    assert not wrong


def test_only_app_sees_every_layer():
    seeing = [
        place(path)
        for path in python_files(PACKAGE)
        if all(any(belongs_to(name, layer) for name in imported(path)) for layer in LAYERS)
    ]
    assert set(seeing) <= {"clinic_scheduler/app.py"}


def test_migrations_do_not_import_todays_tables():
    wrong = [
        f"{place(path)} imports {name}"
        for path in python_files(PACKAGE / "db" / "migrations" / "versions")
        for name in imported(path)
        if belongs_to(name, "clinic_scheduler.db.tables")
    ]
    assert not wrong


def test_files_stay_readable():
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    too_long = {name: lines for name, lines in lengths.items() if lines > LINES}
    assert set(too_long) == set(LONGER), too_long
