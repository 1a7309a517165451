"""The place of the plans: what each list leaves, what is done from it, and how it is walked by keyboard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDialog

from clinic_scheduler.ui.plans import place
from clinic_scheduler.ui.plans.acts import PlanActs
from clinic_scheduler.ui.plans.details import PlanDetails
from clinic_scheduler.ui.plans.place import FILTERS
from tests.support import changing, planning
from tests.support.clinics import EMMA, GAIT, OLGA, PHYSIO
from tests.support.planning import course, look
from tests.support.screen import control, press

ENTER, KEYS = Qt.Key.Key_Return, [each.key for each in FILTERS]


def plan_of(work, actor, clinic, who, count=3, service=GAIT, wall="09:00", strategy="sequential"):
    part = clinic.part(wall, service=service, minutes=60)
    wanted = course(count, strategy, service=service)
    placed = planning.create(work, actor, wanted, {1: part}, patient=who)
    return look(work, actor, placed.plan_id)


@pytest.fixture
def plans(work, actor, clinic):
    """One of each patient, of another service each; the first session of three is booked."""
    emma = plan_of(work, actor, clinic, EMMA)
    olga = plan_of(work, actor, clinic, OLGA, service=PHYSIO, wall="14:00")
    return emma, olga


def names(planner):
    return [name for name, _sentence in planner.sentences()]


def narrow(planner, key):
    planner.place._chips.button(KEYS.index(key)).click()
    planner.seat.settle()


def test_lists_leave_what_they_say_and_the_search_finds_patients(planner, seat, work, actor, plans):
    emma, olga = plans
    assert sorted(names(planner)) == ["Emma Müller", "Olga Petrova"]
    changing.advance(work, actor, "completed", emma.number(1).appointment_id)
    seat.until(lambda: "Due 1" in [b.text() for b in planner.place._chips.buttons()])
    narrow(planner, "due")
    assert names(planner) == ["Emma Müller"]
    narrow(planner, "paused")
    assert names(planner) == []
    assert "No plan here" in planner.place._said.text()
    narrow(planner, "running")
    planner.place.search.setText("petr")
    seat.until(lambda: names(planner) == ["Olga Petrova"])
    seat.until(lambda: planner.place.details.looked.plan.id == olga.id)
    planner.place.search.setText("zzz")
    seat.until(lambda: not names(planner))


def test_the_place_is_walked_and_a_session_booked_by_keyboard_alone(planner, seat, work, actor, plans):
    emma, _olga = plans
    changing.advance(work, actor, "completed", emma.number(1).appointment_id)
    seat.press(Qt.Key.Key_F11)
    seat.settle()
    seat.until(lambda: len(names(planner)) == 2 and planner.place.details.looked is not None)
    seat.type("emma")
    seat.until(lambda: names(planner) == ["Emma Müller"])
    seat.settle()
    seat.press(ENTER)
    seat.until(planner.place.details.sessions.hasFocus)
    book = planner.place.details.book
    for _ in range(12):
        if book.hasFocus():
            break
        seat.press((Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier))
    assert book.hasFocus()
    seat.press(Qt.Key.Key_Space)
    seat.until(lambda: seat.window.findChildren(QDialog))
    dialog = seat.dialog
    seat.until(dialog.go.isEnabled)
    dialog.editor.sessions.setFocus()
    seat.press(Qt.Key.Key_Right)
    seat.until(dialog.editor.others.times.hasFocus)
    seat.settle()
    seat.press(Qt.Key.Key_Down, ENTER)
    seat.until(lambda: dialog.go.isEnabled() and dialog.editor.chosen)
    seat.settle()
    chosen = dialog.editor.chosen[2].start
    seat.press(ENTER)
    seat.until(lambda: look(work, actor, emma.id).progress.booked == 1)
    assert look(work, actor, emma.id).number(2).start == chosen
    seat.settle()


def test_a_missed_session_is_up_for_review_until_somebody_settles_it(planner, seat, work, actor, plans):
    emma, _olga = plans
    changing.cancel(work, actor, emma.number(1).appointment_id)
    details = planner.show(emma.id)
    seat.until(lambda: details.review.text)
    assert details.review.text.startswith("Session 1 was cancelled.")
    narrow(planner, "review")
    assert names(planner) == ["Emma Müller"]
    details.review.skip.click()
    seat.until(lambda: not details.review.text)
    after = look(work, actor, emma.id)
    assert (after.number(1).state, after.review) == ("skipped", "")


def test_a_plan_is_changed_paused_split_put_together_and_cancelled(planner, seat, work, actor, plans):
    emma, _olga = plans
    details = planner.show(emma.id)
    details.action("total").trigger()
    seat.dialog.total.setValue(60)
    assert seat.dialog.said == "A plan has at most 50 sessions; please choose fewer."
    assert not seat.dialog.go.isEnabled()
    seat.dialog.total.setValue(6)
    seat.dialog.act()
    seat.until(lambda: len(details.looked.plan.sessions) == 6)
    details.action("pause").trigger()
    seat.dialog.act()
    assert seat.dialog.said == "Please say why; it is kept with the plan."
    seat.dialog.reason.setText("on holiday")
    seat.dialog.act()
    seat.until(lambda: details.looked.plan.state == "paused")
    assert details.sentence.text().startswith("Paused (on holiday): ")
    assert details.resume.isVisible()
    assert not details.book.isVisible()
    details.resume.click()
    seat.until(lambda: details.looked.plan.state == "active")
    details.sessions.mark_number(4)
    details.action("split").trigger()
    seat.dialog.act()
    seat.until(lambda: len(details.looked.plan.sessions) == 3 and details.looked.others)
    details.action("merge").trigger()
    seat.dialog.act()
    seat.until(lambda: len(details.looked.plan.sessions) == 6)
    details.action("cancel").trigger()
    seat.dialog.reason.setText("moved away")
    assert seat.dialog.visits.isChecked()
    seat.dialog.act()
    seat.until(lambda: details.looked.plan.state == "cancelled")
    assert details.looked.plan.progress.booked == 0
    seat.window.acting.undo()
    seat.until(lambda: details.looked.plan.progress.booked == 1)
    seat.settle()


def test_what_is_answered_is_done_to_the_plan_it_was_asked_of(planner, seat, work, actor, plans):
    emma, olga = plans
    details = planner.show(emma.id)
    details.action("cancel").trigger()
    planner.place.search.setText("petr")  # as when another desk takes the plan off the list on show
    seat.until(lambda: details.looked.plan.id == olga.id)
    seat.dialog.reason.setText("moved away")
    seat.dialog.act()
    seat.until(lambda: look(work, actor, emma.id).state == "cancelled")
    assert look(work, actor, olga.id).state == "active"
    seat.settle()


def test_news_of_other_desks_do_not_bring_back_the_plan_that_was_left(planner, seat, plans):
    emma, olga = plans
    place, _details = planner.place, planner.show(emma.id)
    place.plans.marked.connect(lambda _plan: place.hear(None))
    place.search.setText("petr")
    seat.until(lambda: place.details.looked.plan.id == olga.id)
    seat.settle()
    assert place.details.looked.plan.id == olga.id


def test_sessions_change_places_and_are_added_with_bad_days_refused_at_the_field(
    planner, seat, work, actor, plans
):
    emma, _olga = plans
    details = planner.show(emma.id)
    details.sessions.mark_number(2)
    details.action("add").trigger()
    seat.until(lambda: seat.window.findChildren(QDialog))
    dialog = seat.dialog
    dialog.form.name.setText("Stitches out")
    dialog.gap.fields[0].setValue(500)
    dialog.act()
    seat.until(lambda: dialog.gap.said)
    assert "please check the days" in dialog.gap.said
    dialog.gap.fields[0].setValue(5)
    assert not dialog.gap.said
    dialog.act()
    seat.until(lambda: len(details.looked.plan.sessions) == 4)
    assert details.looked.plan.number(3).name == "Stitches out"
    details.sessions.mark_number(3)
    details.action("up").trigger()
    seat.until(lambda: details.looked.plan.number(2).name == "Stitches out")
    seat.settle()


def test_what_somebody_else_changed_meanwhile_is_refused_and_shown(planner, seat, work, actor, plans):
    emma, _olga = plans
    details = planner.show(emma.id)
    stale = details.looked
    details.sessions.mark_number(3)
    details.action("skip").trigger()
    seat.until(lambda: details.looked.plan.number(3).state == "skipped")
    seat.settle()
    planner.place.acts.look_at(stale)
    planner.place.acts.skip(stale.plan.number(2))
    seat.until(lambda: "Somebody else changed this plan" in seat.window.notice.text)
    seat.settle()
    assert details.looked.plan.number(2).state != "skipped"


def test_settings_are_typed_with_a_sentence_at_each_bad_field(planner, seat, work, actor):
    press(planner.place, "Plan settings…")
    seat.until(lambda: seat.window.findChildren(QDialog))
    seat.settle()
    dialog = seat.dialog
    assert dialog.service.currentData() == GAIT
    assert "Gait analysis takes 8 sessions." in dialog.preview.text
    control(dialog, "Sessions").setValue(60)
    assert dialog.form.count_error.text() == "A plan has 2 to 50 sessions; please choose a number."
    assert not dialog.go.isEnabled()
    control(dialog, "Sessions").setValue(3)
    dialog.form.sessions.setCurrentRow(2)
    dialog.form.has_own_gap.setChecked(True)
    dialog.form.own_gap.fields[0].setValue(20)
    assert "please check the days" in dialog.form.own_gap.said
    dialog.form.sessions.setCurrentRow(0)
    assert dialog.said.startswith("Session 3: Between two sessions lies at least a day")
    assert not dialog.form.own_gap.said
    dialog.form.sessions.setCurrentRow(2)
    assert dialog.said == ""
    dialog.form.own_gap.fields[2].setValue(40)
    dialog.form.own_gap.fields[1].setValue(30)
    dialog.form.step.name.setText("Crown")
    assert not dialog.form.own_gap.said
    assert "Between session 2 and 3 lie 20 to 40 days, best 30." in dialog.preview.text
    dialog.reject()
    assert dialog.isVisible()
    assert "Save the changes first" in dialog.said
    dialog.act()
    seat.until(lambda: not dialog.is_changed)
    seat.settle()
    dialog.reject()
    wizard = planner.begin()
    assert len(wizard.page_now.editor.proposal.course.steps) == 3
    assert wizard.page_now.editor.proposal.course.steps[2].name == "Crown"
    assert wizard.page_now.editor.proposal.course.steps[2].gap.ideal_days == timedelta(days=30).days


def test_a_long_list_is_fetched_as_it_is_looked_at(planner, seat, monkeypatch, plans):
    monkeypatch.setattr(place, "PAGE", 1)
    narrow(planner, "all")
    model = planner.place.plans.model()
    assert model.total == 2
    seat.until(lambda: model.rowCount() == 2)
    assert not model.canFetchMore(QModelIndex())
    assert sorted(names(planner)) == ["Emma Müller", "Olga Petrova"]


def test_one_who_may_only_look_is_offered_nothing_to_do(planner, qtbot, plans):
    emma, _olga = plans
    looked = planner.show(emma.id).looked
    looker = replace(planner.actor, permissions=frozenset())
    window = planner.seat.window
    details = PlanDetails(looker, PlanActs(window._desk, window.acting, window.bookings, window))
    qtbot.addWidget(details)
    details.show_plan(looked)
    assert not any(b.isVisibleTo(details) for b in (details.book, details.more, details.resume))
    assert not details.move_.isEnabled()
    for name in ("lock", "replace", "add", "skip", "total", "strategy", "split", "merge", "pause", "cancel"):
        assert not details.action(name).isEnabled(), name
    details.sessions.mark_number(1)
    assert details.action("show").isEnabled()
