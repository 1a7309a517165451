"""Doing what a request asks once, however often it is asked because an acknowledgement got lost."""

import hashlib
import json
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_scheduler.services.taking import requests
from clinic_scheduler.services.taking.requests import Answer


def answered(
    session: Session, request_id: UUID | None, content: Sequence[object], do: Callable[[], Answer]
) -> Answer:
    """What `do` answers, or answered when the same was asked before; without an id it is always done.

    Raises:
        KeyReused: the id came before with other content.
    """
    if request_id is None:
        return do()
    fingerprint = hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
    before = requests.answer_of(session, request_id, fingerprint)
    if before is not None:
        return before
    answer = do()
    requests.keep_answer(session, request_id, answer)
    return answer
