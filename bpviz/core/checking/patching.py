"""Watching the calls of somebody's methods: for a time, functions that tell of the calls stand in their place."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bpviz.core.diagnosis.input_error import InputError
from bpviz.language import _

#: Gets a function that makes the call, and the arguments; it must make the call once, and return what that returns.
Around: TypeAlias = Callable[[Callable[[], Any], tuple[Any, ...], Mapping[str, Any]], Any]
_NOTHING = object()


class Patches:
    """Methods of one object that are watched.

    A method that is defined in a class is replaced in the class, for this object alone: copies and pickles of the
    object, which refer to the class, stay free of it. Anything else, such as a function of a module, is replaced in the
    object itself.
    """

    def __init__(self, owner: Any) -> None:
        self._owner = owner
        self._undo: list[tuple[Any, str, Any]] = []

    def watch(self, name: str, around: Around) -> None:
        """Watch the calls of a method until `remove`.

        Raises
        ------
        ValueError
            If it cannot be replaced.
        """
        holder, stands_in = self._stand_in(name, around)
        before = vars(holder).get(name, _NOTHING)
        try:
            setattr(holder, name, stands_in)
        except (AttributeError, TypeError) as fault:
            raise InputError(
                _(
                    "calls of {name} cannot be observed ({fault}); call recorder.note(x, y) after each backward pass"
                ).format(name=name, fault=fault)
            ) from fault
        self._undo.append((holder, name, before))

    def remove(self) -> None:
        """Put back what was there, in the opposite order."""
        while self._undo:
            holder, name, before = self._undo.pop()
            if before is _NOTHING:
                delattr(holder, name)
            else:
                setattr(holder, name, before)

    def _stand_in(self, name: str, around: Around) -> tuple[Any, Callable[..., Any]]:
        """Return the object whose attribute is to be replaced, and by what."""
        owner = self._owner
        own = getattr(owner, "__dict__", {})
        found = inspect.getattr_static(type(owner), name, None)
        if name in own or not inspect.isfunction(found):
            original = getattr(owner, name)
            if not hasattr(owner, "__dict__"):
                raise InputError(
                    _("calls of {name} cannot be observed; call recorder.note(x, y) after each backward pass").format(
                        name=name
                    )
                )

            @functools.wraps(original)
            def of_object(*given: Any, **named: Any) -> Any:
                return around(functools.partial(original, *given, **named), given, named)

            return owner, of_object

        @functools.wraps(found)
        def of_class(self: Any, *given: Any, **named: Any) -> Any:
            call = functools.partial(found, self, *given, **named)
            return around(call, given, named) if self is owner else call()

        return type(owner), of_class
