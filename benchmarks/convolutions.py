"""What do XLA and oneDNN do to 3D convolutions on the CPU?

One layer, in its forward pass and in a training step, each setting in a process of its own. Run
`python benchmarks/convolutions.py`; `benchmarks/README.md` has the last result.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

# A layer in the middle of a small 3D CNN for clips of 12x32x32.
BATCH, FRAMES, SIZE, CHANNELS, FILTERS, KERNEL = 16, 12, 32, 16, 32, 3
MOST_SECONDS = 300  # for one setting; what takes longer is stopped and told


class Setting(NamedTuple):
    name: str
    onednn: bool = True
    compiled: bool = False
    dtype: str = "float32"


SETTINGS = (
    Setting("plain"),
    Setting("XLA (`jit_compile=True`)", compiled=True),
    Setting("oneDNN off", onednn=False),
    Setting("XLA, oneDNN off", onednn=False, compiled=True),
    Setting("mixed bfloat16", dtype="mixed_bfloat16"),
)


def measure(setting: Setting, seconds: float) -> dict[str, float]:
    """Milliseconds of the first call, and of the median one after it, without a display."""
    import keras
    import numpy as np
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    clips = tf.random.normal((BATCH, FRAMES, SIZE, SIZE, CHANNELS))
    layer = keras.layers.Conv3D(FILTERS, KERNEL, padding="same", dtype=setting.dtype)
    layer.build(clips.shape)
    clips = tf.cast(clips, layer.compute_dtype)

    @tf.function(jit_compile=setting.compiled)
    def forward() -> Any:
        return layer(clips)

    @tf.function(jit_compile=setting.compiled)
    def step() -> Any:
        """The gradients of the weights, and of the input, which the layer before needs."""
        with tf.GradientTape() as tape:
            tape.watch(clips)
            loss = tf.reduce_mean(tf.square(tf.cast(layer(clips), tf.float32)))
        return tape.gradient(loss, [clips, *layer.trainable_variables])

    def timed(function: Callable[[], Any]) -> float:
        started = time.perf_counter()
        for result in tf.nest.flatten(function()):
            result.numpy()  # waits for it
        return 1000 * (time.perf_counter() - started)

    found = {}
    for name, function in (("forward", forward), ("step", step)):
        found[f"{name}, first"] = timed(function)
        times = [timed(function)]
        while len(times) < 5 or (sum(times) < 1000 * seconds and len(times) < 200):
            if sum(times) > 1000 * MOST_SECONDS / 5:  # so slow that fewer will do
                break
            times.append(timed(function))
        found[name] = float(np.median(times))
    return found


def in_a_process(number: int, seconds: float) -> dict[str, float] | None:
    """Measure one setting where TensorFlow is started anew; None when it takes too long."""
    environment = {
        **os.environ,
        "TF_ENABLE_ONEDNN_OPTS": str(int(SETTINGS[number].onednn)),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    command = [sys.executable, __file__, "--setting", str(number), "--seconds", str(seconds)]
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, timeout=MOST_SECONDS, check=True
        )
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def header(arguments: list[str]) -> str:
    command = " ".join(["python benchmarks/convolutions.py", *arguments])
    names = ("tensorflow", "keras", "numpy")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    multiplications = BATCH * FRAMES * SIZE**2 * CHANNELS * FILTERS * KERNEL**3
    return (
        f"`{command}`, {date.today()}, {os.cpu_count()} cores ({processor()}), Python "
        f"{platform.python_version()}, {versions}.\n\n"
        f'`Conv3D({FILTERS}, {KERNEL}, padding="same")` over {BATCH} clips of {FRAMES}x{SIZE}x'
        f"{SIZE}x{CHANNELS}: {multiplications / 1e9:.2f} billion multiply-accumulates forward."
    )


def processor() -> str:
    """The processor's name and the instructions that matter here, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = {name.strip(): text.strip() for name, _, text in (x.partition(":") for x in lines)}
    flags = set(fields.get("flags", "").split()) & {
        "avx2",
        "avx512f",
        "avx512_bf16",
        "amx_bf16",
    }
    return ", ".join([fields.get("model name", platform.machine()), *sorted(flags)])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--setting", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.setting is not None:
        print(json.dumps(measure(SETTINGS[options.setting], options.seconds)))
        return
    print(header(sys.argv[1:]))
    print("\n| setting | forward, ms | plain = 1 | training step, ms | plain = 1 ", end="")
    print("| first forward, s | first step, s |\n|---|--:|--:|--:|--:|--:|--:|")
    plain: dict[str, float] = {}
    for number, setting in enumerate(SETTINGS):
        found = in_a_process(number, options.seconds)
        if found is None:
            print(f"| {setting.name} | stopped after {MOST_SECONDS} s | | | | | |", flush=True)
            continue
        plain = plain or found
        cells = [
            setting.name,
            *(f"{found[k]:.1f} | {found[k] / plain[k]:.2f}" for k in ("forward", "step")),
            *(f"{found[f'{k}, first'] / 1000:.2f}" for k in ("forward", "step")),
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
