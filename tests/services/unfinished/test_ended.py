"""What became of a booking that is gone is told as it is, and to nobody of another clinic."""

from dataclasses import replace
from uuid import uuid4

from clinic_scheduler.services.unfinished import booking_session, ended
from tests.support.clinics import EMMA
from tests.support.desk import confirm, hold, start


def told(work, actor, begun):
    return work.read(lambda s: ended.why(s, actor=actor, session_id=begun.id))


def test_each_end_has_its_sentence(work, actor, colleague, clinic):
    begun = start(work, actor)
    start(work, colleague)
    newer = "Rosa Lind at Desk 2 began a newer booking for this patient; it goes on there."
    assert told(work, actor, begun) == newer
    assert told(work, replace(actor, clinic_id=uuid4()), begun) == ended.OVER
    thrown = start(work, actor, None)
    work.write(lambda s: booking_session.discard(s, actor=actor, session_id=thrown.id))
    assert told(work, actor, thrown) == "This booking was discarded at another desk; start a new one."
    done = start(work, actor, EMMA)
    hold(work, actor, done, clinic.part("09:00"))
    made = confirm(work, actor, done)
    assert (
        told(work, actor, done) == f"This booking was confirmed already; its reference is {made.reference}."
    )
    assert told(work, actor, begun) == ended.OVER  # the newer one is over as well
