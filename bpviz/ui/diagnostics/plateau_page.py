"""The page of the Explain panel that says in words why the loss stands still."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtWidgets import QFrame, QTextBrowser

from bpviz.language import N_, _
from bpviz.session.diagnostics.number_words import number, per_cent
from bpviz.session.diagnostics.plateau import LayerState, PlateauReport
from bpviz.session.diagnostics.plateau_words import Finding, findings, per_cent_below_all
from bpviz.ui.style import formats
from bpviz.ui.style.theme import LIGHT, Theme

_PANELS = {
    "curves": N_("Loss and accuracy"),
    "surface": N_("Decision surface"),
    "hidden_space": N_("Hidden space"),
    "network": N_("Network"),
    "deltas": N_("Deltas"),
    "weights": N_("Weights and gradients"),
}
_HEADERS = (
    N_("layer"),
    N_("outputs differ"),
    N_("rank"),
    N_("slope"),
    N_("saturated"),
    N_("RMS delta"),
    N_("cancels"),
)


class PlateauPage(QTextBrowser):
    """Shows the findings of a report, each with a link to the panel that shows it, and a table of all layers.

    Signals
    -------
    panel_wanted : str
        The key of the panel whose link was clicked, and after a space the layer that it should show, if it shows one.
    """

    panel_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._report: PlateauReport | None = None
        self._theme: Theme = LIGHT
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Why the loss stands still"))
        self.setOpenLinks(False)
        self.viewport().setAutoFillBackground(False)  # the text is part of the panel, not a field
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(self._follow)

    def tell(self, report: PlateauReport | None) -> None:
        """Show a report, and keep the place that is read."""
        if report is not self._report:
            self._report = report
            self._write()

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        self._theme = theme
        self._write()

    def _write(self) -> None:
        place = self.verticalScrollBar().value()
        self.setHtml(self._html(self._report) if self._report else "")
        self.verticalScrollBar().setValue(place)

    def _html(self, report: PlateauReport) -> str:
        paragraphs = "".join(self._paragraph(each, report) for each in findings(report))
        sizes = zip(report.layers, report.flow.deltas, strict=True)
        rows = "".join(_table_row(_cells(state, delta), self._theme.ink) for state, delta in reversed(list(sizes)))
        heads = _table_row(tuple(map(_, _HEADERS)), self._theme.muted)
        return f"{paragraphs}<table cellspacing=0 cellpadding=2>{heads}{rows}</table>"

    def _paragraph(self, finding: Finding, report: PlateauReport) -> str:
        colour = self._theme.ink if finding.is_cause else self._theme.muted
        target = f"{finding.panel} {_worst_layer(report)}" if finding.panel == "hidden_space" else finding.panel
        link = f'<a href="{target}" style="color: {self._theme.accent}">{_(_PANELS[finding.panel])}</a>'
        words = f'<span style="color: {colour}">{escape(finding.sentence)}</span>'
        return f'<p style="margin: 0 0 6px 0">{words} &nbsp;{link}</p>'

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        self.panel_wanted.emit(link.toString())


def _worst_layer(report: PlateauReport) -> int:
    """Return the layer whose outputs differ least between the samples."""
    return min(report.layers, key=lambda state: state.difference).layer


def _cells(state: LayerState, delta: float) -> tuple[str, ...]:
    rank = _("{rank} of {n_neurons}").format(rank=number(state.rank, 3), n_neurons=state.n_neurons)
    cancelled = per_cent_below_all(state.cancelled)
    shares = per_cent(state.difference), rank, formats.number(state.slope, 3), per_cent(state.saturated)
    return (str(state.layer), *shares, formats.number(delta, 3), cancelled)


def _table_row(cells: tuple[str, ...], colour: str) -> str:
    style = f"padding-right: 10px; color: {colour}"
    return "<tr>" + "".join(f'<td align="right" style="{style}">{cell}</td>' for cell in cells) + "</tr>"
