"""Every figure that an answer works out is worked out here again, from its assumptions.

``states`` fails unless the text of an entry says the number, in both languages, rounded as a
speaker would round it.
"""

import math
import re
import warnings
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy import optimize, stats

from helpers import boxes, metrics, tracking
from helpers.datasets import REVERSED
from helpers.from_scratch import attention_pool
from helpers.interview import bank
from helpers.interview.question import Question, Text
from helpers.metrics import average_precision, per_class_accuracy, precision_recall
from helpers.video import sample_indices


def all_text(question: Question, language: str) -> str:
    def words(value: object) -> str:
        if isinstance(value, Text):
            return value.zh if language == "zh" else value.en
        if isinstance(value, tuple):
            return "\n".join(map(words, value))
        return "\n".join(map(words, vars(value).values())) if hasattr(value, "__dict__") else ""

    return words(question).replace(",", "").replace("≈", "=")


def states(id: str, number: float, en: str = "{}", zh: str = "", digits: int = 0) -> None:
    """The entry says the number, rounded to ``digits`` places, inside each language's words.

    Without ``zh`` the words are the same in both, as in a formula or a unit.
    """
    said = f"{number:.{digits}f}"
    for language, template in (("en", en), ("zh", zh or en)):
        escaped = re.escape(template.format(said))
        # English here writes 3 % where Chinese writes 3%.
        text = all_text(bank.get(id), language).replace(" %", "%")
        found = re.search(rf"(?<![\d.]){escaped}(?!\d)", " ".join(text.split()))
        assert found, f"{id} ({language}) does not say {said} in {template!r}"


def test_states_notices_another_number() -> None:
    states("clip-batch-memory", 2408448)
    with pytest.raises(AssertionError, match="does not say 2408449"):
        states("clip-batch-memory", 2408449)
    with pytest.raises(AssertionError):
        states("clip-batch-memory", 9.3, digits=1)  # 19.3 is no 9.3


