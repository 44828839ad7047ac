"""The form for what a step marks: the panels in front, and the selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpviz.language import _
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.lesson_json import MOST_FRONT
from bpviz.ui.lessons.forms.form_page import FormPage
from bpviz.ui.lessons.forms.panel_choice import PanelChoice
from bpviz.ui.lessons.forms.place_fields import NeuronFields, n_samples_of
from bpviz.ui.widgets.compact_editors import CompactSpinBox


class MarksForm(FormPage):
    """Chooses the panels that a step shows in front, and its sample and neuron."""

    def __init__(self) -> None:
        super().__init__(_("What step {number} marks"))
        self.panels = PanelChoice()
        self.sample = CompactSpinBox(_("Sample"), _("Number of the selected training sample, from 0"), _("none"))
        self.neuron = NeuronFields(none_word=_("none"))
        tip = _("Check panels in their order: a presentation shows the first two alone")
        self.add_field(_("Panels in front"), self.panels, tip)
        self.add_field(_("Selected sample"), self.sample)
        self.add_field(_("Selected neuron"), self.neuron)
        self.column.addStretch(1)

    def fill(self, step: LessonStep, panels: Mapping[str, str]) -> None:
        """See `FormPage`."""
        scene = step.scene
        self.panels.show_panels(panels, scene.front)
        self.sample.set_count(n_samples_of(scene.experiment))
        self.sample.show_number(scene.sample)
        self.neuron.show_neuron(scene.experiment.sizes, scene.layer, scene.neuron)

    def with_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        if len(self.panels.keys) > MOST_FRONT:
            raise ValueError(_("a step shows at most {most} panels in front").format(most=MOST_FRONT))
        layer, neuron = self.neuron.chosen()
        front, sample = tuple(self.panels.keys), self.sample.number()
        return replace(step, scene=replace(step.scene, front=front, sample=sample, layer=layer, neuron=neuron))

    def without_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        return replace(step, scene=replace(step.scene, front=(), sample=None, layer=None, neuron=None))
