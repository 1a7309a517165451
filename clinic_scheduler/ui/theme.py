"""Which theme is on, and putting it on: palettes, fonts and the style of every control."""

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from clinic_scheduler.ui import fonts, tokens
from clinic_scheduler.ui.control_style import ControlStyle
from clinic_scheduler.ui.hues import Block, block, hue
from clinic_scheduler.ui.stylesheet import stylesheet
from clinic_scheduler.ui.tokens import Theme, contrast, current, wear

__all__ = [
    "CHOICES",
    "Block",
    "Theme",
    "Themes",
    "apply",
    "block",
    "contrast",
    "current",
    "hue",
    "palette",
    "style_as",
]

CHOICES: Final = ("system", "light", "dark", "high-contrast")


class Themes(QObject):
    """Keeps the application in the chosen theme, following the system where asked to.

    Signals:
        changed: the Theme now on; painted widgets repaint, palettes and styles are already set.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._theme: Theme | None = None
        app.setStyle(ControlStyle())
        app.setFont(fonts.body())
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        if hasattr(hints, "accessibility"):  # since Qt 6.10
            hints.accessibility().contrastPreferenceChanged.connect(self._follow)
        self._follow()

    @property
    def theme(self) -> Theme:
        """The theme now on."""
        return self._theme or tokens.light()

    @property
    def choice(self) -> str:
        """One of CHOICES, as chosen and not as resolved."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Put on one of CHOICES; anything unknown counts as "system"."""
        self._choice = choice if choice in CHOICES else "system"
        self._follow()

    def _follow(self) -> None:
        theme = self._resolved()
        if theme is self._theme:
            return
        self._theme = theme
        wear(self._app, theme)
        self._app.setPalette(palette(theme))
        self._app.setStyleSheet(stylesheet(theme))
        self.changed.emit(theme)

    def _resolved(self) -> Theme:
        hints = self._app.styleHints()
        wants_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        wants_contrast = (
            hasattr(hints, "accessibility")
            and hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        )
        if self._choice == "high-contrast" or (self._choice == "system" and wants_contrast):
            return tokens.high_contrast_dark() if wants_dark else tokens.high_contrast_light()
        if self._choice == "dark" or (self._choice == "system" and wants_dark):
            return tokens.dark()
        return tokens.light()


def apply(app: QApplication, choice: str) -> Themes:
    """Put `choice` on the application; the one Themes object, made at the first call."""
    found = app.findChild(Themes)
    if found is not None:
        found.choose(choice)
        return found
    return Themes(app, choice if choice in CHOICES else "system")


def style_as(widget: QWidget, **properties: bool | str) -> None:
    """Set style properties of `widget`, such as primary=True, and draw it anew; stylesheet.py lists them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def palette(theme: Theme) -> QPalette:
    """The palette of a theme, every role in every group."""
    roles = QPalette.ColorRole
    colours: dict[QPalette.ColorRole, QColor] = {
        roles.Window: theme.ground,
        roles.WindowText: theme.text,
        roles.Base: theme.surface,
        roles.AlternateBase: theme.ground,
        roles.Text: theme.text,
        roles.Button: theme.raised,
        roles.ButtonText: theme.text,
        roles.BrightText: theme.on_accent,
        roles.ToolTipBase: theme.raised,
        roles.ToolTipText: theme.text,
        roles.PlaceholderText: theme.muted,
        roles.Highlight: theme.accent_ground,
        roles.HighlightedText: theme.accent_text,
        roles.Accent: theme.accent,
        roles.Link: theme.accent_text,
        roles.LinkVisited: theme.accent_text,
        roles.Light: theme.raised,
        roles.Midlight: theme.faint_line,
        roles.Mid: theme.line,
        roles.Dark: theme.outline,
        roles.Shadow: theme.outline,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(QPalette.ColorGroup.All, role, colour)
    inks = (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText, roles.PlaceholderText)
    for role in (*inks, roles.Link, roles.LinkVisited, roles.Accent):
        made.setColor(QPalette.ColorGroup.Disabled, role, theme.disabled)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Base, theme.ground)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Button, theme.ground)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, theme.line)
    return made
