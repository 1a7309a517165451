"""The dialog that admits a bug and lets the desk go on."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from clinic_scheduler.ui import controls


class CrashDialog(QDialog):
    """Collects the reports that arrive while it is open."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setMinimumSize(560, 400)
        title = controls.heading(self.tr("Something went wrong in the program"))
        words = controls.label(
            self.tr(
                "What you saved is safe. You can go on working; if this screen behaves oddly, close it and open "
                "it again. The report below names places in the program and holds no patient data."
            ),
            tone="muted",
        )
        words.setWordWrap(True)
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setAccessibleName(self.tr("Report"))
        self._report.setFont(_monospaced())
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._report.setPlainText(heading)
        self._copy = QPushButton(self.tr("Copy report"))
        self._copy.clicked.connect(self.copy_report)
        go_on = controls.primary(self.tr("Go on"))
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch()
        buttons.addWidget(go_on)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 24, 24, 16)
        page.setSpacing(12)
        page.addWidget(title)
        page.addWidget(words)
        page.addWidget(self._report, 1)
        page.addLayout(buttons)
        go_on.setFocus()

    @property
    def text(self) -> str:
        """The whole report."""
        return self._report.toPlainText()

    def add(self, text: str) -> None:
        """Append one more report."""
        self._report.appendPlainText(f"\n{text}")

    def copy_report(self) -> None:
        """Put the report on the clipboard and say so."""
        QGuiApplication.clipboard().setText(self.text)
        self._copy.setText(self.tr("Copied"))


def _monospaced() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(12)
    return font
