"""Rooms without hours are open at night; the calendar does not jump there."""


def test_turning_to_the_rooms_stays_in_the_daytime(seat, clinic):
    seat.show_day(clinic.monday)
    view = seat.window.day_view
    opens = view.scene.geometry.opens
    seat.window.actions_by_name["show_rooms"].trigger()
    seat.until(lambda: view.scene is not None and view.scene.geometry.opens < opens)
    seat.settle()
    assert view.scene.geometry.minute_at(view.verticalScrollBar().value()) > opens - 60
