"""The rail goes from place to place; keys of the calendar sleep elsewhere."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from clinic_scheduler.ui.command_table import COMMANDS
from clinic_scheduler.ui.controls import RailButton
from clinic_scheduler.ui.menu_marks import MenuMarks
from clinic_scheduler.ui.place_head import PlaceHead
from clinic_scheduler.ui.places import Opening, Place, Places
from clinic_scheduler.ui.rail import Stop
from clinic_scheduler.ui.top_bar import TopBar


class Corner(Place):
    """A place that notes what happens to it."""

    def __init__(self):
        super().__init__()
        self.notes = []

    def come(self):
        self.notes.append("come")

    def hear(self, changes):
        self.notes.append(changes)


@pytest.fixture
def places(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    openings = (
        Opening(Stop("here", "Here", "calendar", "F12"), Corner),
        Opening(Stop("there", "There", "users"), Corner),
    )
    made = Places(openings, window)
    made.rail.setParent(window)
    made.stack.setParent(window)
    window.show()
    yield made  # noqa: PT022 - a return would drop the window


def buttons(places):
    return {button.text(): button for button in places.rail.findChildren(RailButton)}


def test_a_place_is_made_when_somebody_goes_there_and_kept(qtbot, places):
    made = []
    places.made.connect(made.append)
    places.go("here")
    qtbot.mouseClick(buttons(places)["There"], Qt.MouseButton.LeftButton)
    places.go("here")
    assert [place.notes for place in made] == [["come", "come"], ["come"]]
    assert places.stack.currentWidget() is made[0]
    assert [name for name, button in buttons(places).items() if button.isChecked()] == ["Here"]


def test_the_rail_stands_still_whoever_is_pressed(qtbot, places):
    seen = set()
    for name in ("here", "there"):
        places.go(name)
        QApplication.processEvents()
        where = tuple(button.geometry().getRect() for button in buttons(places).values())
        seen.add((places.rail.sizeHint().toTuple(), where))
    assert len(seen) == 1
    assert len({button.width() for button in buttons(places).values()}) == 1


def test_every_place_has_its_title_at_the_same_spot(seat):
    heads = {}
    for name in seat.window.places.rail._buttons:
        seat.window.places.go(name)
        seat.settle()
        place = seat.window.places.at(name)
        head = place.findChild(PlaceHead)
        if head is None:
            assert isinstance(place.findChild(TopBar), TopBar)
            continue
        corner = head.title.mapTo(place, head.title.rect().topLeft())
        heads[name] = (corner.x(), corner.y() + head.title.height() // 2)
    assert len(heads) >= 5
    assert set(heads.values()) == {(16, 28)}


def test_only_whoever_is_shown_hears_of_changes(places):
    places.go("here")
    places.go("there")
    places.hear(None)
    assert places.at("here").notes == ["come"]
    assert places.at("there").notes == ["come", None]


def test_the_keys_of_the_calendar_sleep_elsewhere(seat):
    marks, actions = seat.window.findChild(MenuMarks), seat.window.actions_by_name
    own = [command.name for command in COMMANDS if command.at == "calendar"]
    assert {"park_visit", "view_week", "show_today"} <= set(own)
    marks.note_place("elsewhere")
    assert not [name for name in own if actions[name].isEnabled()]
    assert actions["new_booking"].isEnabled()
    marks.note_place("calendar")
    assert all(actions[name].isEnabled() for name in own)
