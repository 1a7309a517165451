"""A desk before the main window, on either database."""

import pytest

from tests.support.window import seats


@pytest.fixture
def sit(qtbot, qtlog, database_url, clinic):
    """Opens the window at a desk; `sit("Desk 2", "Rosa Lind")` is another one beside it."""
    with seats(qtbot, qtlog, database_url) as sit_down:
        yield sit_down


@pytest.fixture
def seat(sit):
    return sit()
