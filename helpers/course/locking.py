"""``make lock``: pin every package, and write the same pins into ``environment.yml``.

pip refuses an editable install beside hashes, so conda users get the versions of the lock
without its hashes, and the course itself as the last line.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / "environment.yml"
HEAD = """\
# For conda users: conda env create -f environment.yml && conda activate large-video-models
# Written by `make lock` from requirements.lock: the same versions, without the hashes, since
# pip installs nothing editable (the last line) beside hashes.
name: large-video-models
channels:
  - conda-forge
dependencies:
  - python=3.12
  - pip
  - pip:
"""


def main() -> int:
    compile_lock = [
        "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header",
        "--fork-strategy", "fewest", "--python-version", "3.11", "--all-extras",
        "pyproject.toml", "--output-file", LOCK.name,
    ]  # fmt: skip
    result = subprocess.run([sys.executable, "-m", *compile_lock], cwd=ROOT)
    if result.returncode:
        return result.returncode
    ENVIRONMENT.write_text(environment(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def environment(lock: str) -> str:
    """The text of environment.yml that belongs to a lock."""
    lines = [f'      - "{pin}"\n' for pin in pins(lock)]
    return HEAD + "".join(lines) + '      - "-e ."\n'


def pins(lock: str) -> list[str]:
    """Each ``name==version ; marker`` of a lock, without hashes and comments."""
    found = re.findall(r"^([A-Za-z0-9._-]+==[^\\\n]+?)\s*\\?$", lock, flags=re.MULTILINE)
    return [re.sub(r"\s+", " ", pin) for pin in found]


if __name__ == "__main__":
    sys.exit(main())
