"""The figures of the questions on training at scale, deployment, system design and debugging.

So too those of later questions on metrics, estimation and fundamentals; ``states`` is told
in ``test_estimates``.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from helpers import boxes
from helpers.interview import bank
from tests.interview.test_estimates import states

DAY = 86_400
FRAMES_PER_GPU = 2_000 * 0.6  # assumed: 2,000 frames/s at 60 % utilisation
FRAMES_PER_CORE = 400  # assumed
BFLOAT16_FRACTION_BITS = 7


def python_of(id: str, part: str) -> list[str]:
    """The code of an entry's question or answer; both languages hold the same statements."""
    text = getattr(bank.get(id), part)
    programs = [
        [block.split("```")[0] for block in text[language].split("```python\n")[1:]]
        for language in ("en", "zh")
    ]

    def without_comments(program: str) -> list[str]:
        return [line.split("#")[0].rstrip() for line in program.splitlines()]

    english, chinese = programs
    assert [*map(without_comments, english)] == [*map(without_comments, chinese)]
    return english


def bfloat16(value: float) -> float:
    """The nearest bfloat16, ties to even."""
    exponent = math.floor(math.log2(abs(value)))
    step = 2.0 ** (exponent - BFLOAT16_FRACTION_BITS)
    return round(value / step) * step


def layer_macs(tokens: int, width: int) -> int:
    """The multiply-adds of a transformer's layer: projections with MLP, and attention."""
    return 12 * tokens * width**2 + 2 * tokens**2 * width


# Training at scale


