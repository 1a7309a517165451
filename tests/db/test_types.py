"""Column types read back what was written."""

from uuid import UUID

import pytest
from sqlalchemy import text

from clinic_scheduler.db.ids import new_id
from clinic_scheduler.db.types import Id


@pytest.mark.parametrize("written", ["{}", "{{{}}}", "urn:uuid:{}"])
def test_an_id_is_read_however_it_is_spelt(sqlite_work, written):
    identifier = new_id()
    asked = text("SELECT :id AS id").columns(id=Id())
    for spelt in (written.format(identifier), written.format(str(identifier).upper())):
        found = sqlite_work.read(lambda s, spelt=spelt: s.execute(asked, {"id": spelt}).scalar_one())
        assert (type(found), found, hash(found)) == (UUID, identifier, hash(identifier))
        assert (str(found), found.version, found.is_safe) == (str(identifier), 7, identifier.is_safe)


def test_no_id_stays_none(sqlite_work):
    asked = text("SELECT NULL AS id").columns(id=Id())
    assert sqlite_work.read(lambda s: s.execute(asked).scalar_one()) is None