def test_why_is_video_harder_than_images() -> None:
    id = "why-is-video-harder-than-images"
    states(id, 10 * 30 * 1920 * 1080 * 3 / 1e9, "{} GB", digits=1)
    image_tokens = (224 // 16) ** 2
    video_tokens = (16 // 2) * image_tokens
    states(id, image_tokens, "ViT-B/16 has {}", "是 {} 个")
    states(id, video_tokens)
    states(id, video_tokens / image_tokens, "{} times the tokens", "token 数是 {} 倍")
    states(
        id, (video_tokens / image_tokens) ** 2, "{} times the token pairs", "token 对是 {} 倍"
    )
    steps = 8
    states(id, (steps * image_tokens) ** 2)
    states(id, steps * image_tokens**2 + image_tokens * steps**2)


def test_what_frames_does_a_model_see() -> None:
    id = "what-frames-does-a-model-see"
    middles = sample_indices(total_frames=240, num_frames=8)
    first, second, *_, last = middles
    said = f"{first}, {second}, ..., {last}"
    assert f"(frames {said})" in " ".join(bank.get(id).answer.en.split())
    assert f"（第 {first}、{second}、…、{last} 帧）" in bank.get(id).answer.zh
    states(id, middles[1] - middles[0] - 1, "the {} frames between", "之间的 {} 帧")
    states(id, 100 * 8 / 240, "are {}%", "只占这段视频的 {}%")
    first_frames = 8 / 30
    assert first_frames == pytest.approx(0.25, rel=0.1)
    states(id, 240 - 8, "{} of 240", "240 帧里丢了 {} 帧")
    span = (8 - 1) * 4 + 1
    states(id, span, "(8 − 1) × 4 + 1 = {}")
    states(id, 240 - span, "240 − 29 = {}")
    assert max(range(240), key=lambda start: (start + 28 <= 239, start)) == 240 - span


def test_frame_sampling_strategies() -> None:
    id = "frame-sampling-strategies"
    span = (8 - 1) * 8 + 1
    states(id, span, "8×8 spans {} frames", "8×8 跨 {} 帧")
    states(id, span / 30, "{} s at 30 fps", "30 fps 下约 {} 秒")
    states(id, span / 60, "{} s at 60", "60 fps 下约 {} 秒")
    states(id, 2**14, "{} tokens per video", "最多 {} 个 token")
    states(id, 10 * 3, "{} × 65.71")
    states(id, 10 * 3 * 65.71, "30 × 65.71 = {} GFLOPs")


def test_denoising_pitfalls() -> None:
    id = "denoising-pitfalls"
    states(id, 10 * math.log10(4), "10·log10(4) = {} dB", digits=2)
    noise = np.random.default_rng(0).normal(size=(4, 100_000))
    assert noise.mean(axis=0).var() == pytest.approx(1 / 4, rel=0.05)
    covered = [np.median([9] * frames + [0] * (5 - frames)) == 9 for frames in range(6)]
    states(id, covered.index(True), "at least {} of the 5", "至少要占 {} 帧")
    assert np.median([0, 9, 0]) == 0


def test_codec_container_and_seeking() -> None:
    landing = max(keyframe for keyframe in (0, 30, 60, 90) if keyframe <= 75)
    id = "codec-container-and-seeking"
    states(id, landing, "seek to {}", "最近关键帧 {}")
    states(id, 75 - landing, "{} frames decoded for nothing", "前面 {} 帧只能解码后丢弃")


def test_random_crop_per_frame() -> None:
    id = "random-crop-per-frame"
    offsets = np.arange(171 - 112 + 1)
    states(id, len(offsets), "uniform over {} values", "在 {} 个值上均匀分布")
    difference = float(np.abs(offsets[:, None] - offsets).mean())
    states(id, difference, "{} pixels on average", "平均相差 {} 像素")
    states(id, difference, "{} pixels of a 112-pixel crop", "每帧平均跳 {} 像素")
    # The fixed function keeps a still clip still; the broken one does not.
    generator = np.random.default_rng(0)
    frame = generator.integers(0, 256, (128, 171, 3), dtype=np.uint8)
    clip = np.stack([frame] * 16)
    namespace: dict = {}
    code = re.search(r"```python\n(.*?)```", bank.get(id).answer.en, re.DOTALL)
    assert code
    exec(code[1], namespace)
    fixed = namespace["augment"](clip, 3, 5)
    assert fixed.shape == (16, 112, 112, 3) and not np.ptp(fixed, axis=0).any()

    def random_crop(frame: np.ndarray, size: int) -> np.ndarray:
        top, left = (generator.integers(side - size + 1) for side in frame.shape[:2])
        return frame[top : top + size, left : left + size]

    namespace = {"np": np, "random_crop": random_crop}
    code = re.search(r"```python\n(.*?)```", bank.get(id).question.en, re.DOTALL)
    assert code
    exec(code[1], namespace)
    assert np.ptp(namespace["augment"](clip), axis=0).any()


def test_dtype_range_bgr() -> None:
    id = "dtype-range-bgr"
    states(id, (255 - 0.45) / 0.225, "reach {}", "最大到 {}")
    states(id, (0.45 - 0) / 0.225, "trained on −{}", "只有 −{}")
    states(id, (1 - 0.45) / 0.225, "−2 to {}", "−2 到 {}", digits=1)
    covered = 16 / ((16 - 1) * 4 + 1)
    assert covered == pytest.approx(0.25, rel=0.1)
    with pytest.raises(ValueError):  # what follows from a `read` that returns (False, None)
        np.stack([np.zeros((224, 224, 3), np.uint8), None])  # type: ignore[list-item]
    wrapped = np.array([100], np.uint8) - np.array([115], np.uint8)
    states(id, int(wrapped[0]), "{} modulo 256", "模 256 后是 {}")


def test_psnr_versus_ssim() -> None:
    id = "psnr-versus-ssim"

    def psnr(mse: float) -> float:
        return 10 * math.log10(255**2 / mse)

    states(id, psnr(100), "{} dB", digits=1)
    states(id, 20 * math.log10(255), "{} dB", digits=1)
    states(id, (psnr(1) + psnr(100)) / 2, "{} dB", digits=1)
    states(id, psnr((1 + 100) / 2), "{} dB", digits=1)


def test_clip_batch_memory() -> None:
    id = "clip-batch-memory"
    clip = 16 * 224 * 224 * 3
    batch = 8 * clip
    states(id, clip)
    states(id, batch / 1e6, "{} MB in uint8", "uint8 占 {} MB", digits=1)
    states(id, batch / 1e6, "{} MB are 18.4 MiB", "{} MB 即 18.4 MiB", digits=1)
    states(id, 4 * batch / 1e6, "{} MB", digits=1)
    states(id, 2 * batch / 1e6, "{} MB", digits=1)
    states(id, 10 * batch / 1e6, "{} MB")
    states(id, 10 * 4 * batch / 1e6, "{} MB")
    states(id, 10 * batch / 1e9, "{}", digits=2)
    states(id, 10 * 4 * batch / 1e9, "{}", digits=2)
    activation = 64 * 16 * 112 * 112 * 4
    states(id, activation / 1e6, "{} MB")
    states(id, 8 * activation / 1e6, "{} MB")
    states(id, batch / 3 / 1e6, "8 × 16 × 224 × 224 = {} MB", digits=1)
    larger = 8 * 32 * 448 * 448 * 3
    states(id, larger / batch, "{} times as much", "共 {} 倍")
    states(id, larger / 1e6, "{} MB")
    states(id, 4 * larger / 1e6, "{} MB")
    states(id, batch / 2**20, "{} MiB", digits=1)
    states(id, 100 * (2**20 / 1e6 - 1), "{}%", digits=1)


def test_faster_rcnn_rpn_fpn() -> None:
    id = "faster-rcnn-rpn-fpn"
    states(id, 3 * 3, "3 ratios = {}", "3 宽高比 = {}")
    assert [math.floor(4 + math.log2(side / 224)) for side in (224, 112)] == [4, 3]
    states(id, 16 / 2, "half a cell is {} pixels", "半格就是 {} 个像素")


def test_clip_layouts() -> None:
    clips = np.arange(2 * 3 * 4 * 5 * 6).reshape(2, 3, 4, 5, 6)  # five different sizes
    converted = clips.transpose(0, 4, 1, 2, 3)
    assert converted.shape == (2, 6, 3, 4, 5)
    assert converted[1, 4, 2, 3, 1] == clips[1, 2, 3, 1, 4]
    assert np.shares_memory(converted, clips)
    assert converted.transpose(0, 2, 3, 4, 1).shape == clips.shape
    assert clips.transpose(0, 2, 3, 4, 1).shape == (2, 4, 5, 6, 3)
    colours = np.zeros((1, 3, 4, 5, 3), int) + np.arange(3)  # each value says its channel
    red = colours.reshape(1, 3, 3, 4, 5)[0, 0]
    assert set(red.ravel()) == {0, 1, 2}
    assert (red.ravel() == colours[0, 0].ravel()).all()  # the first third of the clip


def test_short_video_moderation() -> None:
    id = "short-video-moderation"
    uploads, seconds, prevalence = 10_000_000, 30, 0.0035
    average = uploads / 86_400
    peak = 3 * average
    states(id, average, "{} uploads/s", "{} 条/s")
    states(id, peak, "{}/s", "即 {} 条/s")
    states(id, uploads * seconds * 2 / 8 / 1e6, "{} TB")
    states(id, seconds * 2 / 8, "{} MB", digits=1)

    frames = peak * seconds  # one a second
    states(id, frames, "{} frames/s", "{} 帧/s")
    states(id, math.ceil(frames / (2_000 * 0.6)), "needs {} GPUs", "需要 {} 张卡")
    states(id, 0.05 * peak, "{} videos/s at the peak", "峰值每秒 {} 条")
    states(id, math.ceil(0.05 * peak * 1 / 0.6), "it needs {}", "需要 {} 张卡")

    positives = uploads * prevalence
    hits = 0.95 * positives
    false_alarms = 0.01 * (uploads - positives)
    assert positives == pytest.approx(35_000)
    states(id, positives - hits, "{} are missed", "漏 {} 条")
    states(id, hits, "{} hits", "命中的 {} 条")
    states(id, false_alarms, "{} false alarms", "{} 条误报")
    states(id, hits + false_alarms, "{} to review", "共 {} 条")
    states(id, 100 * hits / (hits + false_alarms), "precision {}%", "精确率 {}%")
    states(id, 100 * hits / (hits + false_alarms), "precision is {}%", "精确率只有 {}%")
    reviewers = math.ceil((hits + false_alarms) / (8 * 60))
    states(id, reviewers, "without breaks: {} reviewers on shift", "480 条，每天在岗 {} 人")
    payroll = math.ceil(reviewers * 7 / 5)
    states(id, payroll, "277 × 7 / 5 = {}", "编制 277 × 7 / 5 = {} 人")
    # The same in the short answer, where a speaker rounds.
    states(id, reviewers, "about {} on shift", "每天在岗约 {} 人")
    states(id, 10 * round(payroll / 10), "some {} on the payroll", "编制约 {} 人")
    states(id, 100 * prevalence, "Assume that {}%", "假设违规占比为 {}%", digits=2)
    states(id, average, "{} uploads a second", "平均每秒 {} 条")
    states(id, 10 * round(peak / 10), "some {} at the peak", "峰值约 {} 条")
    reviewed = round((hits + false_alarms) / 1000)
    assert f"people review {reviewed},000 videos a day" in bank.get(id).answer.en
    chinese = bank.get(id).answer.zh
    assert f"每天约 {reviewed / 10} 万条进人审" in chinese
    assert f"每天违规约 {positives / 10_000} 万条" in chinese
    assert f"{positives:,.0f} violations a day" in bank.get(id).answer.en
    states(id, 100 * (1 - prevalence), "{}%", digits=2)

    states(id, 5 + 6 + 8 + 1 + 8, "queues: {} s", "共 {} s，余量 2 s")
    assert peak * seconds * 30 == pytest.approx(312_500)
    states(id, 10_000 * prevalence, "about {} violations", "约有 {} 条违规")
    states(id, 0.98 * 0.97 * 100, "0.98 × 0.97 = {}%")


# A layer of a network: kernel volume, channels in and out, and how many outputs a channel has.
Layer = tuple[int, int, int, int]


def macs(layers: list[Layer]) -> int:
    return sum(volume * inputs * outputs * size for volume, inputs, outputs, size in layers)


def weights(layers: list[Layer]) -> int:
    return sum(volume * inputs * outputs for volume, inputs, outputs, _ in layers)


# C3D on 16×112×112: each convolution keeps the size, poolings stand after 1, 2, 4, 6 and 8.
C3D_CONVOLUTIONS: list[Layer] = [
    (27, 3, 64, 16 * 112 * 112),
    (27, 64, 128, 16 * 56 * 56),
    (27, 128, 256, 8 * 28 * 28),
    (27, 256, 256, 8 * 28 * 28),
    (27, 256, 512, 4 * 14 * 14),
    (27, 512, 512, 4 * 14 * 14),
    (27, 512, 512, 2 * 7 * 7),
    (27, 512, 512, 2 * 7 * 7),
]
C3D_POOLINGS = [
    64 * 16 * 56 * 56,
    128 * 8 * 28 * 28,
    256 * 4 * 14 * 14,
    512 * 2 * 7 * 7,
    512 * 4 * 4,  # padded by one in space
]
C3D_DENSE: list[Layer] = [(1, 512 * 4 * 4, 4096, 1), (1, 4096, 4096, 1), (1, 4096, 101, 1)]


def middle_channels(inputs: int, outputs: int, time: int = 3, area: int = 9) -> int:
    return time * area * inputs * outputs // (area * inputs + time * outputs)


def resnet_18(kind: str) -> list[Layer]:
    """The convolutions of torchvision's R3D-18 and R(2+1)D-18 on 16×112×112.

    ``per convolution`` is R(2+1)D-18 with the paper's formula for each convolution, where
    torchvision computes the middle channels once a block.
    """
    frames, side = 16, 56
    if kind == "r3d":
        layers: list[Layer] = [(3 * 49, 3, 64, frames * side * side)]
    else:
        layers = [(49, 3, 45, frames * side * side), (3, 45, 64, frames * side * side)]
    inputs = 64
    for stage, outputs in enumerate((64, 128, 256, 512)):
        for block in range(2):
            stride = 2 if stage > 0 and block == 0 else 1
            before, frames, side = frames, frames // stride, side // stride
            size = frames * side * side
            first = middle_channels(inputs, outputs)
            second = first if kind == "r2plus1d" else middle_channels(outputs, outputs)
            if kind == "r3d":
                layers += [(27, inputs, outputs, size), (27, outputs, outputs, size)]
            else:
                # The stride in time is the second convolution's.
                layers += [(9, inputs, first, before * side * side), (3, first, outputs, size)]
                layers += [(9, outputs, second, size), (3, second, outputs, size)]
            if stride == 2:
                layers.append((1, inputs, outputs, size))
            inputs = outputs
    return layers


def resnet_parameters(layers: list[Layer]) -> int:
    """Each convolution has batch normalisation and no bias; 400 classes."""
    return weights(layers) + 2 * sum(layer[2] for layer in layers) + 512 * 400 + 400


def test_r2plus1d_middle_channels() -> None:
    id = "r2plus1d-middle-channels"
    assert middle_channels(64, 64) == 144 and middle_channels(64, 128) == 230
    states(id, middle_channels(64, 64), "that is {}", "M = {}")
    states(id, middle_channels(64, 128), "it is {}", "M = {}")
    states(id, 27 * 64 * 64, "both have {} weights", "都是 {} 个权重")
    assert 9 * 64 * 144 + 3 * 144 * 64 == 27 * 64 * 64
    states(id, 9 * 64 * 230 + 3 * 230 * 128, "{} against 221184", "{} 对 221184")
    states(id, 27 * 64 * 128)
    narrow = 9 * 64 * 64 + 3 * 64 * 64
    states(id, narrow, "{} weights from 64", "只有 {} 个权重")
    states(id, 100 * narrow / (27 * 64 * 64), "{}%")
    states(id, middle_channels(3, 64, 3, 49), "would get {}", "按公式是 {}")
    # The largest that does not exceed the original, for every pair of channels.
    for inputs in (3, 45, 64, 100, 128, 512):
        for outputs in (1, 64, 128, 1000):
            middle, full = middle_channels(inputs, outputs), 27 * inputs * outputs
            per_channel = 9 * inputs + 3 * outputs
            assert middle * per_channel <= full < (middle + 1) * per_channel
    r3d, r2plus1d = resnet_18("r3d"), resnet_18("r2plus1d")
    states(id, resnet_parameters(r3d), "R3D-18 has {} parameters", "R3D-18 有 {} 个参数")
    states(id, resnet_parameters(r2plus1d), "has {}. Why", "R(2+1)D-18 有 {} 个")
    states(id, middle_channels(128, 128), "instead of {}", "而不是 {}")
    states(id, middle_channels(64, 128), "gets {} channels", "只得到 {} 个通道")
    states(id, middle_channels(64, 64), "map has {} channels", "一张 {} 通道")
    states(id, r2plus1d[0][2], "torchvision's has {}", "用的是 {}")
    formula = resnet_parameters(resnet_18("per convolution"))
    states(id, formula, "it would be {}", "总数是 {}")


def test_is_tsm_free() -> None:
    id = "is-tsm-free"
    copied = 8 * 56 * 56 * 256 * 4
    states(id, copied / 1e6, "{} MB read", "读 {} MB", digits=1)
    states(id, copied / 1e6, "{} MB read and as much written", "写 {} MB", digits=1)
    states(id, copied / 4 / 1e6, "only {} MB change", "换帧的只有 {} MB", digits=1)
    # Channels and side of each buffer in the authors' online_demo/mobilenet_v2_tsm.py.
    shapes = [(3, 56), (4, 28), (4, 28), (8, 14), (8, 14), (8, 14), (12, 14), (12, 14)]
    values = sum(channels * side**2 for channels, side in [*shapes, (20, 7), (20, 7)])
    states(id, values, "{} values", "共 {} 个值")
    states(id, 4 * values / 1e3, "{} kB")
    # How far a mark in one frame spreads when all channels are mixed after each shift.
    seen = np.zeros(101, bool)
    seen[50] = True
    causal = seen.copy()
    for _ in range(16):
        seen = seen | np.roll(seen, 1) | np.roll(seen, -1)
        causal = causal | np.roll(causal, 1)
    states(id, int(seen.sum()), "2 × 16 + 1 = {}")
    states(id, int(causal.sum()), "the present {}", "共 {} 帧")


def swin_3d_tiny_macs(frames: int) -> int:
    """Patches of 2×4×4, windows of 8×7×7, width 96, blocks 2, 2, 6, 2, at 224×224."""
    width, tokens = 96, frames // 2 * 56 * 56
    total = 2 * 4 * 4 * 3 * width * tokens
    for stage, blocks in enumerate((2, 2, 6, 2)):
        total += blocks * (12 * tokens * width**2 + 2 * tokens * (8 * 7 * 7) * width)
        if stage < 3:
            tokens //= 4
            total += tokens * 4 * width * 2 * width
            width *= 2
    return total


def test_compare_flops_of_two_video_papers() -> None:
    id = "compare-flops-of-two-video-papers"
    one_view = macs(resnet_18("r3d")) + 512 * 400
    assert macs(resnet_18("r2plus1d")) + 512 * 400 == pytest.approx(40.519e9, rel=1e-4)
    states(id, one_view / 1e9, "R3D-18 {} GFLOPs", "R3D-18 是 {} GFLOPs", digits=1)
    states(id, one_view / 1e9, "5 × {}", digits=3)
    states(id, int(5 * one_view / 1e9), "5 × 40.697 = {}")
    states(id, 30 * 6.72, "30 × 6.72 = {}")
    states(id, 2 * 30 * 6.72, "{} billion operations", "（{} GFLOP）")
    states(id, 10 * round(2 * 30 * 6.72), "403 billion", "约 {} 亿次运算")
    states(id, 30 * 6.72, "X3D-M's {} on", "X3D-M 的 {} 换成")
    states(id, 30 * 65.71, "with 30: {}", "取 30 个视角：{}")
    states(id, one_view / 6.72e9, "does {} times less", "六分之一")
    states(id, swin_3d_tiny_macs(16) / 1e9, "lists Swin3D-T at {}", "里是 {}", digits=1)
    assert swin_3d_tiny_macs(32) == pytest.approx(87.9e9, rel=2e-3)


def test_video_classifier_does_not_learn() -> None:
    id = "video-classifier-does-not-learn"
    states(id, math.log(10), "{} is ln 10", "{} 就是 ln 10", digits=3)
    states(id, math.log(10), "loss is {} and", "损失仍是 {}", digits=3)
    states(id, math.log(10), "Reads {} as", "看出 {}", digits=3)
    states(id, math.log(math.e + 9) - 1, "ln(e + 9) − 1 = {}", digits=3)
    states(id, math.log(math.e + 9) - 1, "stands at {}", "停在 {}", digits=3)
    frequencies = np.array([1 / 2] + [1 / 18] * 9)
    entropy = float(-(frequencies * np.log(frequencies)).sum())
    states(id, entropy, "½·ln 2 + ½·ln 18 = {}", digits=3)
    states(id, 100 * 0.99**50, "{}%", digits=1)


def test_which_classification_loss() -> None:
    id = "which-classification-loss"
    states(id, math.log(10), "ln 10 = {}", digits=3)
    states(id, math.log(2), "ln 2 = {}", digits=3)
    # The best that a model can do whose softmax goes through another: all on the true class.
    probabilities = np.eye(10)[0]
    floor = -math.log(math.exp(probabilities[0]) / np.exp(probabilities).sum())
    states(id, floor, "below {}", "降不到 {}", digits=3)
    labels = np.eye(10)
    states(id, 100 * float((labels == 0).mean()), "already has {}%", "准确率就有 {}%")
    states(id, 100 * float((labels == 0).mean()), "right {}% of", "全答“否”就有 {}%")


def test_classification_losses_raise_and_stay_silent_as_said() -> None:
    import keras

    integers = np.arange(10)
    rows = np.eye(10, dtype=np.float32)
    logits = 5 * rows - 2
    sparse = keras.losses.SparseCategoricalCrossentropy
    categorical = keras.losses.CategoricalCrossentropy
    right = float(sparse(from_logits=True)(integers, logits))
    assert right == pytest.approx(float(categorical(from_logits=True)(rows, logits)))
    for loss, labels in ((categorical, integers), (sparse, rows)):
        with pytest.raises(ValueError):
            loss(from_logits=True)(labels, logits)
    by_name = np.mean(keras.losses.get("sparse_categorical_crossentropy")(integers, -logits))
    assert by_name != pytest.approx(float(sparse(from_logits=True)(integers, -logits)), rel=0.5)
    # A softmax is noticed only as the last operation.
    x = keras.Input((10,))
    softmax = keras.layers.Softmax()(1000 * x)
    for output in (softmax, softmax * 1):
        model = keras.Model(x, output)
        model.compile(loss=sparse(from_logits=True))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loss = model.evaluate(rows, integers, verbose=0)
        is_noticed = any("does not represent logits" in str(one.message) for one in caught)
        assert is_noticed == (output is softmax)
        assert loss == pytest.approx(0 if is_noticed else math.log(math.e + 9) - 1, abs=1e-5)


def aggregations() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Ways to combine features (frames, channels), with weights drawn once."""
    rng = np.random.default_rng(0)
    matrices = rng.normal(size=(4, 6, 6)) / 3
    query, codes, kernel = rng.normal(size=6), rng.normal(size=(8, 6)), rng.normal(size=(3, 6))

    def recurrent(features: np.ndarray) -> np.ndarray:
        state = np.zeros(6)
        for frame in features:
            update = 1 / (1 + np.exp(-(matrices[0] @ frame + matrices[1] @ state)))
            candidate = np.tanh(matrices[2] @ frame + matrices[3] @ state)
            state = update * state + (1 - update) * candidate
        return state

    def self_attention(features: np.ndarray) -> np.ndarray:
        queries, keys, values = (features @ matrix for matrix in matrices[:3])
        scores = np.exp(queries @ keys.T)
        return (scores / scores.sum(axis=1, keepdims=True) @ values).mean(axis=0)

    def pooled(features: np.ndarray) -> np.ndarray:
        return attention_pool(features[None], query)[0]

    def convolved(features: np.ndarray) -> np.ndarray:
        windows = np.stack([features[start : start + 6] for start in range(3)])
        return np.maximum((windows * kernel[:, None]).sum(axis=0), 0).mean(axis=0)

    return {
        "mean": lambda features: features.mean(axis=0),
        "maximum": lambda features: features.max(axis=0),
        "attention pooling": pooled,
        "self-attention": self_attention,
        "GRU": recurrent,
        "temporal convolution": convolved,
        "self-attention with positions": lambda features: self_attention(features + codes),
        "attention pooling with positions": lambda features: pooled(features + codes),
        "absolute differences": lambda features: np.abs(np.diff(features, axis=0)).mean(axis=0),
    }


def test_which_aggregations_see_order() -> None:
    features = np.random.default_rng(1).normal(size=(8, 6))
    shuffled = features[[3, 0, 6, 1, 7, 4, 2, 5]]
    notices = {
        name: tuple(
            not np.allclose(combine(features), combine(other))
            for other in (shuffled, features[::-1])
        )
        for name, combine in aggregations().items()
    }
    assert notices == {
        "mean": (False, False),
        "maximum": (False, False),
        "attention pooling": (False, False),
        "self-attention": (False, False),
        "GRU": (True, True),
        "temporal convolution": (True, True),
        "self-attention with positions": (True, True),
        "attention pooling with positions": (True, True),
        "absolute differences": (True, False),
    }
    same_backwards = sum(backwards == label for label, backwards in enumerate(REVERSED))
    share = 100 * same_backwards / len(REVERSED)
    states("which-aggregations-see-order", share, "and {}% on", "倒放 {}%")


def test_what_is_a_large_video_model() -> None:
    id = "what-is-a-large-video-model"
    states(id, 8 * 14 * 14, "{} for VideoMAE's", "16 帧是 {} 个")
    latent = ((81 - 1) // 4 + 1) * (720 // 8 // 2) * (1280 // 8 // 2)
    states(id, latent, "{} for 81 frames", "720p 是 {} 个")
    operations = 6 * 1e9 * 100e9
    assert operations == 6e20
    states(id, operations / 100e12 / 3600, "{} GPU hours", "约 {} GPU 小时")
    assert 0.3e9 * 30_000 > 1e9 * 1_500


def test_classify_videos_program() -> None:
    id = "classify-videos-program"
    side = 224
    for _ in range(3):
        side = (side - 2) // 2  # a 3×3 convolution without padding, then pooling by 2
    dense = side * side * 128 * 128 + 128
    convolutions = 9 * (3 * 32 + 32 * 64 + 64 * 128) + 32 + 64 + 128
    states(id, dense, "{} of its", "里有 {} 个")
    states(id, convolutions + dense + 128 * 10 + 10, "its {} parameters", "{} 个参数")
    states(id, (0.9 + 299 * 0.01) / 300, "the mean is {}", "平均只有 {}", digits=3)
    longer = bank.get(id).longer
    assert longer is not None
    codes = [
        re.findall(r"```python\n(.*?)```", text, re.DOTALL) for text in (longer.en, longer.zh)
    ]
    assert codes[0] == codes[1]


def test_the_program_that_classifies_videos_runs_and_sees_order() -> None:
    import keras
    import tensorflow as tf

    longer = bank.get("classify-videos-program").longer
    assert longer is not None
    program: dict = {}
    code = re.search(r"```python\n(.*?)```", longer.en, re.DOTALL)
    assert code
    exec(code[1], program)
    keras.utils.set_random_seed(0)
    # With five frames the strides pick the same ones forwards and backwards, so that only the
    # kernels' reach in time can tell the two apart.
    model = program["build_model"](num_classes=3, frames=5, size=16)
    clips = np.random.default_rng(0).integers(0, 256, (12, 5, 16, 16, 3), dtype=np.uint8)
    labels = np.arange(12) % 3
    batches = tf.data.Dataset.from_tensor_slices((clips, labels)).batch(4)
    history = program["train_model"](model, batches, batches, epochs=2)
    assert len(history.history["val_loss"]) == 2
    assert float(model.optimizer.learning_rate) == pytest.approx(0, abs=1e-6)  # decayed in time
    forwards = np.asarray(program["classify_video"](model, clips[:5]))
    assert forwards.shape == (3,) and forwards.sum() == pytest.approx(1)
    assert np.abs(forwards - program["classify_video"](model, clips[:5, ::-1])).max() > 1e-4


def test_accuracy_is_not_enough() -> None:
    id = "accuracy-is-not-enough"

    def half_width(accuracy: float, number: float) -> float:
        return 100 * 1.96 * math.sqrt(accuracy * (1 - accuracy) / number)

    labels = np.array([0] * 90 + list(range(1, 10)) + [1])
    answers = np.zeros(100, int)
    states(id, 100 * float((labels == answers).mean()), "naming it scores {}%", "就有 {}%")
    balanced = float(np.mean(per_class_accuracy(labels, answers, 10)))
    states(id, 100 * balanced, "accuracy is {}%", "平衡准确率只有 {}%")
    states(id, 100 * 5 / 10, "chance is {}%", "随机就有 {}%")
    states(id, 100 * 5 / 10, "random ranking has {}%", "随机排序就有 {}%")
    states(id, half_width(0.9, 500), "±{} points", "±{} 个百分点", digits=1)
    growth = 1 + 9 * 0.5
    states(id, growth, "1 + 9 × 0.5 = {}", digits=1)
    states(id, 5000 / growth, "are worth {}", "只相当于 {} 个")
    states(id, half_width(0.9, 5000 / growth), "±{} points", "±{} 个百分点", digits=1)
    states(id, half_width(0.9, 5000), "not ±{}", "而不是 ±{}", digits=1)
    assert round((0.92 - 0.90) * 500) == 20 - 10
    # If neither is better, each is the right one of a pair with probability ½.
    p_value = 2 * sum(math.comb(30, wins) for wins in range(11)) / 2**30
    states(id, p_value, "p = {}", digits=3)
    assert 2 / 2**10 < 0.01  # 10 to 0


def test_gpu_starved_by_decoding() -> None:
    id = "gpu-starved-by-decoding"
    states(id, 100 * 0.2 / 0.5, "averages {}%", "平均 {}%")
    states(id, 0.5 - 0.2, "{} s of every step", "每步有 {} 秒", digits=1)
    clips = 32 / 0.2
    states(id, clips, "eats {} clips/s", "要 {} 个片段")
    span = (16 - 1) * 4 + 1
    states(id, span, "spans {}", "跨 {} 帧")
    extra = float(np.mean(np.arange(30)))
    states(id, extra, "{} more", "多解 {} 帧", digits=1)
    frames = clips * (span + extra)
    states(id, frames, "{} frames/s", "{} 帧/s")
    states(id, math.ceil(frames / 400), "{} cores", "{} 个核")
    states(id, 100 * 0.2 / max(0.3, 0.2), "{}%")


def test_conv3d_parameters_and_macs() -> None:
    id = "conv3d-parameters-and-macs"
    volume, inputs, outputs, size = second = C3D_CONVOLUTIONS[1]
    states(id, volume * inputs * outputs + outputs, "128 = {}")
    states(id, volume * inputs, "27 × 64 = {}")
    values = outputs * size
    states(
        id, values / 1e6, "128 = {} million", f"128 = {10 * round(values / 1e5)} 万", digits=1
    )
    billions = macs([second]) / 1e9
    states(id, billions, "them: {} billion", f"合 {10 * billions:.0f} 亿次", digits=1)
    states(id, 2 * billions, "twice that {} billion", f"即 {20 * billions:.0f} 亿", digits=1)
    assert macs([(9, inputs, outputs, size)]) == macs([second]) / 3
    dense = weights(C3D_DENSE) + sum(layer[2] for layer in C3D_DENSE)
    total = weights(C3D_CONVOLUTIONS) + sum(layer[2] for layer in C3D_CONVOLUTIONS) + dense
    assert total == 78_409_573  # as published
    states(
        id, total / 1e6, "{} million parameters", f"{10 * round(total / 1e5)} 万参数", digits=1
    )
    states(id, dense / 1e6, "which {} million", f"占 {10 * round(dense / 1e5)} 万", digits=1)
    states(id, 100 * dense / total, "{}%")
    all_macs = macs(C3D_CONVOLUTIONS + C3D_DENSE)
    assert all_macs == pytest.approx(38.547e9, rel=1e-4)  # as published
    states(id, all_macs / 1e9, "the {} billion", f"占 {all_macs / 1e8:.0f} 亿", digits=1)
    states(id, 100 * macs(C3D_DENSE) / all_macs, "do {}%", "{}%", digits=2)
    states(id, 100 * macs([second]) / all_macs, "alone {}%", "就占 {}%")
    half_channels = [(volume, inputs // 2, outputs // 2, size)]
    assert macs(half_channels) == macs([second]) / 4
    assert weights(half_channels) == weights([second]) / 4
    states(id, size, "16 × 56 × 56 = {}")
    strided = macs([(volume, inputs, outputs, 8 * 28 * 28)]) / 1e9
    states(id, strided, "{} billion", f"约 {10 * strided:.1f} 亿次", digits=2)
    separable = 27 * 64 + 64 * 128
    states(id, separable, "64 × 128 = {}")
    states(id, 27 * 64 * 128, "instead of {}", "原来是 {}")
    states(id, 27 * 64 * 128 / separable, "{} times fewer", "减少到 1/{}")
    assert separable / (27 * 64 * 128) == pytest.approx(1 / 128 + 1 / 27)


def transformer_macs(tokens: int, width: int, layers: int) -> tuple[int, int, int]:
    """Projections and MLP, attention, and the patches of 2×16×16 pixels."""
    linear = layers * 12 * tokens * width**2
    return linear, layers * 2 * tokens**2 * width, 2 * 16 * 16 * 3 * width * tokens


def test_tokens_of_a_video_transformer() -> None:
    id = "tokens-of-a-video-transformer"
    tokens, width = 16 // 2 * (224 // 16) ** 2, 768
    states(id, tokens, "8 × 196 = {}")
    linear, attention, patches = parts = transformer_macs(tokens, width, layers=12)
    assert attention / linear == pytest.approx(tokens / (6 * width))
    states(id, 6 * width, "6d {} for", "时是 {}")
    states(id, tokens / (6 * width), "it is {}", "这里是 {}", digits=2)
    states(id, tokens / (6 * width), "n/(6d) = {}", digits=2)
    states(id, linear / 1e9, "{} + 45 billion", f"合计 {10 * round(linear / 1e9)} 亿")
    states(id, attention / 1e9, "133 + {} billion", f"+ {10 * round(attention / 1e9)} 亿")
    states(id, patches / 1e9, "and {} for the", f"嵌入 {patches / 1e8:.0f} 亿", digits=1)
    states(id, sum(parts) / 1e9, "patches: {}", f"共 {10 * round(sum(parts) / 1e9)} 亿")
    large = sum(transformer_macs(tokens, 1024, layers=24))
    assert large == pytest.approx(597e9, rel=1e-3)  # as published for ViT-L
    doubled = sum(transformer_macs(2 * tokens, width, layers=12))
    states(id, 2 * tokens, "{} tokens; the first", "{} 个 token，前者")
    states(id, doubled / 1e9, "{} billion 2.5", f"共 {10 * round(doubled / 1e9)} 亿")
    states(id, doubled / sum(parts), "grows by {}", "整体是 {} 倍", digits=1)
    states(id, doubled / sum(parts), "{} times. **Generator", "亿，是 {} 倍", digits=1)
    states(id, 480 // 8, "by 8: {}×104", "即 {}×104")
    states(id, 832 // 8, "by 8: 60×{}", "即 60×{}")
    frames = (81 - 1) // 4 + 1
    states(id, frames, "/4 + 1 = {}")
    latent = frames * (480 // 8 // 2) * (832 // 8 // 2)
    states(id, latent, "21 × 30 × 52 = {}")
    visible = tokens // 196 * (196 - int(0.9 * 196))  # whole tubes stay or go
    states(id, visible, "sees {} of 1568", "只看 {} 个")
    states(id, 16 * 196, "16 × 196 = {}")
    states(id, 12 * tokens**2 * 2 / 1e6, "{} MB per clip", "字节 = {} MB")
    states(id, 12 * latent**2 * 2 / 1e9, "{} GB", digits=1)
    ratio = 2 * latent * 1536 / (4 * 1536**2 + 2 * 1536 * 8960)
    states(id, ratio, "a ratio of {}", "约 {} 倍", digits=1)


def test_activation_memory_of_a_3d_cnn() -> None:
    id = "activation-memory-of-a-3d-cnn"
    maps = [outputs * size for _, _, outputs, size in C3D_CONVOLUTIONS]
    states(
        id, maps[0] / 1e6, "112 = {} million", f"112 = {10 * round(maps[0] / 1e5)} 万", digits=1
    )
    states(id, 4 * maps[0] / 1e6, "{} MB. All", "个值，{} MB")
    convolved = sum(maps)
    states(
        id, convolved / 1e6, "give {} million", f"共 {10 * round(convolved / 1e5)} 万", digits=1
    )
    kept = convolved + sum(C3D_POOLINGS)
    states(id, kept / 1e6, "poolings {} million", f"共 {10 * round(kept / 1e5)} 万", digits=1)
    states(id, 4 * kept / 1e6, "{} MB. So 30", "万，{} MB")
    states(id, 30 * 4 * kept / 1e9, "{} GB", digits=1)
    states(id, 100 * maps[0] / kept, "{}% of it", "就占 {}%")
    states(id, 78_409_573 * 16 / 1e9, "= {} GB", digits=2)
    states(id, 8 * 4 * kept / 1e6, "{} MB per clip", "每个片段 {} MB")
    states(id, 78_409_573 * 4 / 1e6, "are {} MB", "是 {} MB")
    states(id, maps[-1], "gives {} values", "只输出 {} 个值")
    states(id, maps[0] / 1e6, "first {} million", "第一个是 1280 万", digits=1)
    states(id, 78_409_573 * 4 / 1e6, "needs {} MB", "需要 {} MB")
    first_pooling = C3D_POOLINGS[0]
    states(id, 4 * first_pooling / 1e6, "51.4 + {}", digits=1)
    states(id, 4 * (maps[0] + first_pooling) / 1e6, "12.8 = {} MB", digits=1)
    at_once = [3 * 16 * 112 * 112 + maps[0], maps[0] + first_pooling]
    later = max(one + two for one, two in pairwise([first_pooling, *maps[1:]]))
    assert max(at_once) == at_once[1] > later


def test_multi_view_testing_cost() -> None:
    id = "multi-view-testing-cost"
    states(id, 30 * 65.71, "30 × 65.71 = {}")
    operations = 2 * 30 * 65.71e9 * 20_000
    states(id, operations / 1e16, "{} × 10¹⁶", digits=1)
    states(id, operations / 50e12 / 60, "{} minutes", "需 {} 分钟")
    states(id, operations / 50e12 / 60, "against {} GPU minutes", "需 {} 分钟")
    states(id, operations / 30 / 50e12, "takes {} s", "只要 {} 秒")
    states(id, 10 * 30, "{} frames a video", "每个视频 {} 帧")
    states(id, 20_000 * 300 / 1e6, "{} million in all", f"共 {20_000 * 300 // 10_000} 万帧")
    states(id, 20_000 * 300 / 400 / 3600, "{} core-hours", "{} 核时", digits=1)
    states(id, 10 * 64, "decode at least {} frames", "至少要解 {} 帧")
    # The variance of a mean of equally correlated values.
    for views, en, zh in (
        (10, "{} with 10", "10 个视角 {}"),
        (30, "{} with 30", "30 个视角 {}"),
    ):
        covariance = 0.7 + 0.3 * np.eye(views)
        states(id, float(covariance.mean()), en, zh, digits=2)
    states(id, 196 * math.sqrt(0.75 * 0.25 / 2000), "±{} points", "±{} 个百分点", digits=1)
    states(id, 196 * math.sqrt(0.1 / 2000), "±{} if exactly", "约 ±{}）", digits=1)


def test_what_is_average_precision() -> None:
    id = "what-is-average-precision"
    curve = precision_recall(np.array([True, False, True]), num_truth=2)
    for method in ("voc2007", "voc2010", "coco"):
        states(id, average_precision(*curve, method), digits=3)


def standard_error(share: float, number: float) -> float:
    """Of a share of so many independent cases, in percentage points."""
    return 100 * math.sqrt(share * (1 - share) / number)


def expected_maximum(number: int) -> float:
    """Of so many independent standard normal values."""
    grid = np.linspace(-10, 10, 20_001)
    below = stats.norm.cdf(grid) ** number
    return float((grid[1:] + grid[:-1]) @ np.diff(below) / 2)


def test_memorising_random_labels() -> None:
    id = "memorising-random-labels"
    states(id, 100 / 10, "at chance {}%", "十类均衡时为 {}%")
    states(id, 100 - 100 / 10, "gap of {} points", "{} 个点的差距")


def test_dropout_in_video_networks() -> None:
    id = "dropout-in-video-networks"
    kept = np.random.default_rng(0).random((100_000, 27)) < 0.5
    noise = kept / 0.5  # on values that are all 1
    assert noise.std() == pytest.approx(1, rel=0.01)
    assert noise.mean(axis=1).std() == pytest.approx(math.sqrt(1 / 27), rel=0.01)
    states(id, 100 * math.sqrt(1 / 27), "shrinks to {}%", "只剩 {}%")
    # Of max(0, x), x standard normal: mean 1 / sqrt(2 pi), mean square 1/2.
    square_of_mean, mean_square = 1 / (2 * math.pi), 1 / 2
    ratio = (mean_square / 0.5 - square_of_mean) / (mean_square - square_of_mean)
    states(id, ratio, "it is {} times", "测试时的 {} 倍", digits=2)


def test_l2_or_decoupled_weight_decay() -> None:
    import keras

    id = "l2-or-decoupled-weight-decay"
    states(id, 1 / (0.001 * 0.05), "1 / (ηλ) = {}")
    states(id, 1 / (0.001 * 0.0001), "constant is {}", "时间常数是 {}")

    def after_adam(penalty: float) -> np.ndarray:
        """Two weights of 1 whose gradients, 1 and 100 in size, change sign at each step."""
        weights, squares = np.ones(2), np.zeros(2)
        for step in range(1, 501):
            gradients = (-1) ** step * np.array([1, 100]) + penalty * weights
            squares = 0.999 * squares + 0.001 * gradients**2
            weights = weights - 0.001 * gradients / np.sqrt(squares / (1 - 0.999**step))
        return weights

    pulls = after_adam(0) - after_adam(0.01)
    assert pulls[0] / pulls[1] == pytest.approx(100, rel=0.1)
    weights = keras.Variable([1.0, 4.0])
    decoupled = keras.optimizers.AdamW(0.1, weight_decay=0.05)
    for _ in range(5):
        decoupled.apply([keras.ops.zeros(2)], [weights])
    # All by one proportion, which the learning rate multiplies.
    assert np.asarray(weights) == pytest.approx(np.array([1, 4]) * (1 - 0.1 * 0.05) ** 5)


def test_early_stopping() -> None:
    import inspect

    import keras

    id = "early-stopping"
    assert 100 / 200 == 0.5  # one clip of 200
    states(id, standard_error(0.8, 200), "error of {} points", "标准误为 {} 个点", digits=1)
    defaults = inspect.signature(keras.callbacks.EarlyStopping).parameters
    assert defaults["patience"].default == 0
    assert defaults["restore_best_weights"].default is False


def test_mixup_and_label_smoothing() -> None:
    id = "mixup-and-label-smoothing"
    targets = 0.1 / 10 + 0.9 * np.eye(10)[0]
    states(id, targets[0], "10 classes {} and", "10 类时是 {} 和", digits=2)
    states(id, targets[1], "and {}. The loss", "和 {}。", digits=2)
    floor = float(-(targets * np.log(targets)).sum())
    states(id, floor, "below {}", "目标的熵 {}", digits=3)
    states(id, math.log(targets[0] / targets[1]), "ln 91 = {}", digits=2)
    shares = stats.beta(0.2, 0.2)
    states(id, 100 * 2 * shares.cdf(0.1), "{}% leave", "{}% 的情况")


def test_batch_norm_with_tiny_batches() -> None:
    id = "batch-norm-with-tiny-batches"
    per_clip = 2 * 7 * 7
    states(id, 2 * per_clip, "still has {}", "每通道有 {} 个值")
    states(id, 2 * per_clip, "{} values per channel", "有 {} 个值，足够")

    def worth(clips: int) -> float:
        """As many independent values have a mean that is as noisy."""
        covariance = np.kron(np.eye(clips), 0.5 + 0.5 * np.eye(per_clip))
        return 1 / float(covariance.mean())

    assert worth(2) == pytest.approx(4, abs=0.1)
    states(id, worth(32), "32 clips {}", "才相当于 {} 个")
    states(id, 16 * 2, "16 × 2 = {}", "16 卡 × 2 = {}")


def test_choosing_on_the_test_set() -> None:
    id = "choosing-on-the-test-set"
    one = standard_error(0.8, 1000)
    states(id, one, "1000) = {} points", "1000) = {} 个点", digits=2)
    draws = np.random.default_rng(0).normal(size=(100_000, 20)).max(axis=1)
    assert draws.mean() == pytest.approx(expected_maximum(20), rel=0.01)
    states(id, expected_maximum(20), "lies {} standard", "平均高出 {} 个", digits=2)
    states(id, expected_maximum(20), "place of {}", "而不是 {}", digits=2)
    states(id, expected_maximum(100), "have {} in", "100 次是 {}", digits=2)
    states(id, one * expected_maximum(20), "average: {} points", "就高 {} 个点", digits=1)
    states(id, one * expected_maximum(20), "give {} points", "挑出 {} 个点", digits=1)
    shared = math.sqrt(1 - 0.8)
    states(id, one * expected_maximum(20) * shared, "left: {} points", "即 {} 个点", digits=1)
    significant, powerful = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    variance = 0.80 * 0.20 + 0.81 * 0.19
    separate = (significant + powerful) ** 2 * variance / 0.01**2
    states(id, math.ceil(separate), "{} videos each", "每边要 {} 个")
    spread = significant * math.sqrt(0.1) + powerful * math.sqrt(0.1 - 0.01**2)
    states(id, math.ceil((spread / 0.01) ** 2), "about {} suffice", "约 {} 个就够")
    states(id, (0.81 - 0.80) * 1000, "is {} videos net", "只有 {} 个视频")
    paired = 100 * math.sqrt((0.1 - 0.01**2) / 1000)
    states(id, paired, "is {} point", "就是 {} 个点", digits=1)
    states(id, 100 * math.sqrt(variance / 1000), "and {} on", "则是 {} 个点", digits=1)


def test_small_data_plan() -> None:
    id = "small-data-plan"
    states(id, 1.96 * standard_error(0.8, 100), "±{}", digits=1)
    states(id, 1.96 * standard_error(0.8, 500 - 100), "±{}", digits=1)
    states(id, standard_error(0.8, 100), "error is {} points", "就有 {} 个点", digits=1)
    luck = standard_error(0.8, 100) * expected_maximum(50)
    states(id, luck, "up to {} points", "虚高 {} 个点", digits=1)


def test_stochastic_depth_and_ema() -> None:
    id = "stochastic-depth-and-ema"
    survival = 1 - np.arange(1, 55) / 54 * (1 - 0.5)
    states(id, survival.sum(), "{} are active", "平均有 {} 块", digits=2)
    states(id, 100 * 0.9999**500, "{}% of the average", "平均里 {}% 还是")
    states(id, 1 / (1 - 0.9999), "about {} steps", "回看 {} 步")
    states(id, math.log(2) / -math.log(0.999), "0.999 = {}")


def test_focal_loss() -> None:
    import keras

    id = "focal-loss"
    negatives, positives = 100_000, 10
    easy, hard = -math.log(0.99), -math.log(0.1)
    states(id, easy, "costs {}", "时各 {}", digits=4)
    states(id, negatives * easy, "together {};", "合计 {}")
    states(id, positives * hard, "cost {}", "合计 {}，被", digits=1)
    states(id, negatives * 0.01**2 * easy, "sum to {}", "负样本合计 {}", digits=2)
    states(id, positives * 0.9**2 * hard, "positives to {}", "正样本 {}", digits=1)
    states(id, math.log(0.99 / 0.01), "−{} for π", "时为 −{}", digits=2)
    states(id, negatives * math.log(2), "would be {}", "总和是 {}")
    states(id, negatives * easy, "not {}", "而不是 {}")
    assert [(1 - p) ** 2 for p in (0.9, 0.99, 0.5)] == pytest.approx(
        [1 / 100, 1 / 10_000, 1 / 4]
    )
    program = run_the_program(id)
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=5, size=1000)
    targets = (rng.random(1000) < 0.1).astype(float)
    peer = keras.losses.BinaryFocalCrossentropy(
        apply_class_balancing=True, from_logits=True, reduction="sum"
    )
    expected = float(peer(targets[:, None], logits[:, None].astype(np.float32)))
    loss = program["focal_loss"](logits, targets)
    assert loss == pytest.approx(expected / targets.sum(), rel=1e-4)
    extreme = program["focal_loss"](np.array([-1e4, 1e4, 0]), np.array([1, 0, 0]))
    assert extreme == pytest.approx(0.25 * 1e4 + 0.75 * 1e4 + 0.75 * 0.25 * math.log(2))
    assert program["focal_loss"](np.array([-50.0]), np.array([0])) >= 0


def run_the_program(id: str) -> dict:
    """Run the code of the longer answer, the same in both languages; its names."""
    longer = bank.get(id).longer
    assert longer is not None
    english, chinese = (
        re.findall(r"```python\n(.*?)```", text, re.DOTALL) for text in (longer.en, longer.zh)
    )
    assert english == chinese and len(english) == 1
    names: dict = {"np": np, "linear_sum_assignment": optimize.linear_sum_assignment}
    exec(english[0], names)
    return names


def test_roi_align_or_roi_pool() -> None:
    id = "roi-align-or-roi-pool"
    edges = np.array([100, 140]) / 16
    assert edges.tolist() == [6.25, 8.75] and np.rint(edges).tolist() == [6, 9]
    low, high = 16 * np.rint(edges)
    assert (low, high) == (96, 144)
    asked, pooled = np.array([[100, 100, 140, 140]]), np.array([[low, low, high, high]])
    states(id, float(boxes.iou(asked, pooled)[0, 0]), "IoU of {}", "IoU 只有 {}", digits=2)
    states(id, 0.5 * 16, "{} pixels here", "这里是 {} 像素")


def test_why_detr_needs_no_nms() -> None:
    states("why-detr-needs-no-nms", 100 - 7, "other {} learn", "其余 {} 个学")


def test_anchor_free_detection() -> None:
    id = "anchor-free-detection"
    locations = sum((640 // stride) ** 2 for stride in (8, 16, 32, 64, 128))
    states(id, locations, "are {} locations", "共 {} 个位置")
    states(id, 9 * locations, "against {} anchors", "则有 {} 个")
    states(id, math.sqrt(10 / 30 * 1), "it is {}", "时为 {}", digits=2)


def test_small_objects_in_video() -> None:
    id = "small-objects-in-video"
    states(id, 12 * 640 / 1920, "12 pixels into {}", "12 像素变成 {} 像素")
    assert 12 * 640 / 1920 / 8 == 0.5  # of a cell
    for side, en, zh in ((10, "leave {} for", "只剩 {}"), (100, "{} for 100×100", "还有 {}")):
        box = np.array([[0, 0, side, side]])
        states(id, float(boxes.iou(box, box + 2)[0, 0]), en, zh, digits=2)
    across, down = (math.ceil((side - 640) / (640 - 128)) + 1 for side in (1920, 1080))
    states(id, across * down, "make {} per frame", "每帧 {} 片")
    states(id, across * down + 1, "{} passes", "共 {} 次前向")
    assert boxes.iou(np.array([[0, 0, 12, 12]]), np.array([[12, 0, 24, 12]]))[0, 0] == 0


def test_write_a_tracker() -> None:
    id = "write-a-tracker"
    shifted = float(boxes.iou(np.array([[0, 0, 40, 90]]), np.array([[22, 0, 62, 90]]))[0, 0])
    assert shifted == pytest.approx((40 - 22) / (40 + 22)) and shifted < 0.3
    states(id, shifted, "(40 + 22) = {}", digits=2)
    model = tracking.constant_velocity()

    class Filter:
        def __init__(self, box: np.ndarray) -> None:
            self.mean = np.concatenate([tracking.to_states(box[None])[0], np.zeros(3)])
            self.covariance = model.initial_covariance

        def predict(self) -> np.ndarray:
            self.mean, self.covariance = tracking.predict(
                self.mean, self.covariance, model.transition, model.process_noise
            )
            return tracking.to_boxes(self.mean[None])[0]

        def update(self, box: np.ndarray) -> np.ndarray:
            self.mean, self.covariance = tracking.update(
                self.mean,
                self.covariance,
                tracking.to_states(box[None])[0],
                model.observation,
                model.measurement_noise,
            )
            return tracking.to_boxes(self.mean[None])[0]

    class Track:
        started = 0

        def __init__(self, box: np.ndarray) -> None:
            Track.started += 1
            self.id, self.box, self.filter = Track.started, box, Filter(box)
            self.hits = self.missed = 0

    program = run_the_program(id)
    program.update(iou=boxes.iou, Track=Track)
    rng = np.random.default_rng(0)
    starts, velocities = rng.uniform(0, 300, (6, 2)), rng.uniform(-6, 6, (6, 2))
    for max_age in (0, 1, 3):
        peer, Track.started = tracking.Sort(max_age=max_age), 0
        tracks: list[Track] = []
        num_shown = 0
        for frame in range(1, 41):
            corners = starts + frame * velocities + rng.normal(size=(6, 2))
            detections = np.hstack([corners, corners + np.array([30, 60])])[rng.random(6) < 0.8]
            if frame == 20:
                detections = detections[:0]
            tracks, shown = program["step"](tracks, detections, frame, max_age)
            expected, track_ids = peer.update(detections)
            assert [track.id for track in shown] == track_ids.tolist()
            assert np.array([track.box for track in shown]).reshape(-1, 4) == pytest.approx(
                expected
            )
            num_shown += len(shown)
        assert num_shown > 20
    # A later track appears with its fourth detection.
    tracks, lengths, box = [], [], np.array([[0.0, 0, 10, 10]])
    for frame in range(1, 11):
        tracks, shown = program["step"](tracks, box[: frame > 5], frame)
        lengths.append(len(shown))
    assert lengths == [0] * 8 + [1] * 2


def test_kalman_filter_for_boxes() -> None:
    id = "kalman-filter-for-boxes"
    states(id, 4 / (4 + 1), "R = 1 gives K = {}", "R = 1，则 K = {}", digits=1)
    states(id, stats.chi2(4).ppf(0.95), "below {}", "95% 低于 {}", digits=2)
    model = tracking.constant_velocity()
    states(id, model.initial_covariance[4, 4], "variance {}:", "初始方差为 {}")
    _, covariance = tracking.predict(
        np.zeros(7), model.initial_covariance, model.transition, model.process_noise
    )
    variance = covariance[0, 0]
    states(id, variance, "variance {} a", "方差 {}，")
    states(id, math.sqrt(variance), "deviation of {} pixels", "标准差约 {} 像素")
    gain = variance / (variance + model.measurement_noise[0, 0])
    states(id, gain, "gain is {}", "增益为 {}", digits=4)
    # The normalised innovation of a filter whose noise is as it says.
    rng = np.random.default_rng(0)
    mean, covariance, normalised = np.zeros(7), model.initial_covariance, []
    state = rng.multivariate_normal(mean, covariance)
    for _ in range(2000):
        mean, covariance = tracking.predict(
            mean, covariance, model.transition, model.process_noise
        )
        state = model.transition @ state + rng.multivariate_normal(
            np.zeros(7), model.process_noise
        )
        measured = model.observation @ state + rng.multivariate_normal(
            np.zeros(4), model.measurement_noise
        )
        innovation = measured - model.observation @ mean
        spread = model.observation @ covariance @ model.observation.T + model.measurement_noise
        normalised.append(innovation @ np.linalg.solve(spread, innovation))
        mean, covariance = tracking.update(
            mean, covariance, measured, model.observation, model.measurement_noise
        )
    assert np.mean(normalised) == pytest.approx(4, abs=0.2)
    assert np.mean(np.array(normalised) < 9.49) == pytest.approx(0.95, abs=0.015)


def test_mota_idf1_hota() -> None:
    id = "mota-idf1-hota"

    def tracks(track_ids: list[int]) -> metrics.Tracks:
        number = len(track_ids)
        box = np.tile([0.0, 0, 10, 10], (number, 1))
        return metrics.Tracks(np.arange(number), np.array(track_ids), box)

    truth = tracks([1] * 100)
    for name, predicted, chinese in (
        ("A", tracks([1] * 50 + [2] * 50), "中途换了 ID"),
        ("B", tracks([1] * 50), "ID 一致"),
    ):
        found = (
            metrics.clear_mot(truth, predicted)["MOTA"],
            metrics.identity_f1(truth, predicted)["IDF1"],
            metrics.hota(truth, predicted)["HOTA"],
        )
        said = "MOTA {:.2f}, IDF1 {:.2f}, HOTA {:.2f}".format(*found)
        assert said in " ".join(bank.get(id).answer.en.split()), name
        assert f"{chinese}：{said.replace(', ', '，')}" in bank.get(id).answer.zh, name
    assert 1 - (100 + 50) / 100 == -0.5
    states(id, 0.5, "give −{}", "得 −{}", digits=1)


def test_track_or_detect_each_frame() -> None:
    id = "track-or-detect-each-frame"
    states(id, 1000 / 30, "lasts {} ms", "一帧 {} ms", digits=1)
    states(id, 1000 / 40, "gets {} fps", "只有 {} fps")
    mean = (40 + 4 * 4) / 5
    states(id, mean, "/ 5 = {} ms", digits=1)
    states(id, 1000 / mean, "at {} fps", "能跑 {} fps")
    states(id, 4 * 1000 / 30, "{} ms; a box", "（{} ms）")
    assert 1 < 40 / (1000 / 30) < 2


def test_identity_switches() -> None:
    # IoU of a box and itself, moved by d of its width: (1 - d) / (1 + d).
    states("identity-switches", (1 - 0.3) / (1 + 0.3), "move {} of", "移动 {} 个", digits=2)
