"""Colours, sizes and fonts of the window, in a light and a dark theme."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from bpviz.assets import resource
from bpviz.language import chosen

# The unit of all margins and gaps: an 8-pixel grid.
GAP = 8
BASE_POINTS = 10.0
# Captions are this much smaller than other text.
SMALLER_POINTS = 1.0
SCALES = (0.9, 1.0, 1.15, 1.25, 1.5, 1.8, 2.2)
FAMILY = "Inter"
#: For the characters that Inter does not have; the file has those of GB2312.
HAN = "Noto Sans SC"
MONOSPACE = "DejaVu Sans Mono"
_HAS_STYLE = "bpvizHasStyle"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as strings that QColor accepts, and what a lecture hall needs.

    Attributes
    ----------
    line_width : float
        How many times as wide as usual the lines of plots are.
    mark_size : float
        How many times as large as usual points and other marks of plots are.
    is_for_lecture : bool
        Whether marks for editing are left out.
    """

    name: str
    paper: str
    raised: str
    ink: str
    muted: str
    hairline: str
    accent: str
    on_accent: str
    danger: str
    negative: str
    positive: str
    mse: str
    accuracy: str
    line_width: float = 1.0
    mark_size: float = 1.0
    is_for_lecture: bool = False

    @property
    def edge(self) -> str:
        """The frame of what can be clicked."""
        return mixed(self.muted, self.paper, 0.55)

    @property
    def chosen(self) -> str:
        """The background of a button that is switched on."""
        return mixed(self.accent, self.paper, 0.25)

    @property
    def faint(self) -> str:
        """Text and icons of what is disabled."""
        return mixed(self.muted, self.paper, 0.55)

    @property
    def is_dark(self) -> bool:
        """Whether the text is lighter than the background."""
        return QColor(self.ink).lightness() > QColor(self.paper).lightness()


def mixed(colour: str, ground: str, share: float) -> str:
    """Return a colour laid over a ground, with a share of 0 to 1."""
    over, under = QColor(colour), QColor(ground)
    red, green, blue = (
        round(share * above + (1 - share) * below)
        for above, below in (
            (over.red(), under.red()),
            (over.green(), under.green()),
            (over.blue(), under.blue()),
        )
    )
    return QColor(red, green, blue).name()


LIGHT = Theme(
    name="light",
    paper="#FAFAF8",
    raised="#FFFFFF",
    ink="#1F2328",
    muted="#63686F",
    hairline="#D9D9D6",
    accent="#7A5AF8",
    on_accent="#FFFFFF",
    danger="#B3261E",
    negative="#6A1F87",
    positive="#14683A",
    mse="#8A4B00",
    accuracy="#00697A",
)
DARK = Theme(
    name="dark",
    paper="#16181C",
    raised="#1F2227",
    ink="#E6E6E3",
    muted="#9BA0A8",
    hairline="#33363B",
    accent="#A48BFF",
    on_accent="#16181C",
    danger="#FF8A80",
    negative="#D9A8F5",
    positive="#86DFA6",
    mse="#F0B45B",
    accuracy="#5CC9DA",
)
#: For pictures that are printed.
PRINT = replace(LIGHT, paper="#FFFFFF")
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


# On a projector of the usual height lines and marks are so many times as large as on a desk, and more on a finer one.
_USUAL_HEIGHT, _STAGE_LINES, _STAGE_MARKS = 720, 2.0, 1.3
# What is grey moves by this much towards the ink on a projector, whose black is the grey of the wall.
_STRONGER_TEXT, _STRONGER_LINES = 0.55, 0.45


def for_stage(theme: Theme, height: int) -> Theme:
    """Return a theme with lines, marks and greys that are seen from the last row of a hall.

    Parameters
    ----------
    theme : Theme
    height : int
        Of the picture in pixels.
    """
    size = max(height / _USUAL_HEIGHT, 1.0)
    return replace(
        theme,
        muted=mixed(theme.ink, theme.muted, _STRONGER_TEXT),
        hairline=mixed(theme.muted, theme.hairline, _STRONGER_LINES),
        line_width=_STAGE_LINES * size,
        mark_size=_STAGE_MARKS * size,
        is_for_lecture=True,
    )


