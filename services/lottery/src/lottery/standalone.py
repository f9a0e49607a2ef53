"""The verifier as one file that runs with Python alone: `lottery.verifying`, its modules joined in order.

Whoever checks a draw should be able to read what checks it, so the modules are joined as they are written; their
imports stand together at the top, and what a module says of itself becomes a comment above it.
"""

import ast
from functools import cache
from pathlib import Path

FILE_NAME = "lottery_verify.py"
_PACKAGE = "lottery.verifying"
_FIRST = "verify"
_HEAD = """#!/usr/bin/env python3
# Verify the draw of a citizens' assembly: python3 lottery_verify.py record.json
#
# One file, Python 3.10 or later, nothing to install, no network. It says line by line what holds, what FAILS and what
# cannot be seen from the files that were given. `--help` tells the rest. Made of {package}, MPL-2.0.

import sys

if sys.version_info < (3, 10):
    sys.exit("This needs Python 3.10 or later.")
"""
_TAIL = """

if __name__ == "__main__":
    raise SystemExit(main())
"""


@cache
def standalone() -> str:
    """Return the file's text."""
    folder = Path(__file__).parent / "verifying"
    modules: dict[str, str] = {}
    plain, named = set[str](), dict[str, set[str]]()
    _read(_FIRST, folder, modules, plain, named)
    imports = [f"import {name}" for name in sorted(plain - {"sys"})]  # the head has that one
    imports += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(named.items())]
    return "\n".join([_HEAD.format(package=_PACKAGE), *imports]) + "".join(modules.values()) + _TAIL


def _read(name: str, folder: Path, modules: dict[str, str], plain: set[str], named: dict[str, set[str]]) -> None:
    """Add a module behind those it imports, and what it imports of the standard library to the names."""
    source = (folder / f"{name}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    dropped = [tree.body[0]]  # what the module says of itself, which becomes a comment
    for node in tree.body:
        if isinstance(node, ast.Import):
            plain.update(one.name for one in node.names)
            dropped.append(node)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            dropped.append(node)
            if not module.startswith(f"{_PACKAGE}."):
                named.setdefault(module, set()).update(one.name for one in node.names)
            elif module.removeprefix(f"{_PACKAGE}.") not in modules:
                _read(module.removeprefix(f"{_PACKAGE}."), folder, modules, plain, named)
    gone = {number for node in dropped for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    kept = [line for number, line in enumerate(source.splitlines(), start=1) if number not in gone]
    about = "".join(f"# {line}".rstrip() + "\n" for line in (ast.get_docstring(tree) or "").splitlines())
    modules[name] = f"\n\n# --- {name} ---\n{about}\n\n" + "\n".join(kept).strip("\n") + "\n"
