"""The list of presets: in groups, each with a line and a small picture of what it shows."""

from __future__ import annotations

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox

from bpviz.assets import resource
from bpviz.language import N_, _
from bpviz.session.experiment.presets import GROUPS, Preset, load_preset
from bpviz.ui.widgets.described_items import DescribedComboBox

_CUSTOM = N_("custom")
_LETTERS = 18
_MOST_SHOWN = 30


class PresetChooser(DescribedComboBox):
    """A combo box with the titles of the presets; an item's data are the name of its preset.

    The pictures are read when the list is first opened.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_(_CUSTOM))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LETTERS)
        self.setMaxVisibleItems(_MOST_SHOWN)
        self._has_pictures = False
        for group, names in GROUPS.items():
            self.items.add_group(_(group))
            for name in names:
                preset = load_preset(name)
                self.items.add(_(preset.title), name, _(preset.line), _(preset.about))

    @property
    def names(self) -> list[str]:
        """The names of all presets, in the order of the list."""
        return [name for names in GROUPS.values() for name in names]

    def chosen(self) -> Preset | None:
        """Return the preset that is shown; None for an experiment of the user's own, or at the title of a group."""
        name = self.currentData()
        return load_preset(name) if name else None

    def show_preset(self, name: str) -> None:
        """Show the preset of a name, or that there is none for ""."""
        self.setCurrentIndex(self.findData(name) if name else -1)

    def showPopup(self) -> None:
        """Open the list with the pictures."""
        if not self._has_pictures:
            self._has_pictures = True
            for name in self.names:
                self.items.set_picture(self.findData(name), QPixmap(str(resource("presets", f"{name}.png"))))
        super().showPopup()
