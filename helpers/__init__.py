"""Everything that the course's notebooks import.

`import helpers` is cheap: it imports no submodule and no TensorFlow.
"""

import os

# TensorFlow reads this once, when it is first imported. Without it every notebook opens with
# a wall of log lines about the processor; errors are still printed.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
