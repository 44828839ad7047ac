"""The key of a surface: classes, or the first target of a regression in its original units."""

from __future__ import annotations

import numpy as np

from bpviz.core.data.split import Split
from bpviz.language import _
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.sample_looks import target_range
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme

_TICKS = 5


def show_key(bar: ColourBar, split: Split, theme: Theme, *, is_line: bool = False) -> None:
    """Label a colour bar; over a single input the colours are those of the outputs, which are drawn as lines."""
    if not split.is_classification and not is_line:
        _show_targets(bar, split, theme)
        return
    title = split.class_title if split.is_classification else split.output_names.__getitem__
    names = [title(k) for k in range(split.n_outputs)]
    bar.set_widest(f"{max((*names, _('class 0')), key=len)} ")
    if split.n_classes == 2:
        bar.show_scale(theme, colours.difference_map(theme))
        bar.show_ticks([(0.0, names[0]), (0.5, _("tie")), (1.0, names[1])])
    else:
        bar.show_scale(theme, colours.class_map(theme, len(names)))
        bar.show_ticks([((k + 0.5) / len(names), name) for k, name in enumerate(names)])


def _show_targets(bar: ColourBar, split: Split, theme: Theme) -> None:
    ends = np.linspace(*target_range(split), _TICKS)
    units = split.target_scaling.undo(np.column_stack([ends] * split.n_outputs))[:, 0]
    texts = [formats.number(float(value), 3) for value in units]
    bar.set_widest(f"{max(texts, key=len)} ")
    bar.show_scale(theme, colours.activation_map())
    bar.show_ticks(list(zip(np.linspace(0, 1, _TICKS).tolist(), texts, strict=True)))
