"""The project's own files, for the tests that read them instead of running them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "clinic_scheduler"
# What .gitignore leaves out, and git itself.
FOREIGN = {".git", ".venv", "build", "dist", "htmlcov", "__pycache__"}
FOREIGN_SUFFIXES = ("_cache", ".egg-info", ".hypothesis")


def own_files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield each file of the project, sorted; works without git too."""
    for path in sorted(folder.iterdir()):
        if path.name in FOREIGN or path.name.endswith(FOREIGN_SUFFIXES) or path.name.startswith(".coverage"):
            continue
        if path.is_dir():
            yield from own_files(path)
        else:
            yield path


def python_files(folder: Path = ROOT) -> list[Path]:
    return [path for path in own_files(folder) if path.suffix in {".py", ".spec"}] if folder.exists() else []


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call with the bare name of what is called: `exec` for `menu.exec()`."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def place(path: Path, node: ast.expr | None = None) -> str:
    """Return where a finding stands, as editors understand it."""
    return path.relative_to(ROOT).as_posix() + (f":{node.lineno}" if node else "")
