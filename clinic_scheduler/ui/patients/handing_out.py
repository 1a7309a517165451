"""Handing out everything that is kept of one person: a file to read, or one for another program."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from clinic_scheduler.errors import ClinicError
from clinic_scheduler.services.actor import Actor
from clinic_scheduler.services.catalogue import ClinicFacts
from clinic_scheduler.services.people import handing_out
from clinic_scheduler.services.people.patients import PatientLine
from clinic_scheduler.ui import printing
from clinic_scheduler.ui.calendar.typeset import one_line
from clinic_scheduler.ui.patients import paper
from clinic_scheduler.ui.tasks import Tasks


class HandingOut(QObject):
    """Asks where to, reads everything, writes it.

    Signals:
        told: what was done, or why not, and in which tone.
        refused: a ClinicError.
    """

    told = Signal(str, str)
    refused = Signal(object)

    def __init__(self, tasks: Tasks, actor: Actor, clinic: ClinicFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self._tasks, self._actor, self._clinic, self._over = tasks, actor, clinic, parent
        self._line: PatientLine | None = None

    def ask(self, line: PatientLine, kind: str) -> None:
        """Ask for the file to write to."""
        self._line = line
        name = "".join(c if c.isalnum() else "-" for c in one_line(line.name))[:80].strip("-") or "patient"
        kinds = {"pdf": self.tr("PDF (*.pdf)"), "json": self.tr("JSON (*.json)")}
        dialog = QFileDialog(self._over, self.tr("Hand out data"), f"{name}.{kind}", kinds[kind])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def write(self, line: PatientLine, path: str) -> None:
        """Write to this file, as its ending says."""
        work = partial(handing_out.everything, actor=self._actor, patient_id=line.id)
        self._tasks.write(self, work, partial(self._keep, Path(path)), self._fail)

    def _take(self, path: str) -> None:
        if self._line is not None:
            self.write(self._line, path)

    def _keep(self, path: Path, data: Mapping[str, Any]) -> None:
        try:
            if path.suffix.lower() == ".pdf":
                now = datetime.now(self._clinic.where)
                printing.write_pdf(path, paper.paper(data, self._clinic, now))
            else:
                path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
        except ClinicError as error:
            self.told.emit(str(error), "error")
            return
        except OSError as error:
            words = self.tr("The file could not be written: {reason}.")
            self.told.emit(words.format(reason=error.strerror or error), "error")
            return
        self.told.emit(self.tr("Everything on record was written to {path}.").format(path=path), "good")

    def _fail(self, error: ClinicError) -> None:
        self.refused.emit(error)
