"""Run benchmarks: `python -m benchmarks NAME|all [--json] [--rows N]`; exits 1 when a goal is missed.

Some measure on a book of N appointments (see `_book.py`). Their goals are set for a million, which takes minutes to
build and is then kept for a week; without the option it is a hundred thousand.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from inspect import signature
from typing import Any

import benchmarks


def main() -> int:
    """Run one benchmark or all of them and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=[*names(), "all"])
    parser.add_argument("--json", action="store_true", help="one JSON object per benchmark and line")
    parser.add_argument(
        "--rows", type=int, default=100_000, help="appointments in the book (default: 100,000)"
    )
    chosen = parser.parse_args()
    is_ok = True
    for name in names() if chosen.name == "all" else [chosen.name]:
        run = importlib.import_module(f"benchmarks.{name}").run
        result = run(chosen.rows) if "rows" in signature(run).parameters else run()
        is_ok &= bool(result["ok"])
        print(json.dumps(result) if chosen.json else table(result), flush=True)
    return 0 if is_ok else 1


def names() -> list[str]:
    """The modules that have a `run`; one that begins with an underscore serves the others."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    return sorted(name for name in found if not name.startswith("_"))


def table(result: dict[str, Any]) -> str:
    """One line a case: product, floor, their ratio and the goal."""
    lines = [f"{result['name']}: {'ok' if result['ok'] else 'GOAL MISSED'}"]
    for case in result["cases"]:
        figures = f"{case['product']:10.3f} {case['floor']:10.3f} {case['ratio']:8.2f}x"
        goal = "no goal" if case["goal"] is None else f"goal {case['goal']} {case['unit']}"
        lines.append(f"  {case['case']:<28}{figures}  {goal}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
