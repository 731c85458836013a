"""``make classroom``: the learner's notebooks as an nbgrader course.

nbgrader's own commands do the rest, run inside the folder: ``generate_assignment``,
``autograde``, ``generate_feedback``. The notebooks already hold stubs where the answers go, so
nbgrader has no solutions to clear.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
# Written by `make classroom`.
c = get_config()
c.CourseDirectory.course_id = "large_video_models"
c.ClearSolutions.enabled = False  # the notebooks hold stubs already
c.ExecutePreprocessor.timeout = 120  # seconds a cell; a check takes 10 at the most
"""


def main() -> int:
    target = ROOT / "classroom"
    chapters = lay_out(ROOT / "notebooks", target)
    print(f"{target.name}/ holds {len(chapters)} assignments: {', '.join(chapters)}.")
    print("Go on with nbgrader there, in the course's environment, for example:")
    print("  source .venv/bin/activate     # nbgrader finds its own tools by name")
    print(f"  cd {target.name} && nbgrader generate_assignment {chapters[0]}")
    return 0


def lay_out(notebooks: Path, target: Path) -> list[str]:
    """Copy each notebook that has an exercise to ``source/NN_topic/``; returns the names.

    Grades, submissions and a changed configuration in ``target`` are left as they are.
    """
    names = []
    for path in sorted(notebooks.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if not any("nbgrader" in cell["metadata"] for cell in cells):
            continue
        folder = target / "source" / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / path.name)
        names.append(path.stem)
    config = target / "nbgrader_config.py"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    return names


if __name__ == "__main__":
    sys.exit(main())
