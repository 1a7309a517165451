"""Product and floor in turn, so that whatever else the machine does meets both."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any


def best_of(rounds: int, product: Callable[[], object], floor: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the best round of each."""
    product(), floor()
    taken = [(_taken(product), _taken(floor)) for _ in range(rounds)]
    return min(one for one, _ in taken), min(other for _, other in taken)


def _taken(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def case(name: str, product: float, floor: float, goal: float, unit: str = "x") -> dict[str, Any]:
    """One line of the result; the goal binds the ratio where the unit is "x", else the product itself."""
    figures = {"product": round(product, 3), "floor": round(floor, 3), "ratio": round(product / floor, 3)}
    return {"case": name, **figures, "goal": goal, "unit": unit}


def are_met(cases: Iterable[dict[str, Any]]) -> bool:
    """Whether every case reaches its goal."""
    return all(each["ratio" if each["unit"] == "x" else "product"] <= each["goal"] for each in cases)
