"""The ways to install the course agree, and name nobody's servers."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from helpers.course import environment, locking

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
PINS = {Requirement(pin).name: Requirement(pin) for pin in locking.pins(LOCK)}


def direct() -> list[Requirement]:
    extra = PROJECT["optional-dependencies"]["dev"]
    return [Requirement(text) for text in PROJECT["dependencies"] + extra]


def is_pinned_within(requirement: Requirement, pins: dict[str, Requirement]) -> bool:
    pin = pins.get(requirement.name)
    return pin is not None and requirement.specifier.contains(str(pin.specifier)[2:])


@pytest.mark.parametrize("requirement", direct(), ids=lambda r: r.name)
def test_lock_satisfies_pyproject(requirement: Requirement) -> None:
    assert is_pinned_within(requirement, PINS)


def test_lock_check_can_fail() -> None:
    assert not is_pinned_within(Requirement("numpy>=99"), PINS)
    assert not is_pinned_within(Requirement("left-pad"), PINS)


def test_every_pin_is_hashed_and_no_host_is_named() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) == len(PINS)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK and "index-url" not in LOCK and "find-links" not in LOCK


def test_lock_serves_every_supported_python_and_system() -> None:
    assert "--universal" in Path(locking.__file__).read_text()
    on_windows = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
    needed = {n for n, pin in PINS.items() if not pin.marker or pin.marker.evaluate(on_windows)}
    assert {"colorama", "pywinpty", "tensorflow"} <= needed


def test_environment_yml_repeats_the_lock() -> None:
    text = (ROOT / "environment.yml").read_text()
    assert text == locking.environment(LOCK), "run `make lock`"
    dependencies = yaml.safe_load(text)["dependencies"]
    (pip,) = [entry["pip"] for entry in dependencies if isinstance(entry, dict)]
    assert pip[-1] == "-e ."
    assert {str(Requirement(line)) for line in pip[:-1]} == {str(p) for p in PINS.values()}


def test_supported_pythons_are_the_same_everywhere() -> None:
    supported = SpecifierSet(PROJECT["requires-python"])
    versions = [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in supported]
    assert versions == ["3.11", "3.12", "3.13"]
    oldest, newest = environment.PYTHONS
    assert (f"3.{oldest[1]}", f"3.{newest[1]}") == (versions[0], versions[-1])
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in (ROOT / "Makefile").read_text()
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"][0]
    assert conda.removeprefix("python=") in versions
    assert (ROOT / "binder" / "runtime.txt").read_text().strip("python-\n") in versions
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert workflow["jobs"]["linux"]["strategy"]["matrix"]["python"] == versions


def test_import_of_helpers_brings_no_heavy_package() -> None:
    code = (
        "import sys, helpers; heavy = {'numpy', 'tensorflow', 'matplotlib', 'IPython'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_exercises_and_checks_need_no_tensorflow() -> None:
    code = (
        "import sys; from helpers.course import exercise; exercise.all_exercises(); "
        "print('tensorflow' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("False", "")


def test_unsupported_python_gets_one_clear_sentence() -> None:
    result = subprocess.run(
        ["make", "setup", "PYTHON=false", "VENV=build/none", "BIN=build/none/bin"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode != 0
    assert "This course needs Python 3.11, 3.12 or 3.13" in result.stdout
    assert not (ROOT / "build" / "none").exists()