def test_which_parallelism() -> None:
    id = "which-parallelism"
    state = 14 * 16
    states(id, state, "14 × 16 = {} GB")
    states(id, state / 64, "{} GB a GPU", "每卡 {} GB", digits=1)

    def bubble(micro_batches: int, stages: int = 8) -> float:
        return 100 * (stages - 1) / (micro_batches + stages - 1)

    states(id, bubble(8), "{}% with 8 stages", "8 个 micro-batch 时 {}%")
    states(id, bubble(64), "{}% with 64", "64 个时 {}%")
    activation = 75_600 * 5_120 * 2 / 1e6
    states(id, activation, "{} MB")
    states(id, activation * 40 / 1e3, "{} GB for 40 checkpoints", "40 层检查点共 {} GB")
    states(id, activation * 40 / 8 / 1e3, "{} GB", digits=1)
    states(id, 40 // 8, "40 heads / 8 = {}", "40 / 8 = {} 个头")
    states(id, 64 // 8, "{} clips at a time", "同时训练 {} 个片段")
    states(id, 4 * activation * 40 / 1e3, "{} GB a clip in 40", "40 层共 {} GB")
    assert 40 % 64


def test_zero_and_fsdp_memory() -> None:
    id = "zero-and-fsdp-memory"
    parameters, gpus = 5, 32
    assert 2 + 2 + 12 == 16
    states(id, 16 * parameters, "{} GB")
    states(id, (4 + 12 / gpus) * parameters, "20 + 60/32 = {} GB", digits=1)
    states(id, (2 + 14 / gpus) * parameters, "10 + 70/32 = {} GB", digits=1)
    states(id, 16 / gpus * parameters, "80/32 = {} GB", digits=1)
    states(id, 2 * 2 * parameters, "{} GB a GPU and step", "每卡每步 {} GB")
    states(id, 3 * 2 * parameters, "{} GB half as much", "共 {} GB，多一半")
    states(id, 18 * parameters, "{} GB in all", "共 {} GB，阶段 3")
    states(id, 18 * parameters / gpus, "{} GB", digits=1)
    states(id, 16 * parameters / 8, "80/8 = {} GB")
    states(id, 16 / 2, "{} times as much", "是 {} 倍")


def test_fp16_bf16_loss_scaling() -> None:
    id = "fp16-bf16-loss-scaling"
    fp16 = np.finfo(np.float16)
    states(id, float(fp16.max))
    assert float(fp16.smallest_normal) == pytest.approx(6e-5, rel=0.02)
    assert float(fp16.smallest_subnormal) == pytest.approx(6e-8, rel=0.02)
    states(id, 2.0**-BFLOAT16_FRACTION_BITS, digits=4)
    states(id, float(fp16.eps), "in fp16 {}", "fp16 只差 {}", digits=3)
    states(id, 2.0**-BFLOAT16_FRACTION_BITS / float(fp16.eps), "{} times as large", "的 {} 倍")
    assert np.float16(1e-8) == 0 and np.float16(1e-8 * 65_536) != 0
    assert bfloat16(1 + 0.001) == 1 and np.float16(1 + 0.001) != 1
    states(id, bfloat16(257), "257 becomes {}", "257 在 bf16 里会变成 {}")
    states(id, 0.5 * 65_536)
    gradient = 0.5 / max(1.0, 0.5 * 65_536)
    states(id, 0.5 / gradient, "shrinks by {}", "缩小到 1/{}")


def test_activation_checkpointing() -> None:
    id = "activation-checkpointing"
    tokens, width, layers = 32_760, 1_536, 30
    states(id, 5 * 12 * tokens**2 / 1e9, "{} GB a layer", "{} GB/层")
    layer = 34 * tokens * width / 1e9
    states(id, layer, "{} GB", digits=2)
    states(id, layers * layer, "{} GB for 30", "30 层 {} GB")
    checkpoint = 2 * tokens * width / 1e9
    states(id, checkpoint, "{} GB", digits=2)
    states(id, layers * checkpoint, "{} GB", digits=1)
    held = layers * checkpoint + layer
    states(id, held, "3.0 + 1.7 = {} GB", digits=1)
    states(id, layers * layer / held, "{} times less", "只有 1/{}")
    states(id, 6 * checkpoint, "{} + 8.6", digits=1)
    states(id, 6 * checkpoint + 5 * layer, "0.6 + 8.6 = {} GB", digits=1)
    states(id, layer / checkpoint, "{} times smaller", "只有 1/{}")


def test_gradient_accumulation() -> None:
    id = "gradient-accumulation"
    counts, losses = np.array([10, 30]), np.array([1.0, 2.0])
    states(id, losses.mean(), digits=1)
    states(id, (counts * losses).sum() / counts.sum(), digits=2)
    samples = np.random.default_rng(0).normal(size=(32, 5))
    summed = sum(part.mean(axis=0) / 8 for part in samples.reshape(8, 4, 5))
    assert summed == pytest.approx(samples.mean(axis=0))


def test_feeding_256_gpus() -> None:
    id = "feeding-256-gpus"
    clips = 256 * 8
    states(id, clips, "256 × 8 = {}")
    clip = 10 * 2 / 8
    states(id, clip, "{} MB", digits=1)
    states(id, clips * clip / 1e3, "{} GB/s", digits=1)
    states(id, 400 * clip / 1e3, "{} GB")
    states(id, 1e7 / 400, "{} shards", "{} 个分片")
    states(id, 1_000 * clip / 1e3, "{} GB", digits=1)
    states(id, 8 * 8, "{} a second", "要 {} 个片段")
    states(id, 1e7 * clip / 1e6, "{} TB")
    states(id, 100 * math.exp(-1), "{}%")
    never_seen = (1 - 1 / 256) ** 256
    assert never_seen == pytest.approx(math.exp(-1), abs=0.005)
    states(id, 1_000 - 1, "{} places", "{} 个位置")


def test_checkpoints_and_failures() -> None:
    id = "checkpoints-and-failures-at-1000-gpus"
    gpu_hours = 16_384 * 54 * 24 / 419
    states(id, gpu_hours, "{} GPU-hours", "{} GPU 小时")
    between = gpu_hours / 1_024
    states(id, between, "every {} hours", "约 {} 小时一次")
    size = 14 * 14
    states(id, size, "{} GB")
    pause = size / 5
    states(id, pause, "for {} s", "要停 {} 秒")

    def young(hours: float) -> tuple[float, float]:
        seconds = 3_600 * hours
        interval = math.sqrt(2 * pause * seconds)
        return interval, 100 * (pause / interval + interval / (2 * seconds))

    interval, lost = young(between)
    states(id, interval / 60, "= {} min", "= {} 分钟")
    states(id, 100 * pause / interval, "costs {}%", "写入开销 {}%", digits=1)
    states(id, 100 * interval / (2 * 3_600 * between), "again {}%", "也是 {}%", digits=1)
    states(id, 100 * 600 / (3_600 * between), "minutes {}%", "十分钟算 {}%", digits=1)
    states(id, gpu_hours / 16_384, "every {} hours", "每 {} 小时一次", digits=1)
    short, more = young(gpu_hours / 16_384)
    states(id, short / 60, "{} minutes", "约 {} 分钟")
    states(id, interval / short, "{} times shorter", "= 1/{}")
    states(id, more, "and {}% instead", "升到 {}%", digits=1)
    states(id, lost, "instead of {}%", "从 {}% 升到", digits=1)


def test_model_flops_utilisation() -> None:
    id = "model-flops-utilisation"
    weights = 6 * 1.3e9
    attention = 12 * 30 * 1_536 * 32_760
    states(id, attention / 1e9, "32760 = {} billion", "32760 = 181 亿", digits=1)
    token = weights + attention
    states(id, token / 1e9, "{} a token", "每个 token 共 259 亿", digits=1)
    states(id, token * 32_760 / 1e14, "{}·10¹⁴", digits=1)
    rate = token * 32_760 * 0.45 / 1e12
    states(id, rate, "{} TFLOP/s")
    states(id, 100 * rate / 989, "**{}%**")
    states(id, 100 * weights / token * rate / 989, "alone says {}%", "只按 6·N 算会得到 {}%")
    states(id, 100 * attention / token, "{}% of the work", "占 {}%")
    states(id, 100 * rate / 989 * 4 / 3, "a third more {}%", "多三分之一，{}%")
    states(id, attention / weights, "{} times as much", "其余部分的 {} 倍", digits=1)
    states(id, 100 - round(100 * rate / 989), "the missing {}%", "剩下的 {}%")


def test_learning_rate_and_batch_size() -> None:
    id = "learning-rate-and-batch-size"
    states(id, 0.1 * 8_192 / 256, digits=1)
    states(id, math.sqrt(8), "√8 = {}", digits=1)

    def steps(batch: float) -> float:
        return 1 + 1 / batch

    for batch, said in ((1 / 4, "5"), (1, "2"), (4, "1.25")):
        assert f"{steps(batch):g}" == said
    states(id, steps(1 / 4) / steps(1), "{} times fewer", "降到 1/{}", digits=1)
    states(id, steps(1) / steps(4), "{} times fewer", "降到 1/{}", digits=1)
    states(id, (1 + 4) / (1 + 1), "for {} times the samples", "样本却要 {} 倍", digits=1)


def test_reproducible_training() -> None:
    id = "reproducible-training"
    one, large = np.float32(1), np.float32(1e8)
    assert (large + one) - large == 0 and (large - large) + one == 1
    states(id, 100 * 2 * stats.norm.sf(0.7 / (0.4 * math.sqrt(2))), "{}%")
    best = np.random.default_rng(0).normal(size=(100_000, 10)).max(axis=1).mean()
    states(id, float(best), "{} standard deviations", "{} 个标准差", digits=1)


# Deployment


def test_latency_throughput_batching() -> None:
    id = "latency-throughput-batching"

    def duration(batch: int) -> int:
        return 8 + 2 * batch

    def rate(batch: int) -> float:
        return 1_000 * batch / duration(batch)

    states(id, rate(1), "{} a second for b = 1", "b = 1 时每秒 {}")
    states(id, rate(8), "{} for 8", "b = 8 时 {}")
    states(id, rate(32), "{} for 32", "b = 32 时 {}")
    assert rate(10**6) == pytest.approx(500, rel=1e-4)
    states(id, min(b for b in range(1, 100) if rate(b) >= 300), "b ≥ {}")
    states(id, rate(16), "does {} a second", "16 时每秒 {}")
    states(id, 100 * 300 / rate(16), "{}% busy", "占用 {}%")
    states(id, 1_000 * 16 / 300, "{} ms to arrive", "要 {} 毫秒")
    states(id, 0.3 * 20, "with about {}", "此时约 {} 个")
    states(id, 20 + 2 * duration(16), "16: {} ms", "合计 {} 毫秒")
    states(id, 20 + 2 * duration(12), "20 + 32 + 32 = {}")
    states(id, rate(12), "ms {} a second", "毫秒，每秒 {}")
    for load, times in ((0.80, 5), (0.95, 20)):
        assert 1 / (1 - load) == pytest.approx(times)


def test_quantise_a_video_model() -> None:
    id = "quantise-a-video-model"
    states(id, 8 / 127, "8/127 = {}", digits=3)
    states(id, 0.05 / 127, digits=4)
    weights = np.linspace(-0.05, 0.05, 1_001)
    assert set(np.round(weights / (8 / 127))) == {-1, 0, 1}


def test_distil_or_prune() -> None:
    id = "distil-or-prune"
    states(id, 1 / 0.6, "{} times faster", "加速到 {} 倍", digits=1)
    work = 0.5 * 0.7**2
    assert work == pytest.approx(1 / 4, abs=0.01)
    logits = np.array([2.0, -1.0, 0.5])

    def softmax(values: np.ndarray) -> np.ndarray:
        return np.exp(values) / np.exp(values).sum()

    def gradient(temperature: float) -> np.ndarray:
        """Of the soft cross-entropy to a teacher that is sure of nothing."""
        return (softmax(logits / temperature) - 1 / 3) / temperature

    ratio = np.abs(gradient(40)).sum() / np.abs(gradient(20)).sum()
    assert ratio == pytest.approx(1 / 4, rel=0.05)


def test_streaming_inference_with_state() -> None:
    id = "streaming-inference-with-state"
    states(id, 1 + 4 * 4, "1 + 4 × 4 = {}")
    state = 4 * 64 * 56 * 56 * 2 / 1e6
    states(id, state, "{} MB a layer", "每层 {} MB", digits=1)
    states(id, 4 * state, "{} MB", digits=1)
    states(id, 4 * state, "{} GB for 1000", "1000 路流 {} GB", digits=1)
    assert 16 // 8 == 2


def test_decoding_is_the_bottleneck() -> None:
    id = "decoding-is-the-bottleneck"
    frames = 40 * 30
    states(id, frames, "40 × 30 = {}")
    states(id, frames / 250, "{} cores", "{} 个核", digits=1)
    frame = 1920 * 1080 * 3
    states(id, frame / 1e6, "{} MB", digits=1)
    states(id, frame * frames / 1e9, "{} GB/s", digits=1)
    states(id, 4 * frame * frames / 1e9, "times that {}", "再乘 4，{} GB/s", digits=1)
    states(id, 40 * 4 / 8, "40 × 4 Mbit/s = {} MB/s")
    assert Fraction(640 * 360, 1920 * 1080) == Fraction(1, 9)


def test_monitoring_drift() -> None:
    id = "monitoring-drift"
    states(id, 20 * 24 * 0.01, digits=1)
    states(id, 1.96**2 * 0.05 * 0.95 / 0.02**2, "about {} labels", "约需 {} 个标签")


def test_graceful_degradation() -> None:
    id = "graceful-degradation"
    states(id, 0.3 * 60, "waits {} s", "要等 {} 秒")
    states(id, 3**3, "make {} calls", "变 {} 次")
    states(id, 100 * (1 - 0.99**100), "{}%")


def test_on_device_video_model() -> None:
    id = "on-device-video-model"
    states(id, 1_000 / 30, "{} ms a frame", "每帧 {} 毫秒", digits=1)
    states(id, 22 + 9, "22 + 9 = {}")
    states(id, 1_000 / 30 - 31, digits=1)
    states(id, 31 / 0.6, "become {} ms", "变成 {} 毫秒")
    states(id, 1_000 / (31 / 0.6), "{} fps")
    states(id, 15 / 2, digits=1)
    states(id, 0.05 * 2, "{} W", digits=1)
    states(id, 4 / 8 * DAY / 1e3, "{} GB")


def test_fold_batch_normalisation() -> None:
    names: dict[str, Any] = {"np": np}
    (program,) = python_of("fold-batch-normalisation", "answer")
    exec(program, names)
    generator = np.random.default_rng(0)
    clip, weight = generator.normal(size=(50, 27 * 4)), generator.normal(size=(27 * 4, 6))
    bias, gamma, beta, mean = generator.normal(size=(4, 6))
    variance, epsilon = generator.uniform(0.1, 2, size=6), 1e-3
    normalised = (clip @ weight + bias - mean) / np.sqrt(variance + epsilon) * gamma + beta
    folded, moved = names["fold"](weight, bias, gamma, beta, mean, variance, epsilon)
    assert clip @ folded + moved == pytest.approx(normalised)
    fresh = names["fold"](weight, bias, gamma, beta, 0.0, 1.0, 0.0)
    assert fresh[0] == pytest.approx(weight * gamma)  # the wrong answer passes on a new layer
    padding = mean - beta * np.sqrt(variance + epsilon) / gamma
    assert (padding - mean) / np.sqrt(variance + epsilon) * gamma + beta == pytest.approx(0)


# System design


def test_near_duplicate_uploads() -> None:
    id = "near-duplicate-uploads"
    uploads = 1e7 / DAY
    states(id, uploads, "= {} uploads/s", "= {} 条/s")
    states(id, 3 * uploads, "{} at a peak", "即 {} 条/s")
    queries = 3 * uploads * 30
    states(id, queries)
    vectors = 2e9 * 30
    assert vectors == 6e10
    states(id, vectors * 1_024 / 1e12, "{} TB")
    states(id, vectors * 32 / 1e12, "32 bytes {} TB", "32 字节是 {} TB", digits=1)
    states(id, vectors * 40 / 1e12, "{} TB", digits=1)
    states(id, math.ceil(vectors * 40 / 256e9), "{} nodes", "{} 台 256 GB")
    states(id, math.ceil(queries / FRAMES_PER_GPU), "{} GPUs", "{} 张卡")
    false = 30 * vectors * 1e-13
    states(id, false, "10⁻¹³ = {}", digits=2)
    states(id, false * 10, "{} million a day", "每天 180 万", digits=1)
    states(id, round(vectors / 1_200 / DAY, -1), "{} GPU-days", "{} GPU 天")
    assert vectors / 1_200 == pytest.approx(5e7)


def test_live_stream_moderation() -> None:
    id = "live-stream-moderation"
    frames = 100_000 / 2
    states(id, frames, "= {} frames/s", "= {} 帧/s")
    states(id, math.ceil(frames / FRAMES_PER_GPU), "{} GPUs", "{} 张卡")
    states(id, 100_000 / 200, "= {} GPUs", "= {} 张卡")
    states(id, 100_000 / 200 / 10, "{} for a tenth", "十分之一为 {} 张")
    alarms = frames * 1e-4
    states(id, alarms, "= {}/s", "= {} 次/s")
    hourly = 3_600 * alarms
    states(id, hourly, "{}/h", "{} 次/h")
    states(id, 0.01 * hourly, "{}/h", "剩 {} 次/h")
    cases = 0.01 * hourly + 100
    states(id, cases, "{}/h", "共 {} 次/h")
    reviewers = cases / (3_600 / 30)
    states(id, 3_600 / 30, "does {}/h", "每小时 {} 条")
    states(id, reviewers, "{}", digits=1)
    states(id, math.ceil(reviewers), "{} on duty", "{} 个席位")
    states(id, 168 / 40, digits=1)
    states(id, math.ceil(math.ceil(reviewers) * 168 / 40), "{} employed", "共 {} 人")
    states(id, 2 + 1 + 3 + 1, "{} s.", "共 {} s。")
    assert hourly / (hourly + 100) > 0.99
    states(id, 3_600 / 30, "{} times an hour", "每小时要用 {} 次")


def test_search_in_videos() -> None:
    id = "search-in-videos"
    shots = 1e8 * 60 / 5
    assert shots == 1.2e9
    states(id, shots * 1_024 / 1e12, "{} TB", digits=2)
    states(id, shots * 64 / 1e9, "{} GB")
    states(id, shots * 64 * 4 / 1e9, "{} GB")
    frames = shots * 8
    assert frames == 9.6e9
    hours = frames / FRAMES_PER_GPU / 3_600
    states(id, hours, "{} GPU hours", "{} GPU 小时")
    assert hours / 100 == pytest.approx(24, rel=0.1)
    decoding = 1e8 * 60 * 30 / FRAMES_PER_CORE / 3_600
    states(id, decoding, "{} core-hours", "{} 核时")
    states(id, decoding / 30, "{}")
    new = 1e6 / DAY
    states(id, new, "{} videos/s", "{} 条/s", digits=1)
    states(id, 12 * new, "{} shots/s", "{} 个镜头/s")
    states(id, 20 + 50 + 10 + 120 + 40, "{} ms", "共 {} ms")
    states(id, shots * 1_024 / 200e9, "{} s of one node", "要 {} 秒")
    shards = next(number for number in range(1, 999) if 0.99**number <= 0.5)
    states(id, shards, "with {} of them", "{} 个分片时")


def test_sports_highlights() -> None:
    id = "sports-highlights"
    states(id, 200 * 2, "200 × 2 fps = {}")
    match = 8 / 8 * 7_200 / 1e3
    states(id, match, "{} GB", digits=1)
    states(id, 200 * match / 1e3, "{} TB", digits=2)
    goals = 200 * 2.7
    states(id, goals)
    found = round(0.95 * goals)
    states(id, found)
    false = round(found / 0.8 - found)
    states(id, false)
    states(id, found + false, "{} × 10 s")
    hours = (found + false) * 10 / 3_600
    states(id, hours, "10 s = {}", digits=1)
    states(id, 100 * hours / 2, "busy {}%", "{}% 的时间在忙")
    states(id, 100 * hours / 2 / 3, "three {}%", "各 {}%")
    states(id, 20 + 5 + 10 + 10 + 5, "{} s.", "共 {} s。")
    states(id, 120 / 12, "{} events", "选 {} 个")


def test_text_to_video_service() -> None:
    id = "text-to-video-service"
    tokens = 21 * 30 * 52
    states(id, tokens, "21 × 30 × 52 = {}")
    attention = 4 * 30 * 1_536 * tokens
    states(id, attention / 1e9, "{}·10⁹", digits=1)
    token = 2 * 1.3e9 + attention
    states(id, token / 1e9, "{}·10⁹", digits=1)
    states(id, token * tokens / 1e14, "{}·10¹⁴", digits=1)
    states(id, 100 * attention / token, "{}% of it", "{}% 是注意力")
    clip = 100 * token * tokens
    states(id, clip / 1e16, "{}·10¹⁶", digits=1)
    seconds = clip / 400e12
    states(id, seconds, "{} s")
    states(id, 100 * 400 / 989, "{}% of 989", "989 的 {}%")
    busy = 100_000 * seconds / DAY
    states(id, busy, "{} GPUs", "需 {} 张卡")
    states(id, busy * 2.5 / 0.8, "2.5 / 0.8 = {}")
    states(id, seconds / 3_600 * 2, "{}", digits=3)
    states(id, 100 / 4, "{} times less", "降到 1/{}")
    states(id, seconds / 25, "4 passes {} s", "4 次前向 {} s", digits=1)
    distilled = seconds / 25 + 3
    states(id, distilled, "{} s", digits=1)
    gpus = 100_000 * distilled / DAY
    states(id, math.ceil(gpus), "{} GPUs", "{} 张卡")
    states(id, math.ceil(gpus * 2.5 / 0.8), "{} at the peak", "峰值 {} 张")
    states(id, 5 * 8 / 8, "{} MB")
    states(id, 100_000 * 5 / 1e6, "{} TB", digits=1)
    states(id, 30 * 0.5, "{} TB")
    assert 60 / 5 == 12
    states(id, 12**2, "{} times the attention", "{} 倍注意力")


def test_city_camera_analytics() -> None:
    id = "city-camera-analytics"
    states(id, 1_000 * 4 / 1e3, "{} Gbit/s")
    camera = 4 / 8 * DAY / 1e3
    states(id, camera, "{} GB", digits=1)
    states(id, camera, "{} TB", digits=1)
    states(id, 30 * camera / 1e3, "{} PB", digits=3)
    states(id, 1_000 * 25, "1000 × 25 = {}")
    states(id, math.ceil(5_000 / (500 * 0.7)), "= {} GPUs", "= {} 张卡")
    speed = 50 / 3.6
    states(id, speed / 5, "{} m", digits=1)
    states(id, speed / 2, "{} m", digits=1)
    assert speed / 5 < 4.5 < speed / 2
    states(id, 10 * 5 * 100 * 1_000 / 1e6, "{} MB/s")
    states(id, 5 * DAY / 1e3, "{} GB")
    states(id, 1_000 * 24, "{} a day", "每天 {} 次")
    states(id, 1_000 / 7, "a week {}", "每天 {} 次")
    states(id, 1_000 / 7 / 60, "{} hours of work", "共 {} 小时", digits=1)
    assert speed / 25 == pytest.approx(0.5, abs=0.1)


def test_data_engine() -> None:
    id = "data-engine"
    weekly = 500 * 5 * DAY * 7
    states(id, weekly / 7 / 1e6, "{} million frames a day", "2.16 亿帧/天")
    states(id, weekly / 1e9, "{} billion", "15.12 亿", digits=3)
    states(id, weekly / 2_000)
    states(id, 500 * 4 / 1e3, "{} Gbit/s")
    clips = 500 * 24
    states(id, clips, "500 × 24 = {}")
    states(id, clips * 5 / 1e3, "{} GB")
    states(id, 7 * clips, "{} a week", "每周 {} 个")
    hours = 2_000 * 15 * 5 / 3_600
    states(id, hours, "= {} h", "= {} 小时")
    states(id, 1.2 * hours, "{} with 20% review", "审核共 {}")
    states(id, 100_000 * 30 / 500 / 3_600, "{} h", "{} 小时", digits=1)
    states(id, 100 * 1.96 * math.sqrt(0.05 * 0.95 / 400), "±{}", digits=1)
    states(id, 2_000 / 10_000, "hold {}", "只有 {} 个", digits=1)
    states(id, 0.2 * 200, "finds {}", "得到 {} 个")
    states(id, 0.05 * 500, "{} cameras", "{} 路")
    states(id, weekly / 1e5)


# Debugging


def test_nan_after_an_hour() -> None:
    id = "nan-after-an-hour-in-fp16"
    states(id, math.log2(65_536), "{} halvings", "减半 {} 次")
    states(id, 18_243 - 18_200, "{} steps", "{} 步")
    states(id, 64 * 32**2, "64 × 32² = {}")
    with np.errstate(over="ignore", invalid="ignore"):
        logits = np.float16(64) * np.float16(32) * np.float16(32) * np.ones(2, np.float16)
        assert np.isinf(logits).all()
        assert np.isnan(np.exp(logits - logits.max())).all()
        gradient = np.array([np.nan, 1.0])
        clipped = gradient * np.minimum(1, 1 / np.linalg.norm(gradient))
        assert np.isnan(clipped).all()
    assert np.float16(1e-8) == 0
    values = 16 * 112 * 112
    states(id, values, "= {}")
    assert values > float(np.finfo(np.float16).max)
    total = np.float16(0)
    for _ in range(3_000):
        total += np.float16(1)
    states(id, float(total), "stops at {}", "和到 {}")


def test_shuffled_apart() -> None:
    id = "shuffled-apart"

    def entropy(*shares: float) -> float:
        return -sum(share * math.log(share) for share in shares)

    states(id, math.log(3), "{} is ln 3", "{} 是 ln 3", digits=2)
    states(id, entropy(0.5, 0.25, 0.25), digits=2)
    states(id, entropy(0.9, 0.05, 0.05), digits=2)


def test_only_shuffling_the_pairs_keeps_them() -> None:
    import tensorflow as tf

    (wrong,), (right,) = (python_of("shuffled-apart", part) for part in ("question", "answer"))
    for program, kept in ((wrong, False), (right, True)):
        names = {
            "tf": tf,
            "clip_dataset": tf.data.Dataset.range(300),
            "label_dataset": tf.data.Dataset.range(300),
        }
        exec(program, names)
        clips, labels = map(
            np.concatenate, zip(*names["dataset"].as_numpy_iterator(), strict=True)
        )
        assert sorted(clips) == sorted(labels) == list(range(300))
        assert (clips == labels).all() == kept


def test_validation_better_than_training() -> None:
    id = "validation-better-than-training"
    target = np.full(10, 0.1 / 10)
    target[0] += 0.9
    states(id, float(target[0]), "{} for the true class", "真实类 {}", digits=2)
    states(id, float(stats.entropy(target)), "floor of {}", "下限是 {}", digits=2)
    states(id, -math.log(0.91), "can reach {}", "可以到 {}", digits=2)
    states(id, float(np.linspace(2.3, 0.5, 101).mean()), "shows as {}", "显示的是 {}", digits=1)


def test_batch_norm_after_200_steps() -> None:
    id = "batch-norm-after-200-steps"
    mean, variance = 0.0, 1.0
    for _ in range(200):
        mean = 0.99 * mean + 0.01 * 5
        variance = 0.99 * variance + 0.01 * 0.04
    states(id, 100 * 0.99**200, "= {}%", "还剩 0.99²⁰⁰ = {}%")
    states(id, mean, "mean is {}", "均值 5、方差 0.04，存下来的均值是 {}", digits=2)
    states(id, variance, "variance {}", "4.33、方差 {}", digits=2)
    deviation = math.sqrt(variance + 1e-3)
    states(id, deviation, "(5 − 4.33)/{}", digits=2)
    states(id, (5 - mean) / deviation, "= {}", digits=1)
    states(id, 0.2 / deviation, "spread is {}", "离散程度是 {}", digits=1)
    states(id, math.ceil(math.log(0.01) / math.log(0.99)), "{} of them", "做 {} 次")


def test_batch_normalisation_has_the_defaults_that_are_said() -> None:
    import keras

    layer = keras.layers.BatchNormalization()
    assert (layer.momentum, layer.epsilon) == (0.99, 1e-3)


def test_a_python_number_makes_a_graph_for_every_step() -> None:
    import tensorflow as tf

    id = "a-new-graph-every-step"
    assert "train_step(clips, labels, step)" in python_of(id, "question")[0]
    traces: list[None] = []

    def body(clips: Any, step: Any) -> Any:
        traces.append(None)
        return tf.reduce_sum(clips) * tf.cast(step, tf.float32)

    def count(step_function: Callable, arguments: list[tuple]) -> int:
        traces.clear()
        for given in arguments:
            step_function(*given)
        return len(traces)

    clips = tf.ones([2, 3])
    assert count(tf.function(body), [(clips, step) for step in range(10)]) == 10
    assert count(tf.function(body), [(clips, tf.constant(step)) for step in range(10)]) == 1
    lengths = [(tf.ones([frames, 2]), tf.constant(0)) for frames in range(16, 65)]
    states(id, count(tf.function(body), lengths), "{} one for each length", "{} 次，每种长度")
    signature = (tf.TensorSpec([None, 2], tf.float32), tf.TensorSpec([], tf.int32))
    assert count(tf.function(body, input_signature=signature), lengths) == 1


def test_map_zero_with_good_pictures() -> None:
    id = "map-zero-with-good-pictures"
    truth = np.array([[100.0, 100, 200, 300]])
    resized = truth * np.tile([640 / 1280, 640 / 720], 2)
    assert np.round(resized, 1).tolist() == [[50, 88.9, 100, 266.7]]
    assert boxes.iou(truth, resized).item() == 0
    left, top, width, height = truth[0]
    misread = np.array([[left, top, left + width, top + height]])
    assert misread.tolist() == [[100, 100, 300, 400]]
    states(id, boxes.iou(truth, misread).item(), "IoU {}", digits=2)
    rows = (640 - 720 * 0.5) / 2
    states(id, rows, "{} rows", "各补 {} 行")
    y = 200.0
    assert (y / 0.5 - rows) - (y - rows) / 0.5 == rows


def test_sure_and_always_another_class() -> None:
    id = "sure-and-always-another-class"
    names = sorted(str(number) for number in range(12))
    assert names[:5] == ["0", "1", "10", "11", "2"]
    assert (names[2], names[10]) == ("10", "8")
    kept = [index for index, name in enumerate(names) if name == str(index)]
    assert kept == [0, 1]
    states(id, 100 * 2 / 12, "2 of 12 {}%", "12 个里 2 个，即 {}%")
    by_chance = 0.01 / 11  # an error that falls on the name that the service gives
    right = 0.99 * 2 / 12 + by_chance * 10 / 12
    states(id, 100 * right, "on {}%", "只对了 {}%")


def test_removing_while_iterating() -> None:
    (wrong,), (right,) = (
        python_of("removing-while-iterating", part) for part in ("question", "answer")
    )

    def left(program: str, ages: list[int]) -> list[int]:
        tracks = [SimpleNamespace(number=n, frames_since_update=a) for n, a in enumerate(ages)]
        names = {"tracks": tracks, "max_age": 3}
        exec(program, names)
        return [track.number for track in names["tracks"]]  # type: ignore[attr-defined]

    assert left(wrong, [0, 4, 0]) == [0, 2]
    assert left(wrong, [4, 4]) == [1]
    assert left(wrong, [4, 4, 4, 4]) == [1, 3]
    for ages in ([], [4, 4], [4, 4, 4, 4], [0, 4, 4, 3]):
        assert left(right, ages) == [number for number, age in enumerate(ages) if age <= 3]


def test_loss_jumps_after_resuming() -> None:
    id = "loss-jumps-after-resuming"
    generator = np.random.default_rng(0)
    first, second, steps = np.zeros(4_000), np.zeros(4_000), []
    for number in range(1, 3_001):
        gradient = generator.normal(size=4_000)
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        corrected = first / (1 - 0.9**number), second / (1 - 0.999**number)
        steps.append(np.sqrt(np.mean(np.square(corrected[0] / np.sqrt(corrected[1])))))
    assert steps[0] == pytest.approx(1)
    typical = math.sqrt((1 - 0.9) / (1 + 0.9))
    assert np.mean(steps[-500:]) == pytest.approx(typical, rel=0.02)
    states(id, typical, "step is {} lr", "步长是 {} lr", digits=2)
    states(id, 1 / typical, "{} times larger", "变成 {} 倍", digits=1)
    for beta, memory in ((0.9, 10), (0.999, 1_000)):
        states(
            id,
            1 / (1 - beta),
            f"{{}} {'steps ' if memory == 10 else ''}for {beta}",
            f"{beta} 是 {{}} 步",
        )


# Metrics


def test_roc_or_precision_recall() -> None:
    id = "roc-or-precision-recall"

    def precision(share: float, recall: float = 0.9, false: float = 0.01) -> float:
        return 100 * share * recall / (share * recall + (1 - share) * false)

    states(id, precision(0.1), "precision is {}%", "精确率 {}%")
    states(id, precision(0.001), "with a thousandth {}%", "只有 {}%")
    states(id, 0.30 / 0.001, "{} times chance", "随机的 {} 倍")
    needed = 0.001 * 0.9 / 0.999
    states(id, 100 * needed, "= {}%", digits=2)
    assert precision(0.001, false=needed) == pytest.approx(50)
    assert 0.01 / needed == pytest.approx(11, rel=0.02)


def test_frames_or_events() -> None:
    id = "frames-or-events"
    share = 10 * 5 / DAY
    states(id, 100 * share, "{}%", digits=3)
    states(id, 100 * (1 - share), "{}%", digits=2)
    states(id, DAY * 0.001, "{} a day", "一天就是 {} 次")
    assert 3 * 3 / 10 == 0.9 and 3 / 10 < 0.5
    states(id, 100 * (1 - 0.99**100), "touch {}%", "有 {}% 会被碰中")
    states(id, 100 * 0.025 ** (1 / 20), "down to {}%", "下限是 {}%")
    states(id, 100 * 3 / 20, "{}% here", "这里是 {}%")


def test_which_f1() -> None:
    id = "which-f1"
    confusion = np.array([[85, 5], [6, 4]])
    hits = confusion.diagonal()
    precision, recall = hits / confusion.sum(axis=0), hits / confusion.sum(axis=1)

    def f1(one: Any, two: Any) -> Any:
        return 2 * one * two / (one + two)

    scores = f1(precision, recall)
    states(id, precision[0], "85/91 = {}", digits=3)
    states(id, recall[0], "85/90 = {}", digits=3)
    states(id, scores[0], "F1 {}", digits=3)
    states(id, precision[1], "4/9 = {}", digits=3)
    states(id, recall[1], digits=1)
    states(id, scores[1], "F1 {}", digits=3)
    states(id, hits.sum() / 100, digits=2)
    states(id, scores.mean(), digits=3)
    states(id, scores @ confusion.sum(axis=1) / 100, digits=3)
    states(id, f1(precision.mean(), recall.mean()), digits=3)
    states(id, f1(1, 0.1), digits=2)
    states(id, f1(0.55, 0.55), digits=2)
    low, high = stats.binomtest(4, 10).proportion_ci(method="wilson")
    states(id, 100 * low, "from about {} to 69%", "约 {}% 到")
    states(id, 100 * high, "17 to {}%", "到 {}%")


def test_do_annotators_agree() -> None:
    id = "do-annotators-agree"
    differing = 1_000 - 930
    common = 50 - differing // 2
    states(id, common, "only {} of", "只有 {} 个")
    states(id, 100 * 2 * common / 100, "15/100 = {}%")
    chance = 0.05**2 + 0.95**2
    states(id, 100 * chance, "= {}%", digits=1)
    states(id, (0.93 - chance) / (1 - chance), "= {}", digits=2)
    states(id, 100 * common / 50, "recall of {}%", "召回率也只有 {}%")


def test_threshold_from_costs() -> None:
    id = "threshold-from-costs"
    threshold = 1 / 21
    states(id, threshold, "**{}**", digits=3)

    def in_service(score: float) -> float:
        odds = score / (1 - score) * 0.01 / 0.99
        return odds / (1 + odds)

    states(id, 0.9 / 0.1, "odds of {}", "几率是 {}")
    states(id, 9 / 99, "in service {}", "线上是 {}", digits=3)
    states(id, in_service(0.9), "**{}**", digits=3)
    limit = 99 / 20 / (1 + 99 / 20)
    assert in_service(limit) == pytest.approx(threshold)
    states(id, limit, "limit is {}", "阈值是 {}", digits=2)
    states(id, 1 - 0.3, "costs {} with", "期望代价 {}", digits=1)
    states(id, 0.3 * 20, "and {} without", "不报是 {}")


def test_offline_up_online_flat() -> None:
    id = "offline-up-online-flat"
    users = 16 * 0.05 * 0.95 / 0.0005**2
    states(id, users / 1e6, "about {} million", "约 300 万")
    both = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert 2 * both**2 == pytest.approx(16, rel=0.03)


# Estimation


def test_size_of_a_video_data_set() -> None:
    id = "size-of-a-video-data-set"
    hour = 4 / 8 * 3_600 / 1e3
    states(id, hour, "{} GB", digits=1)
    states(id, 1e4 * hour / 1e3, "{} TB")
    raw = 1920 * 1080 * 3 * 30
    states(id, raw / 30 / 1e6, "{} MB", digits=1)
    states(id, raw / 1e6, "{} MB/s")
    states(id, 8 * raw / 1e9, "{} Gbit/s", digits=1)
    ratio = raw / 0.5e6
    states(id, ratio, "{} times the file", "文件的 {} 倍")
    states(id, ratio / 2, "{} times the file", "原文件的 {} 倍")
    states(id, 3.6e7 * raw / 1e15, "{} PB", digits=1)
    frames = 3.6e7 * 5
    states(id, frames / 1e6, "{} million", "1.8 亿")
    states(id, 224 * 224 * 3, "= {}")
    states(id, frames * 224 * 224 * 3 / 1e12, "{} TB")
    states(id, frames * 15e3 / 1e12, "{} TB", digits=1)
    states(id, 2.7e12 / DAY / 1e6, "{} MB/s")
    states(id, 18e12 / DAY / 1e6, "{} MB/s")
    states(id, 3.6e7 * 30 / 1e9, "{} billion", "10.8 亿", digits=2)
    states(id, 3.6e7 * 30 / FRAMES_PER_CORE / 3_600, "{} core-hours", "{} 核时")
    states(id, 3.6e7 * 128e3 / 8 / 1e12, "{} TB", digits=2)
    states(id, 100 * 0.128 / 4, "{}%")
    states(id, 18e12 * 8 / 1e9, "= {} s")
    states(id, 144_000 / 3_600, "{} hours", "{} 小时")


def test_labelling_cost() -> None:
    id = "labelling-cost"
    frames = 50 * 3_600 * 25
    states(id, frames / 1e6, "{} million frames", "450 万帧", digits=1)
    states(id, frames * 8 / 1e6, "{} million boxes", "3600 万个框")
    states(id, frames * 8 * 5 / 3_600, "{} hours", "5 万小时")
    states(id, frames * 8 * 5 / 3_600 / 2_000, "{} years", "{} 年")
    boxes_a_second = 50 * 3_600 * 8
    states(id, boxes_a_second / 1e6, "{} million", "144 万", digits=2)
    states(id, boxes_a_second * 5 / 3_600, "{} hours", "{} 小时")
    seconds = 0.7 * 1 + 0.3 * 6
    states(id, seconds, "takes {} s", "平均 {} 秒", digits=1)
    states(id, boxes_a_second * seconds / 3_600, "{} hours", "{} 小时")
    states(id, 60 * 5 / 60, "{} hours of video", "{} 小时视频")
    states(id, boxes_a_second * seconds / 3_600 / 10, "{} hours of work", "{} 小时工时")


def test_cost_of_masked_pretraining() -> None:
    id = "cost-of-masked-pretraining"
    encoder, full = 12 * layer_macs(160, 768), 12 * layer_macs(1_568, 768)
    decoder = 4 * layer_macs(1_568, 384)
    states(id, encoder / 1e9, "only: {} billion", "141 亿", digits=1)
    states(id, full / 1e9, "it would be {}", "1780 亿")
    states(id, 100 * (1 - encoder / full), "{}%")
    states(id, decoder / 1e9, "{} billion", "187 亿", digits=1)
    together = encoder + decoder
    states(id, together / 1e9, "Together {}", "合计 327 亿", digits=1)
    states(id, together * 6 / 1e11, "{}·10¹¹", digits=2)
    clips = 240_000 * 800
    states(id, clips / 1e8, "{}·10⁸", digits=2)
    operations = together * 6 * clips
    states(id, operations / 1e19, "{}·10¹⁹", digits=1)
    hours = operations / 50e12 / 3_600
    states(id, hours, "**{} GPU hours**", "**{} GPU 小时**")
    decoded = (16 - 1) * 4 + 1 + sum(range(30)) / 30
    states(id, decoded, digits=1)
    states(id, clips * decoded / 1e10, "{}·10¹⁰", digits=2)
    core_hours = clips * decoded / FRAMES_PER_CORE / 3_600
    states(id, core_hours, "**{} core-hours**", "**{} 核时**")
    states(id, core_hours / hours, "{} cores for", "配 {} 个核")
    for dollars in (2 * hours, 0.04 * core_hours):
        states(id, round(dollars, -2), "about {} dollars", "约 {} 美元")
    states(id, 100 * encoder / full, "{}%")
    states(id, 100 * together / full, "{}% of an encoder", "编码器的 {}%")
    states(id, core_hours / 2, "{} core-hours", "{} 核时")
    states(id, 4 * layer_macs(3_136, 384) / 1e9, "{} billion", "520 亿")
    states(id, 12 * layer_macs(320, 768) / 1e9, "encoder's {}", "290 亿")


def test_time_of_an_all_reduce() -> None:
    id = "time-of-an-all-reduce"
    gradients = 1.3 * 2
    states(id, gradients, "{} GB", digits=1)
    sent = 2 * 63 / 64 * gradients
    states(id, sent, "{} GB", digits=2)
    states(id, sent / 50 * 1e3, "{} ms at 50", "50 GB/s 时 {} 毫秒")
    slow = sent / 1.25
    states(id, slow, "{} s", "{} 秒", digits=1)
    assert slow / 0.6 == pytest.approx(7, abs=0.5)
    step = 0.2 + max(0.4, slow)
    states(id, step, "about {} s", "一步约 {} 秒", digits=1)
    states(id, 100 * 0.6 / step, "{}% of the ideal", "只有理想速度的 {}%")
    states(id, 2 * 63, "= {} steps", "= {} 步")
    states(id, 126 * 0.02, "{} ms per bucket", "每桶 {} 毫秒", digits=1)
    states(id, 126 * 0.02 * 100, "waste {} ms", "浪费 {} 毫秒")
    states(id, 8 * 0.6, "{} s of computing", "对应 {} 秒计算", digits=1)
    states(id, sent / 50 * 8 * 1e3, "be {} ms", "变成 {} 毫秒")
    states(id, 2 * sent / 50 * 1e3, "{} ms on", "快网络上 {} 毫秒")


# Fundamentals


def test_lucas_kanade() -> None:
    rows, columns = np.mgrid[-20:21, -20:21].astype(float)

    def flow(picture: Callable, u: float, v: float) -> tuple[np.ndarray, np.ndarray]:
        """The flow that least squares give for a known motion, and the eigenvalues."""
        before, after = picture(columns, rows), picture(columns - u, rows - v)
        down, right = (
            np.mean(pair, axis=0)
            for pair in zip(np.gradient(before), np.gradient(after), strict=True)
        )
        gradients = np.stack([right.ravel(), down.ravel()], axis=1)
        matrix = gradients.T @ gradients
        solved = np.linalg.lstsq(gradients, -(after - before).ravel(), rcond=1e-6)[0]
        return solved, np.linalg.eigvalsh(matrix)

    def blob(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.exp(-(x**2 + y**2) / 50)

    def edge(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.tanh(x / 4)

    moved, values = flow(blob, 0.5, -0.25)
    assert moved == pytest.approx([0.5, -0.25], abs=0.02) and values[0] > 1
    moved, values = flow(edge, 0.5, -0.25)
    assert moved == pytest.approx([0.5, 0], abs=0.02)  # only the part across the edge
    assert values[0] == pytest.approx(0, abs=1e-9)
    far, _ = flow(blob, 16, 0)
    assert abs(far[0] - 16) > 8
    assert 16 / 2**4 == 1


def test_temporal_receptive_field() -> None:
    id = "temporal-receptive-field"

    def field(dilations: list[int], strides: list[int]) -> int:
        seen, distance = 1, 1
        for dilation, stride in zip(dilations, strides, strict=True):
            seen += (3 - 1) * dilation * distance
            distance *= stride
        return seen

    plain = field([1] * 5, [1] * 5)
    states(id, plain, "1 + 5 × 2 = {}")
    states(id, field([1, 2, 4, 8, 16], [1] * 5), "1 + 2 × 31 = {}")
    states(id, field([1] * 5, [2, 1, 2, 1, 1]), "4 + 8 + 8 = {}")
    span = (plain - 1) * 4 + 1
    states(id, span, "{} frames of the file", "跨原视频 {} 帧")
    states(id, span / 30, "{} s at 30", "30 fps 时 {} 秒", digits=1)
    states(id, span / 60, "{} s at 60", "60 fps 时 {} 秒", digits=1)


def test_why_scale_attention() -> None:
    id = "why-scale-attention"
    generator = np.random.default_rng(0)
    scores = (generator.normal(size=(4_000, 64)) * generator.normal(size=(4_000, 64))).sum(1)
    assert scores.std() == pytest.approx(math.sqrt(64), rel=0.05)

    def largest(deviation: float, tokens: int, trials: int) -> float:
        weights = np.exp(deviation * generator.normal(size=(trials, tokens)))
        return float((weights.max(axis=1) / weights.sum(axis=1)).mean())

    assert largest(8, 1_568, 2_000) == pytest.approx(0.70, abs=0.02)
    assert largest(1, 1_568, 500) == pytest.approx(0.012, abs=0.001)
    assert largest(1, 12_544, 400) == pytest.approx(0.0026, abs=0.0003)
    for number, digits in ((0.70, 2), (0.012, 3), (0.0026, 3)):
        states(id, number, digits=digits)
    states(id, 8 * 1_568)


def test_temporal_aliasing() -> None:
    id = "temporal-aliasing"

    def seen(frequency: float, rate: float) -> float:
        """The frequency that one takes it for, below half the rate; negative is backwards."""
        return (frequency + rate / 2) % rate - rate / 2

    assert seen(25, 30) == -5
    states(id, 5, "{} times a second", "每秒 {} 圈")
    states(id, 30 / 2, "here {};", "这里是 {}）")
    rate = 30 / 8
    states(id, rate, "30/8 = {} fps", digits=2)
    states(id, rate / 2, "less than {} times", "少于 {} 次", digits=1)
    states(id, abs(seen(3, rate)), "appears as {}", "看上去是 {} 次", digits=2)
    states(id, 5 * 25, "{} a second", "每秒 {} 次")
    states(id, seen(125, 30), "to {}:", "折叠后是 {}：")
    assert Fraction(5, 30) == Fraction(1, 6)
    instants = np.arange(30) / 30
    turned, apparent = (np.exp(2j * np.pi * turns * instants) for turns in (25, -5))
    assert turned == pytest.approx(apparent)
