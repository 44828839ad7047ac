"""Questions and measures as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

from bpviz.language import _
from bpviz.session.experiment.json_fields import (
    AnyValue,
    Nullable,
    metric_to_values,
    read_list,
    read_members,
    read_metric,
)
from bpviz.session.experiment.validation import Integer, ListOf, OneOf, Rule, Text, TextLine
from bpviz.session.lessons.measures import COLUMNS, EpochMeasure, Measure, UpdateMeasure
from bpviz.session.lessons.questions import RULES, Question
from bpviz.session.lessons.task_json import read_position

#: At most so many choices has a question, and so many measures.
MOST_CHOICES = 8
_EPOCH = Integer(1, 10_000_000)
_QUESTION: dict[str, Rule] = {
    "ask": Text(1000),
    "choices": ListOf(TextLine(200), MOST_CHOICES),
    "rule": OneOf(RULES),
    "measures": AnyValue(),
    "stated": Nullable(Integer(0, MOST_CHOICES)),
    "why": Text(2000),
    "hide": ListOf(TextLine(40), 30),
    "reveal_at": AnyValue(),
}
_OF_UPDATE: dict[str, Rule] = {"metric": AnyValue(), "over": AnyValue()}
_OF_EPOCH: dict[str, Rule] = {"column": OneOf(COLUMNS), "epoch": _EPOCH, "since": Nullable(_EPOCH)}


def read_question(values: Any, what: str) -> Question:
    """Return the question of a JSON object; raises ValueError with a sentence."""
    members = read_members(values, what, _QUESTION, ("ask", "rule", "why"))

    def read_one(entry: Any, number: int) -> Measure:
        return _read_measure(entry, _("{what}, measure {number}").format(what=what, number=number))

    measures = read_list(members.get("measures", []), _("measures"), MOST_CHOICES, read_one)
    place = members.get("reveal_at")
    question = Question(
        members["ask"],
        tuple(members.get("choices", ())),
        members["rule"],
        measures,
        members.get("stated"),
        members["why"],
        tuple(members.get("hide", ())),
        read_position(place, what) if place is not None else None,
    )
    if problem := question.problem():
        raise ValueError(_("{what}: {problem}").format(what=what, problem=problem))
    return question


def _read_measure(values: Any, what: str) -> Measure:
    if isinstance(values, dict) and "column" in values:
        members = read_members(values, what, _OF_EPOCH, ("column", "epoch"))
        return EpochMeasure(members["column"], members["epoch"], members.get("since"))
    members = read_members(values, what, _OF_UPDATE, ("metric",))
    over = members.get("over")
    return UpdateMeasure(read_metric(members["metric"], what), read_metric(over, what) if over else None)


def question_values(question: Question) -> dict[str, Any]:
    """Return the JSON members of a question."""
    measures = [_measure_values(each) for each in question.measures]
    values: dict[str, Any] = {
        "ask": question.ask,
        "choices": list(question.choices),
        "rule": question.rule,
        "measures": measures,
    }
    values |= {"stated": question.stated, "why": question.why, "hide": list(question.hide)}
    place = question.reveal_at
    return values | ({"reveal_at": list(dataclasses.astuple(place))} if place else {})


def _measure_values(measure: Measure) -> dict[str, Any]:
    if isinstance(measure, EpochMeasure):
        return dataclasses.asdict(measure)
    values = {"metric": metric_to_values(measure.metric)}
    return values | ({"over": metric_to_values(measure.over)} if measure.over else {})
