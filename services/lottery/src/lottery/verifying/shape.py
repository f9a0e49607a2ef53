"""Whether a JSON document has the fields it must have, no others, and each of the right kind."""

from collections.abc import Iterator
from typing import Any

ANYTHING: dict[type, object] = {}
"""The shape of an object whose content is not looked at."""


def misshapen(value: Any, shape: Any, where: str) -> Iterator[str]:
    """Say where a value does not have its shape.

    A shape is a type, `None`, a tuple of shapes one of which must fit, `[shape]` for a list, `{"field": shape}` for an
    object with exactly these fields, `{str: shape}` for one with any fields, or `ANYTHING` for any object at all.
    """
    if isinstance(shape, tuple):
        shape = next((one for one in shape if _has(value, one)), shape)
    if isinstance(shape, tuple) or not _has(value, shape):
        yield f"{where} is not {_name(shape)}"
    elif isinstance(shape, list):
        for number, item in enumerate(value):
            yield from misshapen(item, shape[0], f"{where}[{number}]")
    elif isinstance(shape, dict) and shape:
        yield from _fields(value, shape, where)


def _fields(value: dict[str, Any], shape: dict[Any, Any], where: str) -> Iterator[str]:
    fields = dict.fromkeys(value, shape[str]) if str in shape else shape
    for field in sorted(fields.keys() - value.keys()):
        yield f"{where}.{field} is missing"
    for field in sorted(value.keys() - fields.keys()):
        yield f"{where}.{field} does not belong there"
    for field in sorted(fields.keys() & value.keys()):
        yield from misshapen(value[field], fields[field], f"{where}.{field}")


def _kind(shape: Any) -> type:
    if shape is None:
        return type(None)
    return shape if isinstance(shape, type) else type(shape)


def _has(value: Any, shape: Any) -> bool:
    # `type` and not `isinstance`: to Python `true` is a whole number too, to a record it is not.
    return type(value) is _kind(shape)


def _name(shape: Any) -> str:
    if isinstance(shape, tuple):
        return " or ".join(_name(one) for one in shape)
    words = {str: "text", int: "a whole number", bool: "true or false", type(None): "null", list: "a list"}
    return words.get(_kind(shape), "an object")
