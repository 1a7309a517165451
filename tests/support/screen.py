"""Finding things on a screen as a person or a screen reader does."""

from typing import Any

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSpinBox, QTimeEdit, QWidget


def button(dialog: QWidget, text: str) -> QAbstractButton:
    """The button of that text or accessible name."""
    found = [
        b for b in dialog.findChildren(QAbstractButton) if b.text() == text or b.accessibleName() == text
    ]
    assert len(found) == 1, text
    return found[0]


def press(dialog: QWidget, text: str) -> None:
    button(dialog, text).click()


def control(dialog: QWidget, name: str) -> Any:
    """The control that a screen reader knows by `name`."""
    kinds = (QLineEdit, QComboBox, QSpinBox, QTimeEdit)
    found = [w for kind in kinds for w in dialog.findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def words(dialog: QWidget) -> list[str]:
    """Every text that can be read."""
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()]
