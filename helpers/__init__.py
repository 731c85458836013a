"""Everything that the course's notebooks import.

`import helpers` is cheap: it imports no submodule and no TensorFlow.
"""

import os

from helpers.quiet import quiet_tensorflow

# TensorFlow reads this once, when it is first imported; errors are still printed.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
quiet_tensorflow()
