"""Gradient check: backpropagation compared with central differences, for the current update."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from bpviz.core.gradcheck_report import no_gradients, penalty_text
from bpviz.language import N_, _
from bpviz.session.diagnostics.gradient_check import GradientsChecked
from bpviz.session.engine.commands import CheckGradients
from bpviz.session.engine.events import NetworkReady
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import check_numbers
from bpviz.session.walkthrough.traced_update import sample_name
from bpviz.ui.diagnostics.epsilon_plot import LEAST, MOST, EpsilonPlot
from bpviz.ui.diagnostics.error_map import ERROR_SCALE, ErrorMap, error_map
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.log_scale import power_of_ten
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import Canvas, end_drags
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

_POWERS = tuple(range(MOST, LEAST - 1, -1))
_USUAL = -5
_RIGHT, _WRONG, _CANNOT_TELL = N_("✓ Right"), N_("✗ Wrong"), N_("? Cannot tell here")
_NO_UPDATE = N_("Press F11 to take one operation, F10 one sample; then press Check.")
_NOT_YET = N_("Press Check: every gradient of backpropagation is compared with a central difference of the loss.")
_CHECKING = N_("Checking…")
_WOULD_TELL = N_(
    "A mistake is planted here, and the check would tell in which layer. Press Check again to use it all the same."
)
_AT_THE_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class GradientCheckPanel(Panel):
    """Shows whether the gradients of the current update are correct and, if not, in which layer the error is."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("check", _("Gradient check"), model)
        self.epsilon = self.add_choice(
            [f"epsilon {power_of_ten(power)}" for power in _POWERS],
            _("Step of the central difference"),
        )
        self.epsilon.setCurrentIndex(_POWERS.index(_USUAL))
        self.follow = self.add_toggle(N_("Follow"), _("Check each new update automatically"))
        self.button = self.add_button(N_("Check"), _("Compare all gradients of this update with central differences"))
        self.verdict = QLabel(wordWrap=True)
        self.verdict.setAccessibleName(_("Verdict of the gradient check"))
        self.layout_.addWidget(self.verdict)
        self.readout = ElidedLabel()
        self.layout_.addWidget(self.readout)
        self.maps: list[ErrorMap] = []
        self._drawn: GradientsChecked | None = None
        self._requested = self._is_asked_for = False
        self._add_pictures()
        self._connect()
        self._restyle(model.theme)
        self.begin(model.prepared)

    def _add_pictures(self) -> None:
        self.canvas = Canvas(_("Relative error of every gradient, layer by layer"))
        self.canvas.ci.layout.setSpacing(4)
        # The last layer is often the narrowest; its title extends to the right.
        self.canvas.ci.setContentsMargins(0, 0, GAP + 4, 0)
        self.bar = ColourBar(_("Colours of the relative errors"), "1e−12", above=2.2, below=1.4)
        self.bar.show_ticks(ERROR_SCALE.ticks_at_places())
        self.valley = EpsilonPlot()
        self.pictures = QWidget()
        row = QHBoxLayout(self.pictures)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        row.addWidget(self.canvas, 3)
        row.addWidget(self.bar)
        row.addWidget(self.valley, 2)
        self.layout_.addWidget(self.pictures, 1)

    def _connect(self) -> None:
        self.button.clicked.connect(self.check)
        self.follow.toggled.connect(self._refresh)
        self.epsilon.currentIndexChanged.connect(self._epsilon_changed)
        self.valley.chosen.connect(self._set_epsilon)
        self.canvas.scene().sigMouseMoved.connect(self._hover)
        self.canvas.left.connect(self._update_readout)
        self.canvas.scene().sigMouseClicked.connect(self._pick)
        self.model.current_update_changed.connect(self._refresh)
        self.model.gradients_checked.connect(self._on_checked)
        self.model.failed.connect(self._on_failed)
        self.model.selection_changed.connect(self._mark)
        self.model.theme_changed.connect(self._restyle)

    # User actions

    @Slot()
    def check(self) -> None:
        """Request a check of the current update; where a mistake is to be found, only if it is asked for twice."""
        if self._would_tell():
            self._is_asked_for = True
            self.verdict.setText(_(_WOULD_TELL))
        elif self.model.current_update is not None:
            self._requested = True
            self.model.post(CheckGradients(10.0 ** self._power()))
            self._update_texts()

    def _would_tell(self) -> bool:
        prepared = self.model.prepared
        return prepared is not None and bool(prepared.experiment.mistakes) and not self._is_asked_for

    def _power(self) -> int:
        return _POWERS[self.epsilon.currentIndex()]

    @Slot(int)
    def _set_epsilon(self, power: int) -> None:
        self.epsilon.setCurrentIndex(_POWERS.index(power))

    @Slot()
    def _epsilon_changed(self) -> None:
        self._mark(self.model.selection)
        if self.model.checked is not None:
            self.check()

    @Slot()
    def _refresh(self) -> None:
        """Draw a new check and, with "Follow" on, request the next one; one check runs at a time."""
        if not self.is_seen:
            return
        checked = self.model.checked
        if checked is not self._drawn and checked is not None:
            self._draw(checked)
        if self.follow.isChecked() and not self._requested and not self._is_current() and not self._would_tell():
            self.check()
        self._update_texts()

    def shown_numbers(self) -> Numbers | None:
        """Return the two gradients that are compared."""
        return check_numbers(self.model.checked) if self.model.checked else None

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._refresh()

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady | None) -> None:
        """Show another network."""
        end_drags(self.canvas.scene())
        self.canvas.clear()
        self._drawn, self._requested, self._is_asked_for = None, False, False
        sizes = prepared.experiment.sizes if prepared else ()
        self.maps = [ErrorMap(n, *shape) for n, shape in enumerate(pairwise(sizes), start=1)]
        for found in self.maps:
            found.restyle(self.model.theme)
            self.canvas.addItem(found.plot, row=0, col=found.layer)
            # Less than proportional to the width, so that narrow layers keep readable columns.
            self.canvas.ci.layout.setColumnStretchFactor(found.layer, round(10 * found.n_neurons**0.2))
        # QGraphicsLayout shrinks when it is cleared and does not grow back when items are added.
        self.canvas.ci.setGeometry(self.canvas.range)
        self.valley.show_layers(len(self.maps))
        self._mark(self.model.selection)
        self._update_texts()

    @Slot(object)
    def _on_checked(self, checked: GradientsChecked) -> None:
        self._requested = False
        self._refresh()

    @Slot()
    def _on_failed(self) -> None:
        self._requested = False
        self._update_texts()

    # Drawing

    def _draw(self, checked: GradientsChecked) -> None:
        # The errors over epsilon arrive in a second event, with the same heatmaps.
        if self._drawn is None or self._drawn.checks is not checked.checks:
            for picture, found in zip(self.maps, checked.checks, strict=True):
                picture.draw(found)
        self.valley.draw(checked.valley)
        self._drawn = checked

    @Slot(object)
    def _mark(self, selection: Selection) -> None:
        for picture in self.maps:
            picture.mark(selection.neuron if selection.layer == picture.layer else None)
        self.valley.mark(self._power(), selection.layer)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.bar.show_scale(theme, error_map(theme))
        for picture in self.maps:
            picture.restyle(theme)
        self.valley.restyle(theme)
        self._update_texts()

    # Texts

    def _is_current(self) -> bool:
        checked = self.model.checked
        return checked is not None and checked.is_of(self.model.current_update)

    def _update_texts(self) -> None:
        checked, is_current = self.model.checked, self._is_current()
        self.button.setEnabled(self.model.current_update is not None)
        for picture in self.maps:
            picture.dim(not is_current)
        self.verdict.setText(self._verdict(checked, is_current))
        self.verdict.setAlignment(_AT_THE_TOP if checked else Qt.AlignmentFlag.AlignCenter)
        self.pictures.setVisible(checked is not None)
        self.readout.setVisible(checked is not None)
        self._update_readout()

    def _verdict(self, checked: GradientsChecked | None, is_current: bool) -> str:
        if self._requested:
            return _(_CHECKING)
        if checked is None:
            return _(_NO_UPDATE) if self.model.current_update is None else _(_NOT_YET)
        if not is_current:
            return _("Checked at {where}. Press Check again.").format(where=_where(checked))
        theme, word = self.model.theme, _outcome(checked)
        colour = {_(_RIGHT): theme.positive, _(_WRONG): theme.danger, _(_CANNOT_TELL): theme.ink}[word]
        sentences = " ".join(filter(None, (checked.verdict.sentence, no_gradients(checked.rule))))
        return f'<b style="color:{colour}">{word}</b>&nbsp; {sentences}'

    @Slot()
    def _update_readout(self) -> None:
        checked = self._drawn
        if checked is None:
            self.readout.setText("")
            return
        valley = "" if checked.valley else _(" · measuring errors over epsilon…")
        loss = penalty_text(checked.rule)
        of = (
            _("relative errors of the gradients of {loss}").format(loss=loss)
            if loss
            else _("relative errors by layer, b in the last row")
        )
        self.readout.setText(f"{of} · {_where(checked)}{valley}")

    # Pointer

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        found = self._cell(where)
        if found is None:
            self._update_readout()
        else:
            picture, row, neuron = found
            self.readout.setText(picture.describe(row, neuron))

    @Slot(object)
    def _pick(self, event: object) -> None:
        found = self._cell(event.scenePos())  # type: ignore[attr-defined]
        if found is not None and event.button() is Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            picture, _, neuron = found
            self.model.select(layer=picture.layer, neuron=neuron)

    def _cell(self, where: QPointF) -> tuple[ErrorMap, int, int] | None:
        for picture in self.maps:
            if (cell := picture.cell_at(where)) is not None:
                return picture, *cell
        return None


def _outcome(checked: GradientsChecked) -> str:
    if checked.verdict.layer is not None:
        return _(_WRONG)
    return _(_CANNOT_TELL) if checked.verdict.cannot_tell else _(_RIGHT)


def _where(checked: GradientsChecked) -> str:
    samples = checked.samples
    which = (
        sample_name(int(samples[0]))
        if len(samples) == 1
        else _("a batch of {n_samples} samples").format(n_samples=len(samples))
    )
    return _("epoch {count}, {which}").format(count=formats.count(checked.position.epoch), which=which)