def system_theme() -> Theme:
    """Return the theme that matches the desktop's colour scheme."""
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def load_fonts() -> None:
    """Register the bundled fonts, so that text looks the same on every machine, even one without fonts."""
    for path in resource("fonts").glob("*.ttf"):
        QFontDatabase.addApplicationFont(str(path))


def font(points: float, *, bold: bool = False) -> QFont:
    """Return the application font, with digits of equal width: a readout keeps its width while its digits change.

    The files of the font choose such digits in their character map. Where an OpenType feature chooses them, Qt writes
    PDF files in which no digit can be searched or copied.
    """
    made = QFont()
    made.setFamilies([FAMILY, HAN])
    made.setPointSizeF(points)
    made.setWeight(heading_weight() if bold else QFont.Weight.Normal)
    return made


def heading_weight() -> QFont.Weight:
    """Return the weight of headings: semibold, but bold in Chinese, whose font has one weight that Qt thickens then."""
    return QFont.Weight.Bold if chosen().startswith("zh") else QFont.Weight.DemiBold


def apply(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Set the style, palette, font and style sheet of the application."""
    if app.property(_HAS_STYLE) is None:  # setting it again would polish every widget twice
        app.setStyle("Fusion")
        app.setProperty(_HAS_STYLE, True)
    app.setPalette(_palette(theme))
    app.setFont(font(BASE_POINTS * scale))
    # Takes about 0.17 s on a full window, so there is one style sheet, set only when theme or font size change.
    app.setStyleSheet(_style_sheet(theme, scale))


def dress(widget: QWidget, theme: Theme) -> None:
    """Give one widget and all in it the colours of a theme, whatever the application has; fonts stay as they are."""
    widget.setPalette(_palette(theme))
    widget.setStyleSheet(_style_sheet(theme, QApplication.font().pointSizeF() / BASE_POINTS))


def dress_all(widget: QWidget, theme: Theme) -> None:
    """Give the widgets in a dressed one its palette, which Qt does not hand on where there is a style sheet."""
    palette = _palette(theme)
    for each in widget.findChildren(QWidget):
        if not each.testAttribute(Qt.WidgetAttribute.WA_SetPalette):
            each.setPalette(palette)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.paper,
        role.WindowText: theme.ink,
        role.Base: theme.raised,
        role.AlternateBase: theme.paper,
        role.Text: theme.ink,
        role.Button: theme.raised,
        role.ButtonText: theme.ink,
        role.BrightText: theme.danger,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.ink,
        role.PlaceholderText: theme.muted,
        role.Mid: theme.hairline,
        role.Dark: theme.hairline,
        role.Light: theme.raised,
        role.Accent: theme.accent,
        role.Link: theme.accent,
    }
    palette = QPalette(QColor(theme.raised), QColor(theme.paper))
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.faint))
    return palette


def _style_sheet(theme: Theme, scale: float) -> str:
    small = (BASE_POINTS - SMALLER_POINTS) * scale
    return _parts(theme) + _buttons(theme, small) + _roles(theme, small, scale)


def _parts(theme: Theme) -> str:
    """Return the look of bars, tables and other parts of the window."""
    return f"""
        QMainWindow::separator {{ background: {theme.hairline}; width: 1px; height: 1px; }}
        QMainWindow::separator:hover {{ background: {theme.accent}; }}
        QToolBar {{ background: {theme.paper}; border: 0; border-bottom: 1px solid {theme.hairline};
                    padding: 4px 8px; spacing: 4px; }}
        QToolBar::separator {{ background: {theme.hairline}; width: 1px; margin: 6px 6px; }}
        QStatusBar {{ background: {theme.paper}; border-top: 1px solid {theme.hairline}; padding: 2px 6px; }}
        QStatusBar QLabel {{ padding: 2px 6px; }}
        QStatusBar::item {{ border: 0; }}
        QMenuBar {{ background: {theme.paper}; }}
        QToolTip {{ background: {theme.raised}; color: {theme.ink}; border: 1px solid {theme.hairline}; padding: 4px; }}
        QScrollArea {{ border: 0; background: transparent; }}
        QTableView {{ border: 0; gridline-color: {theme.hairline}; background: {theme.paper}; }}
        QTableView::indicator:unchecked {{ border: 1px solid {theme.muted}; border-radius: 2px;
                                           width: 11px; height: 11px; }}
        QHeaderView::section {{ background: {theme.paper}; color: {theme.muted}; border: 0; padding: 2px 6px; }}
        QTableCornerButton::section {{ background: {theme.paper}; border: 0; }}
    """


def _buttons(theme: Theme, small: float) -> str:
    """Return the look of buttons in bars and titles, whose frame shows the focus and whose ground that they are on."""
    return f"""
        QToolButton {{ background: {theme.raised}; border: 1px solid {theme.edge}; border-radius: 4px;
                       padding: 4px 6px; }}
        QToolButton:hover {{ border-color: {theme.muted}; }}
        QToolButton:pressed {{ background: {theme.hairline}; }}
        QToolButton:checked {{ background: {theme.chosen}; border-color: {theme.accent}; }}
        QToolButton:focus {{ border: 2px solid {theme.ink}; padding: 3px 5px; }}
        QToolButton:disabled {{ background: transparent; border-color: {theme.hairline}; color: {theme.faint}; }}
        QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
        QTabBar {{ qproperty-elideMode: ElideNone; qproperty-usesScrollButtons: true; }}
        QTabBar::scroller {{ width: 40px; }}
        QTabBar QToolButton {{ padding: 0; }}
        *[role="flat"] {{ padding: 1px 5px; font-size: {small}pt; }}
        QToolButton[role="flat"]:focus {{ padding: 0px 4px; }}
        *[role="tiny"] {{ padding: 0; color: {theme.muted}; background: transparent; border-color: transparent; }}
        QToolButton[role="tiny"]:hover {{ background: {theme.raised}; border-color: {theme.edge}; }}
        QToolButton[role="tiny"]:focus {{ border: 1px solid {theme.ink}; padding: 0; }}
    """


def _roles(theme: Theme, small: float, scale: float) -> str:
    """Return the look of widgets that have a role."""
    return f"""
        *[role="caption"] {{ color: {theme.muted}; font-size: {small}pt; }}
        *[role="problem"] {{ color: {theme.danger}; font-size: {small}pt; }}
        *[role="heading"] {{ color: {theme.muted}; font-weight: {heading_weight().value}; font-size: {small}pt; }}
        *[role="title"] {{ font-weight: {heading_weight().value}; }}
        *[role="card"] {{ background: {theme.raised}; border: 1px solid {theme.muted}; border-radius: 4px; }}
        *[role="readout"] {{ font-size: {1.9 * BASE_POINTS * scale}pt; font-weight: {heading_weight().value}; }}
        QLineEdit[wrong="true"] {{ border: 1px solid {theme.danger}; border-radius: 2px; padding: 2px; }}
        *[role="notice"] {{ background: {theme.raised}; border-bottom: 1px solid {theme.danger}; }}
        *[role="offer"] {{ background: {theme.raised}; border-bottom: 1px solid {theme.accent}; }}
        *[role="primary"] {{ background: {theme.accent}; color: {theme.on_accent}; border: 0; border-radius: 4px;
                             padding: 5px 10px; font-weight: {heading_weight().value}; }}
        *[role="primary"]:disabled {{ background: {theme.hairline}; color: {theme.faint}; }}
    """
