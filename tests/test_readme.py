"""What the README and CONTRIBUTING promise is there."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_link_to_a_file_leads_somewhere() -> None:
    for text in (README, CONTRIBUTING):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (ROOT / target).exists(), target


def test_every_make_command_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE))
    for command in re.findall(r"make ([a-z]+)", README + CONTRIBUTING):
        assert command in targets, command
    assert "nothing" not in targets


def test_every_chapter_is_in_the_table_with_its_title_and_minutes() -> None:
    for path in sorted((ROOT / "solutions").glob("*.ipynb")):
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["course"]
        titles = f"[{about['title']} · {about['title_zh']}](solutions/{path.name})"
        assert f"| {path.name[:2]} | {titles} | {about['minutes']} |" in README, path.name


def test_ci_runs_the_readmes_own_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
