"""Every test, and every kernel that a test starts, keeps progress in a folder of its own."""

import os
import tempfile

# Before any import of the helpers, and inherited by the kernels of nbval and nbgrader.
os.environ["LVM_DATA_DIR"] = tempfile.mkdtemp(prefix="large-video-models-tests-")
