"""What was found about own numbers, in words."""

from __future__ import annotations

from html import escape

from bpviz.language import N_, _
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.ui.style.theme import Theme

FIRST_LINK, FIRST_SIGN = "first", "▶"
_SEARCHING = N_("Comparing…")
_MOST_INVISIBLE = 6


def verdict(checked: NumbersChecked | None, theme: Theme, link: str = "") -> str:
    """Return the result as rich text; the sentence on the first wrong number, and words after it, are a link to it."""
    if checked is None:
        return _(_SEARCHING)
    sentence = escape(checked.sentence)
    if checked.first:
        shown = f'<span style="color: {theme.accent}">{link or _("Show this operation ›")}</span>'
        sentence = (
            f'<a href="{FIRST_LINK}" style="color: {theme.ink}; text-decoration: none">'
            f'<span style="color: {theme.danger}">{FIRST_SIGN}</span> {sentence} '
            f"{shown}</a>"
        )
    notes = [*checked.conventions, *_unseen(checked)]
    return "<br>".join([sentence, *(f'<span style="color: {theme.muted}">{escape(note)}</span>' for note in notes)])


def _unseen(checked: NumbersChecked) -> list[str]:
    names = [name.replace("_", " ") for name in checked.invisible]
    if not names:
        return []
    more = _(" and {n_names} more").format(n_names=len(names) - _MOST_INVISIBLE) if len(names) > _MOST_INVISIBLE else ""
    advice = _(" Give more arrays, or two samples or more, to see these too.")
    return [
        _("These mistakes would not show in these numbers: {names}{more}.{advice}").format(
            names=", ".join(names[:_MOST_INVISIBLE]), more=more, advice=advice
        )
    ]
