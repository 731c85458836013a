"""Every figure that an answer works out is worked out here again, from its assumptions.

``states`` fails unless the text of an entry says the number, in both languages, rounded as a
speaker would round it.
"""

import math
import re

import numpy as np
import pytest

from helpers.interview import bank
from helpers.interview.question import Question, Text
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
