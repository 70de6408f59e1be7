"""Settings: dataclasses made from what JSON or YAML holds, each value held to its annotation."""

import dataclasses
import math
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

NAMES = {
    int: "a whole number",
    float: "a number (0.0001, not 1e-4)",
    str: "a text",
    bool: "true or false",
    types.NoneType: "nothing",
}


def from_dict(values: Mapping[str, Any], kind: type) -> Any:  # noqa: ANN401
    """Builds a dataclass from a dictionary, nested ones too.

    Raises:
        ValueError: A key is unknown, or a value is of another kind than its annotation says.
    """
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ValueError(f"unknown {kind.__name__} setting: {', '.join(unknown)}")
    return kind(**{name: convert(name, value, hints[name]) for name, value in values.items()})


def convert(name: str, value: Any, hint: Any) -> Any:  # noqa: ANN401
    """A value as its annotation wants it, or a ValueError that names it."""
    choices = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    nested = [choice for choice in choices if dataclasses.is_dataclass(choice)]
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if nested and isinstance(value, Mapping):
        return from_dict(value, typing.cast(type, _of_kind(value, nested)))
    if nested and not (value is None and types.NoneType in choices):
        raise ValueError(f"{name} is {value!r}, where settings belong")
    if origin is tuple:
        return _tuple(name, value, inner)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise ValueError(f"{name} is {value!r}, where names with values belong")
        return {key: convert(f"{name}.{key}", each, inner[1]) for key, each in value.items()}
    plain = [choice for choice in choices if choice in NAMES]
    if plain and not any(_fits(value, choice) for choice in plain):
        wanted = " or ".join(NAMES[choice] for choice in plain)
        raise ValueError(f"{name} is {value!r}, and not {wanted}")
    return value


def _tuple(name: str, value: Any, inner: Sequence[Any]) -> tuple[Any, ...]:  # noqa: ANN401
    if not isinstance(value, list | tuple):
        raise ValueError(f"{name} is {value!r}, where a list belongs")
    kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
    if len(kinds) != len(value):
        raise ValueError(f"{name} has {len(value)} values, and not {len(kinds)}")
    return tuple(convert(name, each, kind) for each, kind in zip(value, kinds, strict=True))


def _fits(value: Any, kind: type) -> bool:  # noqa: ANN401
    """Whether a value is of a plain kind; a whole number is also a broken one, if it is finite."""
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float) and math.isfinite(value)
    return isinstance(value, kind)


def _of_kind(values: Mapping[str, Any], choices: list[Any]) -> Any:  # noqa: ANN401
    """The dataclass among the choices that has the kind named; the first, if none is named."""
    if "kind" not in values or len(choices) == 1:
        return choices[0]
    named = {choice.kind: choice for choice in choices}
    if values["kind"] not in named:
        raise ValueError(f"unknown kind {values['kind']!r}: there are {', '.join(named)}")
    return named[values["kind"]]
