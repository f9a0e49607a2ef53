"""Whether a schema still holds what a published one promised.

A version may gain optional fields, and nothing else: hearers of the published version read what is said now, and facts
said long ago are read by hearers of today. Anything else is the next version beside it.
"""

from typing import Any

WORDS = {"title", "description", "examples", "$id"}
"""Keys that are for readers; changing them breaks nothing."""

NESTED = {"properties", "required", "$defs", "items", "prefixItems", "anyOf"}
"""Keys that are compared by what is inside them."""

Schema = dict[str, Any]


def breaks(published: Schema, current: Schema) -> list[str]:
    """Return what in `current` breaks the promise of `published`, each with its path; empty when nothing does."""
    return _object(published, current, published.get("$defs", {}), current.get("$defs", {}), "")


def _object(old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, path: str) -> list[str]:
    found: list[str] = []
    inside = f"{path}." if path else ""
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    for name, field in old_fields.items():
        where = f"{inside}{name}"
        if name not in new_fields:
            found.append(f"{where}: the field is gone")
        else:
            found += _value(field, new_fields[name], old_defs, new_defs, where)
    for name in new.get("required", []):
        where = f"{inside}{name}"
        if name not in old_fields:
            found.append(f"{where}: a new field must be optional")
        elif name not in old.get("required", []):
            found.append(f"{where}: the field was optional and is required now")
    found += [
        f"{inside}{name}: the field was always said and is optional now"
        for name in old.get("required", [])
        if name in new_fields and name not in new.get("required", [])
    ]
    return found


def _value(old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, path: str) -> list[str]:
    old, new = _resolved(old, old_defs), _resolved(new, new_defs)
    if "properties" in old and "properties" in new:
        return _object(old, new, old_defs, new_defs, path)
    found = [
        f"{path}: {key} was {old.get(key)!r} and is {new.get(key)!r}"
        for key in sorted((set(old) | set(new)) - WORDS - NESTED)
        if old.get(key) != new.get(key)
    ]
    if ("items" in old) != ("items" in new) or len(old.get("anyOf", [])) != len(new.get("anyOf", [])):
        found.append(f"{path}: the kind of value changed")
    elif "items" in old:
        found += _value(old["items"], new["items"], old_defs, new_defs, f"{path}[]")
    for before, after in zip(old.get("anyOf", []), new.get("anyOf", []), strict=False):
        found += _value(before, after, old_defs, new_defs, path)
    return found


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    target: Schema = definitions[reference.rsplit("/", 1)[1]]
    return target
