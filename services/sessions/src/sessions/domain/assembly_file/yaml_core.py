"""YAML as people expect it: a time stays a time, `no` stays a word, and a key stands once.

PyYAML reads YAML 1.1, where `17:00` is the number 1020, `no` is false and the second of two equal keys silently wins.
"""

import re
from collections.abc import Iterator

import yaml


class CoreLoader(yaml.SafeLoader):
    """A SafeLoader that resolves numbers, true, false and null, and leaves the rest text (YAML 1.2 core schema)."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own interface


CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]*\.[0-9]+$"), list("-+.0123456789"))


def duplicate_keys(text: str) -> list[str]:
    """Return the path of every key that stands twice in its mapping. Raises yaml.YAMLError when `text` is not YAML."""
    root = yaml.compose(text, Loader=CoreLoader)
    return [] if root is None else list(_walk(root, "", set()))


def _walk(node: yaml.Node, path: str, seen: set[int]) -> Iterator[str]:
    if id(node) in seen:  # an alias: looked at already, and it may hold itself
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            at = f"{path}.{key.value}" if path else str(key.value)
            if str(key.value) in keys:
                yield at
            keys.add(str(key.value))
            yield from _walk(value, at, seen)
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _walk(value, f"{path}[{place}]", seen)
