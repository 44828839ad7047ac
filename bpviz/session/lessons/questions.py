"""Questions of lessons. The right answer to a question about numbers is computed from the session."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from bpviz.language import _
from bpviz.session.lessons.measures import Measure, measure_value
from bpviz.session.lessons.situation import Situation
from bpviz.session.training.position import Position

#: How an answer follows from the measures, see `Question.rule`.
RULES = ("sign", "above", "largest", "smallest", "number", "stated")
_TOLERANCE = 0.05
_PLACE = re.compile(r"\{(\d)\}")


@dataclass(frozen=True)
class Question:
    """Asks for a prediction, which is then compared with the session's numbers.

    Attributes
    ----------
    ask : str
    choices : tuple of str
        Empty if the answer is a number.
    rule : str
        "sign": the first choice for a positive number, the second for a negative one. "above": the first if the first
        measure is larger than the second, else the second. "largest", "smallest": the choice whose measure it is.
        "number": the measure itself. "stated": `stated`, for what is not about numbers.
    measures : tuple of Measure
        Those that decide come first; others may follow for `why`.
    stated : int or None
        The number of the right choice, from 0.
    why : str
        The reason; {0}, {1} and so on stand for the values of the measures.
    hide : tuple of str
        Panels that would tell the answer.
    reveal_at : Position or None
        Where the session goes to show the answer; None to stay.
    """

    ask: str
    choices: tuple[str, ...]
    rule: str
    measures: tuple[Measure, ...] = ()
    stated: int | None = None
    why: str = ""
    hide: tuple[str, ...] = ()
    reveal_at: Position | None = None

    def problem(self) -> str | None:
        """Return why its members do not fit together, as a sentence, or None."""
        choices, measures = len(self.choices), len(self.measures)
        if self.rule == "number":
            fault = None if measures and not choices else _("a number needs a measure and no choices")
        elif choices < 2:
            fault = _("at least two choices are needed")
        elif self.rule == "stated":
            is_choice = self.stated is not None and 0 <= self.stated < choices
            fault = None if is_choice else _("stated must be the number of a choice, counted from 0")
        else:
            fault = self._problem_of_rule(choices, measures)
        if fault is None and any(int(place) >= measures for place in _PLACE.findall(self.why)):
            fault = _("why names a measure that there is not: {0} is the first")
        return fault

    def _problem_of_rule(self, choices: int, measures: int) -> str | None:
        needed = {"sign": 1, "above": 2}.get(self.rule, choices)
        if self.rule in ("sign", "above") and choices != 2:
            return _("{rule} needs two choices").format(rule=self.rule)
        text = _("{rule} needs {needed} measures, not {measures}")
        return text.format(rule=self.rule, needed=needed, measures=measures) if measures < needed else None


@dataclass(frozen=True)
class Answer:
    """The right answer.

    Attributes
    ----------
    choice : int or None
        The number of the right choice; None if the answer is a number.
    number : float or None
    text : str
        The answer in words or digits.
    why : str
        The reason, with the values filled in.
    """

    choice: int | None
    number: float | None
    text: str
    why: str


def right_answer(question: Question, situation: Situation) -> Answer | None:
    """Return the right answer; None while the session does not have the numbers, or they decide nothing."""
    values = [measure_value(measure, situation) for measure in question.measures]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    texts = [f"{value:.4g}".replace("-", "−") for value in known]
    why = _PLACE.sub(lambda place: texts[int(place[1])], question.why)
    if question.rule == "number":
        return Answer(None, known[0], texts[0], why)
    choice = _choice(question, known)
    return None if choice is None else Answer(choice, None, question.choices[choice], why)


def _choice(question: Question, values: list[float]) -> int | None:
    match question.rule:
        case "sign":
            return None if values[0] == 0.0 else int(values[0] < 0.0)
        case "above":
            return int(values[0] <= values[1])
        case "largest":
            return int(np.argmax(values[: len(question.choices)]))
        case "smallest":
            return int(np.argmin(values[: len(question.choices)]))
        case _:
            return question.stated


def is_right(answer: Answer, predicted: int | float) -> bool:
    """Return whether a prediction is right: the choice itself, or a number within 5 % of it."""
    if answer.number is None:
        return predicted == answer.choice
    return abs(predicted - answer.number) <= _TOLERANCE * abs(answer.number)
