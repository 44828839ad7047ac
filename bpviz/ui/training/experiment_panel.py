"""Editors for the experiment: data, network and training."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from bpviz.core.datasets import DATASETS, Dataset
from bpviz.core.initializers import NAMES
from bpviz.language import N_, _
from bpviz.session.engine.commands import LoadBeside
from bpviz.session.experiment.difference import differences, differing_sample_fields
from bpviz.session.experiment.experiment import LIVE, SAMPLES, Experiment
from bpviz.session.experiment.given_parameters import GIVEN
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import NO_TABLE, TABLE
from bpviz.session.experiment.presets import load_preset
from bpviz.session.tables.table_error import quoted
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH, MOST_BRANCHES
from bpviz.session.training.position import Position
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.training import option_lines
from bpviz.ui.training.layers_editor import LayersEditor
from bpviz.ui.training.rule_fields import OPTIMISER, SCHEDULE, has_effect, rule_fields
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.form_fields import ChoiceField, NumberField, SwitchField, heading
from bpviz.ui.widgets.panel import Panel

_LEAST_WIDTH = 240
_MOST_NAMED = 6  # of the columns of a table
_BIASES = N_("If off, biases keep their initial values, as in the article's program")
# Fields that have no effect on published samples, and on those that are not split either.
_OF_DRAWN_POINTS, _OF_A_SPLIT = ("samples", "noise", "data_seed"), ("test_share", "split_seed", "scale")
_COMPARE = N_("Train a network with these values on a second branch; both networks must use the same samples")
_INITIALIZER = N_("How the weights are drawn before training; it decides how large the first deltas are")
_SCALING = N_("What is done to the inputs, and to the targets of a regression; measured on the training samples alone")
_SCALE_TITLES = {"none": N_("none"), "standard": N_("standardise"), "minmax": N_("min-max")}
_LOSS_TITLES = {
    "mse": N_("squared error"),
    "cross_entropy": N_("cross-entropy"),
    "huber": N_("Huber"),
    "mae": N_("absolute error"),
}


class ExperimentPanel(Panel):
    """Edits the experiment; hyperparameters change at once, all other fields take effect with a new network."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("experiment", _("Experiment"), model)
        self.fields = {**_make_fields(), **rule_fields()}
        self.layers = LayersEditor()
        self._shown = model.experiment
        self._own: Experiment | None = None  # the latest one on a table of the user's own, which can be chosen again
        # Published samples have a preset of the same name, which says what was published about them.
        self._notes = {name: load_preset(name).about for name, dataset in DATASETS.items() if not dataset.is_split}
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "caption")
        self._add_fields()
        self._add_notice()
        self.fields["dataset"].edited.connect(self._fit_to_task)
        for field in (*self.fields.values(), self.layers):
            field.edited.connect(self._edited)
        model.experiment_changed.connect(self._follow)
        model.edit_begun.connect(self._give_way)
        model.time.timeline_changed.connect(self._offer_comparison)
        model.theme_changed.connect(self._fit_width)
        self._show(model.experiment)
        self._fit_width()

    @Slot()
    def _fit_width(self) -> None:
        """Set the minimum width to that of the fields, which grows with the font, since they do not scroll sideways."""
        # What is hidden has the old font, and its layouts the old sizes, until somebody asks.
        for widget in self._inside.findChildren(QWidget):
            widget.ensurePolished()
        for layout in self._inside.findChildren(QLayout):
            layout.invalidate()
        bar = self._area.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(max(_LEAST_WIDTH, self._inside.minimumSizeHint().width() + bar + 2 * GAP))

    def _add_fields(self) -> None:
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, GAP // 2, GAP // 2, 0)
        column.setSpacing(5)
        groups: dict[str, list[QWidget]] = {
            _("DATA"): [
                self.fields["dataset"],
                self.note,
                *(self.fields[n] for n in ("samples", "noise", "classes", "data_seed", *_OF_A_SPLIT)),
            ],
            _("NETWORK"): [self.layers, *(self.fields[n] for n in ("leak", "initializer", "seed"))],
            _("TRAINING"): [self.fields[n] for n in ("loss", "learning_rate", "batch_size", "shuffle", "train_biases")],
            _("OPTIMISER"): [self.fields[n] for n in OPTIMISER],
            _("SCHEDULE"): [self.fields[n] for n in SCHEDULE],
        }
        for title, widgets in groups.items():
            column.addWidget(heading(title))
            for widget in widgets:
                column.addWidget(widget)
            column.addSpacing(GAP // 2)
        column.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        self.layout_.addWidget(self._area, 1)

    def _add_notice(self) -> None:
        self.notice = QFrame()
        self._warning = QLabel(wordWrap=True)
        self.apply = QPushButton(_("New network"))
        self.apply.setToolTip(_("Create a new network with these values; Undo brings the current run back"))
        self.apply.setProperty("role", "primary")
        self.compare = QPushButton(_("Compare"))
        self.revert = QPushButton(_("Undo"))
        self.revert.setToolTip(_("Restore the values of the current network"))
        buttons = QHBoxLayout()
        buttons.addWidget(self.apply, 1)
        buttons.addWidget(self.compare)
        buttons.addWidget(self.revert)
        column = QVBoxLayout(self.notice)
        column.setContentsMargins(0, GAP // 2, 0, 0)
        column.addWidget(self._warning)
        column.addLayout(buttons)
        self.notice.hide()
        self.layout_.addWidget(self.notice)
        self.apply.clicked.connect(self._apply)
        self.compare.clicked.connect(self._compare)
        self.revert.clicked.connect(self._revert)

    # Model signals

    @Slot(object)
    def _follow(self, experiment: Experiment) -> None:
        """Show the model's changes, but keep the values that the user is editing."""
        if experiment.needs_new_network(self._shown):
            self._show(experiment)
            return
        self._shown = experiment
        for name in LIVE & self.fields.keys():
            # A field with an invalid value is still being edited, and keeps its text.
            if not self.fields[name].problem():
                self.fields[name].show_value(getattr(experiment, name))
        self._validate()

    def _show(self, experiment: Experiment) -> None:
        self._shown = experiment
        self._offer_own_table(experiment)
        for name, field in self.fields.items():
            field.show_value(getattr(experiment, name))
        self.layers.show_layers(experiment.hidden, experiment.activations, experiment.n_outputs)
        self._validate()

    def _offer_own_table(self, experiment: Experiment) -> None:
        """Add the user's own table to the datasets, once there is one."""
        if experiment.table is None:
            return
        if self._own is None:
            datasets = self.fields["dataset"]
            assert isinstance(datasets, ChoiceField)
            datasets.offer(_("Own table"), TABLE, option_lines.OWN_TABLE)
        self._own = experiment

    # Editing

    def draft(self) -> Experiment:
        """Return the experiment with the typed values; it may be invalid."""
        values: dict[str, Any] = {name: field.value() for name, field in self.fields.items()}
        values |= {name: getattr(self._own, name) for name in NO_TABLE} if values["dataset"] == TABLE else NO_TABLE
        dataset = dataclasses.replace(self._shown, **values).data
        if dataset.most_classes == 2:
            values["classes"] = 2
        values |= {name: getattr(self._shown, name) for name in _idle_fields(dataset)}
        if not dataset.is_split:
            values["scale"] = "none"
        values |= {"hidden": self.layers.hidden(), "activations": self.layers.activations()}
        values["parameters"] = self._shown.parameters if values["initializer"] == GIVEN else ()
        return dataclasses.replace(self._shown, **values)

    @Slot()
    def _fit_to_task(self) -> None:
        """Give another task the output and the loss that fit it, where the present ones are those of the other task."""
        is_classification, output = self.draft().is_classification, self.layers.output
        if is_classification and output.activation_value() == "none":
            output.show_layer(output.width_value(), "sigmoid")
        elif not is_classification and output.activation_value() in ("sigmoid", "softmax"):
            output.show_layer(output.width_value(), "none")
            self.fields["loss"].show_value("mse")

    @Slot()
    def _edited(self) -> None:
        problems, draft = self._validate(), self.draft()
        good = {name: getattr(draft, name) for name in LIVE if name not in problems}
        live = dataclasses.replace(self.model.experiment, **good)
        if live != self.model.experiment:
            self.model.change_hyperparameters(live)
        if self._may_replace_data(draft, problems):
            self._apply()

    def _may_replace_data(self, draft: Experiment, problems: dict[str, str]) -> bool:
        """Return whether only the samples are others, and nothing has been trained on the present ones."""
        present, status = self._shown, self.model.status
        timeline, place = self.model.time.timeline, (status.position, status.furthest)
        is_untouched = place == (Position(), Position()) and not self.model.is_running
        if problems or not is_untouched or timeline is None or len(timeline.branches) > 1 or timeline.undo:
            return False
        others = {each.field for each in differences(present, draft)} - LIVE
        return bool(others) and others <= SAMPLES

    def _validate(self) -> dict[str, str]:
        """Mark invalid fields, show whether a new network is needed, and return the problem of each field."""
        draft = self.draft()
        problems = draft.problems()
        for name, field in self.fields.items():
            field.complain(problems.get(name))
        self.layers.complain(problems.get("hidden") or problems.get("activations"))
        dataset = draft.data
        self.fields["classes"].setVisible(dataset.most_classes > 2)
        for name in (*_OF_DRAWN_POINTS, *_OF_A_SPLIT):
            self.fields[name].setVisible(name not in _idle_fields(dataset))
        for name in (*OPTIMISER, *SCHEDULE):
            self.fields[name].setVisible(has_effect(name, draft))
        self.fields["leak"].setVisible("leaky_relu" in draft.activations)
        note = _own_note(draft) if draft.table else self._notes.get(draft.dataset, "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if "classes" not in problems:
            self.layers.output.width_editor.setText(str(draft.n_outputs))
        self._offer_new_network(draft, problems)
        return problems

    def _offer_new_network(self, draft: Experiment, problems: dict[str, str]) -> None:
        is_needed = draft.needs_new_network(self._shown)
        if is_needed and not self.notice.isVisibleTo(self):
            self.model.edit_begun.emit(self)
        self.notice.setVisible(is_needed)
        self.apply.setEnabled(not problems)
        self._offer_comparison()
        position = self.model.position
        trained = (
            _(" at epoch {count}").format(count=formats.count(position.epoch)) if position and position.epoch else ""
        )
        if problems:
            self._warning.setText(_("The current network stays in use. Correct the marked values to create a new one."))
        else:
            self._warning.setText(
                _("This needs a new network; until then, the current one{trained} stays in use.").format(
                    trained=trained
                )
            )

    @Slot()
    def _offer_comparison(self) -> None:
        reason = self._comparison_obstacle(self.draft())
        self.compare.setEnabled(not reason)
        self.compare.setToolTip(reason or _(_COMPARE))

    def _comparison_obstacle(self, draft: Experiment) -> str:
        """Return why the draft cannot be compared with the current network, or "" if it can."""
        timeline = self.model.time.timeline
        if draft.problems():
            return _("Correct the marked values first")
        if fields := differing_sample_fields(self.model.experiment, draft):
            words = _(" and ").join(label(name) for name in fields)
            return _("Only networks on the same samples can be compared: leave {words} as before").format(words=words)
        if timeline is None:
            return _("There is no network to compare with yet")
        if len(timeline.branches) >= MOST_BRANCHES:
            return _("The limit is {most_branches} branches: delete one first").format(most_branches=MOST_BRANCHES)
        return ""

    @Slot()
    def _compare(self) -> None:
        draft, present = self.draft(), self.model.experiment
        name = ", ".join(each.change() for each in differences(present, draft))
        self._show(present)
        self.model.post(LoadBeside(draft, name[:MAX_NAME_LENGTH].rstrip(", ")))

    @Slot()
    def _apply(self) -> None:
        self.model.load(self.draft(), keeps_points=True)

    @Slot(object)
    def _give_way(self, editor: object) -> None:
        """Undo the edits when others of the same experiment begin elsewhere."""
        if editor is not self and self.notice.isVisibleTo(self):
            self._revert()

    @Slot()
    def _revert(self) -> None:
        self._show(self.model.experiment)


def _own_note(experiment: Experiment) -> str:
    """Return the name of the user's own table, and what is learned of it."""
    assert experiment.table is not None
    names = [quoted(name) for name in experiment.inputs[:_MOST_NAMED]]
    names += (
        [_("{n_inputs:,} more").format(n_inputs=len(experiment.inputs) - _MOST_NAMED)]
        if len(experiment.inputs) > _MOST_NAMED
        else []
    )
    return _("{name}, {n_rows:,} rows: {target} from {names}").format(
        name=quoted(experiment.table.name),
        n_rows=experiment.table.n_rows,
        target=quoted(experiment.target),
        names=", ".join(names),
    )


def _idle_fields(dataset: Dataset) -> tuple[str, ...]:
    """Return the fields that have no effect on a dataset."""
    return (() if dataset.is_drawn else _OF_DRAWN_POINTS) + (() if dataset.is_split else _OF_A_SPLIT)


def _make_fields() -> dict[str, ChoiceField | NumberField | SwitchField]:
    datasets = {name: dataset.title for name, dataset in DATASETS.items()}
    return {
        "dataset": ChoiceField(_("Dataset"), _("The samples to learn"), datasets, option_lines.DATASETS),
        "samples": NumberField(_("Samples"), _("Number of points, training and test set together")),
        "noise": NumberField(
            _("Noise"), _("Standard deviation of the noise added to each point; for blobs, of each cloud")
        ),
        "classes": NumberField(_("Classes"), _("Number of clouds, 2 to 6; the output layer has one neuron for each")),
        "data_seed": NumberField(_("Data seed"), _("Seed of the points: the same seed gives the same points")),
        "test_share": NumberField(
            _("Test share"),
            _("Fraction of the points, between 0 and 1, that is kept for the test and never trained on"),
        ),
        "split_seed": NumberField(_("Split seed"), _("Seed of the split into training and test set")),
        "scale": ChoiceField(_("Scaling"), _(_SCALING), _SCALE_TITLES, option_lines.SCALES),
        "leak": NumberField(_("Leak"), _("The slope of leaky relu where z is negative, above 0 and up to 1")),
        "initializer": ChoiceField(
            _("Initializer"), _(_INITIALIZER), {n: n for n in (*NAMES, GIVEN)}, option_lines.INITIALIZERS
        ),
        "seed": NumberField(_("Seed"), _("Seed of the initial weights and of the order of shuffled samples")),
        "loss": ChoiceField(_("Loss"), _("The function that training minimizes"), _LOSS_TITLES, option_lines.LOSSES),
        "learning_rate": NumberField(
            _("Learning rate"), _("How far an update goes against the gradient; changes take effect at once")
        ),
        "batch_size": NumberField(_("Batch size"), _("How many samples an update averages over; 1 in the article")),
        "shuffle": SwitchField(
            _("Shuffle"), _("Visit the samples of each epoch in a new order, drawn from seed and epoch")
        ),
        "train_biases": SwitchField(_("Train biases"), _(_BIASES)),
    }
