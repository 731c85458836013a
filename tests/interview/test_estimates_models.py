"""The figures of the questions on segmentation, self-supervision, generation and language."""

import math
from itertools import pairwise, permutations

import numpy as np
import pytest
from scipy import ndimage, stats

from helpers.interview import bank
from tests.interview.test_estimates import run_the_program, standard_error, states


def iou(one: np.ndarray, two: np.ndarray) -> float:
    """The IoU of two masks, 1 where both are empty."""
    union = (one | two).sum()
    return float((one & two).sum() / union) if union else 1.0


def boundary(mask: np.ndarray) -> np.ndarray:
    """The pixels that differ from the one to the right, below, or both, as DAVIS has it."""
    padded = np.pad(mask, ((0, 1), (0, 1)), mode="edge")
    right, below, both = padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    return (mask ^ right) | (mask ^ below) | (mask ^ both)


def tolerance(height: int, width: int) -> int:
    return math.ceil(0.008 * math.hypot(height, width))


def boundary_score(predicted: np.ndarray, truth: np.ndarray) -> float:
    """DAVIS's F of two masks that are not empty."""
    radius = tolerance(*truth.shape)
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disk = rows**2 + columns**2 <= radius**2
    found, true = boundary(predicted), boundary(truth)
    precision = found[ndimage.binary_dilation(true, disk)].sum() / found.sum()
    recall = true[ndimage.binary_dilation(found, disk)].sum() / true.sum()
    return float(2 * precision * recall / (precision + recall))


def rectangle(top: int, left: int, height: int, width: int) -> np.ndarray:
    mask = np.zeros((480, 854), bool)
    mask[top : top + height, left : left + width] = True
    return mask


def test_kinds_of_segmentation() -> None:
    id = "kinds-of-segmentation"
    matched = [0.9, 0.8, 0.7]
    denominator = len(matched) + 1 / 2 + 2 / 2
    states(id, sum(matched), "{} / 4.5", digits=1)
    states(id, denominator, "2.4 / {}", digits=1)
    states(id, sum(matched) / denominator, "4.5 = {}", digits=2)
    truth = np.ones((10, 5, 5), bool)
    tube = truth.copy()
    tube[6:] = False
    assert all(iou(tube[frame], truth[frame]) == 1 for frame in range(6))
    states(id, iou(tube, truth), "better tube {}", "那条轨迹只有 {}", digits=1)


def test_follow_a_given_mask() -> None:
    id = "follow-a-given-mask"
    across, down = math.ceil(854 / 16), math.ceil(480 / 16)
    positions = down * across
    states(id, positions, f"{down} × {across} = {{}}")
    remembered = 1000 // 5 * positions
    states(id, remembered, "1000 frames: {}", "就是 {} 个位置")
    affinity = positions * remembered
    states(id, affinity / 1e6, "has {} million", "有 5.25 亿")
    assert round(affinity / 1e8, 2) == 5.25
    states(id, 4 * affinity / 1e9, "{} GB", digits=1)


def test_sam_2_in_production() -> None:
    id = "sam-2-in-production"
    side = 1024 // 16
    states(id, side, "{}×64")
    states(id, 7 * side * side, "channels: {} positions", "每个目标 {} 个位置")
    states(id, 6 / 30, "frames are {} s", "6 帧只有 {} 秒", digits=1)


def test_region_and_boundary_scores() -> None:
    id = "region-and-boundary-scores"
    states(id, tolerance(480, 854), "up: {} pixels", "时 {} 像素")
    states(id, tolerance(1080, 1920), "{} at 1080p", "1080p 时 {} 像素")
    square = rectangle(100, 200, 200, 200)
    for shift, en in ((6, "by 6 pixels: J {}, F {}"), (12, "By 12: J {}, F {}")):
        moved = rectangle(100, 200 + shift, 200, 200)
        said = [f"{iou(moved, square):.2f}", f"{boundary_score(moved, square):.2f}"]
        assert en.format(*said) in " ".join(bank.get(id).answer.en.split())
        assert "J {}，F {}".format(*said) in bank.get(id).answer.zh
    whole = square | rectangle(198, 400, 4, 80)
    states(id, iou(square, whole), "nothing {}", "为 {}，F", digits=2)
    states(id, boundary_score(square, whole), "F falls to {}", "F 却降到 {}", digits=2)
    nothing = np.zeros((480, 854), bool)
    assert iou(nothing, nothing) == 1 and iou(rectangle(0, 0, 1, 5), nothing) == 0


def test_losses_for_masks() -> None:
    id = "losses-for-masks"
    dice_loss = run_the_program(id)["dice_loss"]
    rng = np.random.default_rng(0)
    truth, predicted = rng.random((2, 5, 8, 8)) < 0.4
    hard = np.where(predicted, 1e4, -1e4)
    overlaps = np.array([iou(one, two) for one, two in zip(predicted, truth, strict=True)])
    assert dice_loss(hard, truth) == pytest.approx(1 - np.mean(2 * overlaps / (1 + overlaps)))
    truth[2] = False  # an absent object changes nothing, whatever is predicted there
    kept = [0, 1, 3, 4]
    assert dice_loss(hard, truth) == pytest.approx(dice_loss(hard[kept], truth[kept]))
    assert dice_loss(np.zeros((3, 4, 4)), np.zeros((3, 4, 4), bool)) == 0
    background = np.zeros((100, 100), bool)
    background[:10, :10] = True
    assert (~background).mean() == 0.99  # all background is 99 % right
    states(id, 10_000 * 0.001, "sums to {}", "总和为 {}")
    states(id, 1 - 1 / (10 + 1), "1/11 = {}", digits=2)
    states(id, -math.log(1 - 0.001), "says {}", "只有 {}", digits=3)

    def means(overlaps: list[float]) -> tuple[str, str]:
        dice = [2 * value / (1 + value) for value in overlaps]
        return f"{np.mean(overlaps):.2f}", f"{np.mean(dice):.2f}"

    longer = bank.get(id).longer
    assert longer is not None
    text = " ".join(longer.en.split())
    assert "mean IoU of {} and a mean Dice of {}".format(*means([0.9, 0.1])) in text
    assert "平均 IoU {}，平均 Dice {}".format(*means([0.9, 0.1])) in longer.zh
    assert "have {} and {}".format(*means([0.45, 0.45])) in text
    assert "分别为 {} 和 {}".format(*means([0.45, 0.45])) in longer.zh


def test_trembling_masks() -> None:
    id = "trembling-masks"
    above = sum(0.8**frames > 0.5 for frames in range(1, 20))
    states(id, above, "above 0.5 for {} frames", "仍有 {} 帧高于")
    states(id, 4 * above, "trail of {}", "就是 {} 像素的尾巴")


def test_plan_mask_annotation() -> None:
    id = "plan-mask-annotation"
    masks = 6 * 10 * 3 * 1000
    states(id, masks, "1000 = {} masks", "1000 = {} 个")
    hours = [masks * 22 / 1000, masks * 37.8 / 3600, masks * 4.5 / 3600]
    states(id, hours[0], "{} hours", "合 {} 小时")
    assert [round(value) for value in hours[1:]] == [1890, 225]
    states(id, 37.8 / 4.5, "{} times less", "快 {} 倍", digits=1)
    days = [value / 6 for value in hours]
    assert days == pytest.approx([660, 315, 37.5])
    states(id, 0.05 * 3000, "of the tracks {}", "即 {} 条轨迹")
    states(id, masks / 3 * 4.5 / 3600, "and {} hours at 4.5", "按 4.5 秒算 {} 小时")


TOKENS = 8 * 14 * 14
VISIBLE = 8 * (14 * 14 - int(0.9 * 14 * 14))


def transformer_macs(layers: int, width: int, tokens: int) -> float:
    """Multiply-adds of a plain transformer: 12 width² a token, and attention's own."""
    return layers * (12 * width**2 * tokens + 2 * tokens**2 * width)


def test_masking_nine_tenths() -> None:
    id = "masking-nine-tenths"
    states(id, 100 * (1 - 0.9**8), "0.9⁸ = {}%")
    states(id, TOKENS, "196 = {} tokens", "196 = {} 个")
    states(id, VISIBLE, "20 = {} stay", "20 = {} 个")
    encoder, full = (transformer_macs(12, 768, tokens) for tokens in (VISIBLE, TOKENS))
    states(id, encoder / 1e9, "is {} instead", "降到 141 亿", digits=1)
    states(id, full / 1e9, "instead of {} billion", "从 1785 亿", digits=1)
    assert (round(encoder / 1e8), round(full / 1e8)) == (141, 1785)
    states(id, full / encoder, "{} times less", "只有 1/{}", digits=1)
    decoder = transformer_macs(4, 384, TOKENS)
    states(id, decoder / 1e9, "still cost {}", "仍要 187 亿", digits=1)
    assert round(decoder / 1e8) == 187 and decoder > encoder


def test_false_negatives_in_contrastive_learning() -> None:
    id = "false-negatives-in-contrastive-learning"
    negatives = 2 * 4096 - 2
    states(id, negatives, "{} negatives", "{} 个负样本")
    states(id, math.log(1 + negatives), "ln 8191 = {}", digits=2)
    states(id, negatives / 400, "8190 / 400 = {}")
    states(id, math.exp((0.8 - 0.2) / 0.1), "e⁶ = {}")


def test_temporal_pretext_tasks() -> None:
    id = "temporal-pretext-tasks"
    states(id, 100 * (0.6 + 0.4 / 2), "0.4/2 = {}%")
    orders = list(permutations(range(4)))
    states(id, len(orders), "4! = {}")
    merged = {min(order, order[::-1]) for order in orders}
    states(id, len(merged), "orders {} if", "合并后 {} 种")


def test_probe_or_fine_tune() -> None:
    id = "probe-or-fine-tune"
    attentive = 4 * 1024**2 + 8 * 1024**2
    states(id, attentive / 1e6, "has {} million", "有 1260 万", digits=1)
    assert round(attentive / 1e4, -1) == 1260
    states(id, 1024 * 400 + 400, "400 classes {}", "只有 41 万")


def test_representation_collapse() -> None:
    id = "representation-collapse"
    states(id, 1 / math.sqrt(256), "√256 = {}", digits=4)
    vectors = np.random.default_rng(0).normal(size=(2000, 256))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert vectors.std(axis=0).mean() == pytest.approx(0.0625, rel=0.01)


def test_pretrain_on_your_own_corpus() -> None:
    id = "pretrain-on-your-own-corpus"
    seconds = 16 * 4 / 30
    states(id, seconds, "span {} s", "覆盖 {} 秒", digits=2)
    clips = 10_000 * 3600 / seconds
    states(id, clips / 1e6, "so {} million", "共 1690 万", digits=1)
    assert round(clips / 1e4, -1) == 1690
    macs = [transformer_macs(12, 768, VISIBLE), transformer_macs(4, 384, TOKENS)]
    assert [f"{value / 1e9:.1f}" for value in macs] == ["14.1", "18.7"]
    states(id, 6 * sum(macs) / 1e12, "each: {} TFLOP", "每段 {} TFLOP", digits=1)
    total = 6 * sum(macs) * clips
    states(id, total / 1e18, "{} × 10¹⁸", digits=1)
    states(id, total / 1e14 / 3600, "{} GPU-hours", "{} GPU 小时")
    frames = 10_000 * 3600 * 30
    states(id, frames / 1e9, "{} billion frames", "10.8 亿帧", digits=2)
    states(id, frames / 1000 / 3600, "{} core-hours", "要 {} 核时")
    states(id, frames / 1000 / (total / 1e14), "fewer than {} cores", "少于 {} 个时")


def test_from_noise_to_clip() -> None:
    id = "from-noise-to-clip"

    def cosine(time: float) -> float:
        return math.cos((time + 0.008) / 1.008 * math.pi / 2) ** 2

    # The share of signal after 500 of 1,000 steps.
    share = cosine(0.5) / cosine(0)
    states(id, share, "has ᾱ = {}", "ᾱ = {}", digits=2)
    states(id, math.sqrt(share), "{} parts clip", "即 {} 份视频", digits=2)
    states(id, math.sqrt(1 - share), "{} parts noise", "{} 份噪声", digits=2)


def euler_to_two_points(steps: int) -> np.ndarray:
    """The samples of a straight-path flow from a normal to −1 and +1, by Euler's method."""
    sample = stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    for time in np.arange(steps) / steps:
        # The mean of the data where noise and data mix to the sample.
        data = np.tanh(time * sample / (1 - time) ** 2)
        sample = sample + (data - sample) / (1 - time) / steps
    return sample


def euler_to_a_normal(steps: int, mean: float = 2, deviation: float = 0.5) -> tuple:
    """Mean and deviation of the same flow to a normal distribution."""
    offset, scale = 0.0, 1.0
    for time in np.arange(steps) / steps:
        variance = (1 - time) ** 2 + (time * deviation) ** 2
        slope = (time * deviation**2 - (1 - time)) / variance
        offset += (mean + slope * (offset - time * mean)) / steps
        scale += slope * scale / steps
    return offset, scale


def test_gan_diffusion_or_flow_matching() -> None:
    id = "gan-diffusion-or-flow-matching"
    assert euler_to_two_points(1) == pytest.approx(np.zeros(2000))
    for steps, en, zh in (
        (2, "|x| is {}", "平均 {}"),
        (4, "after 4 {}", "4 步 {}"),
        (10, "after 10 {}", "10 步 {}"),
    ):
        states(id, np.abs(euler_to_two_points(steps)).mean(), en, zh, digits=2)


def test_from_fifty_steps_to_four() -> None:
    id = "from-fifty-steps-to-four"
    for steps, en, zh in (
        (4, "spread of {}", "标准差是 {}"),
        (10, "with 10 {}", "10 步 {}"),
        (50, "with 50 {}", "50 步 {}"),
    ):
        mean, deviation = euler_to_a_normal(steps)
        assert mean == pytest.approx(2)
        states(id, deviation, en, zh, digits=2)
    assert euler_to_a_normal(4)[1] / 0.5 == pytest.approx(2 / 3, abs=0.02)
    states(id, 50 * 2, "guidance are {} passes", "是 {} 次前向")
    states(id, 50 * 2 / 4, "{} times fewer", "只有原来的 1/{}")
    states(id, math.log2(1024 / 4), "4 in {} rounds", "4 要 {} 轮")


def test_why_a_causal_video_autoencoder() -> None:
    id = "why-a-causal-video-autoencoder"
    latent = ((81 - 1) // 4 + 1, 480 // 8, 832 // 8)
    assert latent == (21, 60, 104)
    values, latents = 81 * 480 * 832 * 3, math.prod(latent) * 16
    states(id, values / 1e6, "{} million values", "9700 万个值", digits=1)
    assert round(values / 1e4) == 9704
    states(id, latents / 1e6, "become {} million", "变成 210 万", digits=1)
    states(id, values / latents, "{} times fewer", "，压缩 {} 倍")
    states(id, 81 * 480 * 832 / math.prod(latent), "positions {} times", "位置数压缩 {} 倍")
    # A causal convolution with stride 4: the latent k ends with frame 4k, so a change from
    # frame 41 on leaves the first 11.
    frames = np.random.default_rng(0).normal(size=81)
    changed = np.where(np.arange(81) >= 41, 9.0, frames)

    def encode(clip: np.ndarray) -> np.ndarray:
        padded = np.concatenate([np.full(4, clip[0]), clip])
        return np.array([padded[end : end + 5].sum() for end in range(0, len(clip), 4)])

    same = encode(frames) == encode(changed)
    assert same[:11].all() and not same[11:].any()
    assert (encode(frames[:41]) == encode(frames)[:11]).all()


def wan_pass(
    tokens: int, width: int, hidden: int, layers: int, text: int = 512
) -> tuple[float, float, float]:
    """FLOPs of one pass: matrices, self-attention, cross-attention to the text."""
    matrices = 2 * tokens * layers * (4 * width**2 + 2 * width**2 + 2 * width * hidden)
    attention = 4 * tokens**2 * width * layers
    return matrices, attention, 4 * tokens * text * width * layers


LARGE = wan_pass(21 * 45 * 80, 5120, 13824, 40)
SMALL = wan_pass(21 * 30 * 52, 1536, 8960, 30)


def test_transformer_as_denoiser() -> None:
    id = "transformer-as-denoiser"
    blocks = 28 * 18 * 1152**2
    assert 4 + 8 + 6 == 18
    states(id, blocks / 3 / 1e6, "{} of 669", "占 2.23 亿")
    states(id, blocks / 1e6, "of {} million", "6.69 亿")
    states(id, 21 * 45 * 80, "has {} tokens", "有 {} 个 token")
    states(id, 100 * LARGE[1] / sum(LARGE), "takes {}%", "计算量的 {}%")
    states(id, 75600 / 512, "has {} times", "的 1/{}")
    assert 40 % 8 == 0


def test_classifier_free_guidance() -> None:
    id = "classifier-free-guidance"
    u, c, s = 0.2, 0.5, 5
    guided = u + s * (c - u)
    assert guided == pytest.approx((1 + (s - 1)) * c - (s - 1) * u)
    states(id, guided, "{} in both", "都得 {}", digits=1)
    assert not u <= guided <= c


def frechet_distance(one: np.ndarray, two: np.ndarray) -> float:
    covariances = [np.cov(sample, rowvar=False) for sample in (one, two)]
    values, vectors = np.linalg.eigh(covariances[0])
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    eigenvalues = np.linalg.eigvalsh(root @ covariances[1] @ root).clip(0)
    means = one.mean(axis=0) - two.mean(axis=0)
    traces = np.trace(covariances[0]) + np.trace(covariances[1])
    return float(means @ means + traces - 2 * np.sqrt(eigenvalues).sum())


def test_what_fvd_misses() -> None:
    id = "what-fvd-misses"
    rng = np.random.default_rng(0)
    for number, said, en in ((256, 302, "about {} with"), (2048, 40, "at {} with")):
        distance = frechet_distance(*rng.normal(size=(2, number, 400)))
        assert distance == pytest.approx(said, rel=0.02)
        states(id, said, en, "约 {}")
    assert 256 - 1 < 400  # the covariance is not of full rank


def test_shimmering_generated_clips() -> None:
    states("shimmering-generated-clips", 16 / 4, "16/4 = {} Hz")


def test_animate_a_photograph() -> None:
    states("animate-a-photograph", 40 / 8, "is {} latents", "只有 {} 个隐变量")


def test_a_minute_instead_of_five_seconds() -> None:
    id = "a-minute-instead-of-five-seconds"
    short = 21 * 30 * 52
    states(id, short, "has {} tokens", "有 {} 个 token")
    frames = 60 * 16 + 1
    states(id, frames, "is {} frames", "是 {} 帧")
    latents = (frames - 1) // 4 + 1
    states(id, latents, "frames {} latents", "{} 个隐变量帧")
    tokens = latents * 30 * 52
    states(id, tokens, "latents {} tokens", "{} 个 token：")
    states(id, tokens / short, "{} times the tokens", "token 是 {} 倍", digits=1)
    states(id, (tokens / short) ** 2, "{} times the pairs", "配对是 {} 倍")
    per_token = 30 * 2 * 1536 * 2
    states(id, per_token / 1e3, "{} kB a token", "每 token {} kB")
    states(id, per_token * short / 1e9, "{} GB for a 5 s", "窗口 {} GB", digits=1)


def test_copied_clips_and_misuse() -> None:
    id = "copied-clips-and-misuse"
    bad = 0.001 * 1_000_000
    states(id, (1 - 0.95) * bad, "lets {} through", "漏 {} 条")
    states(id, 0.01 * (1_000_000 - bad), "block {} good", "挡掉 {} 条")


def test_zero_terminal_snr() -> None:
    id = "zero-terminal-snr"
    betas = np.linspace(math.sqrt(0.00085), math.sqrt(0.012), 1000) ** 2
    left = float(np.cumprod(1 - betas)[-1])
    states(id, left, "ᾱ = {}", digits=4)
    states(id, math.sqrt(left), "√ᾱ = {}", digits=3)
    states(id, 1 / math.sqrt(10_000), "mean is {}", "噪声是 {}", digits=2)
    states(id, math.sqrt(left) * math.sqrt(10_000), "0.068: {} standard", "即 {} 个", digits=1)
    states(id, 3 * 0.5 / (1 + (3 - 1) * 0.5), "becomes {}", "0.5 变成 {}", digits=2)
    assert 1 / math.sqrt(2 * 2) == 0.5  # the noise of the mean of a 2×2 block


def test_cost_of_a_generated_clip() -> None:
    id = "cost-of-a-generated-clip"
    tokens = 21 * (720 // 8 // 2) * (1280 // 8 // 2)
    states(id, tokens, "80 = {}")
    weights = 6 * 5120**2 + 2 * 5120 * 13824
    states(id, weights / 1e6, "MLP: {} million", "共 2.99 亿")
    matrices, attention, _ = LARGE
    states(id, matrices / 1e15, "FLOPs: {} PFLOP", "FLOPs：{} PFLOP", digits=1)
    states(id, attention / 1e15, "per layer: {}.", "共 {}。", digits=1)
    one = sum(LARGE)
    states(id, one / 1e15, "Together {} PFLOP", "合计 {} PFLOP", digits=1)
    states(id, 100 * attention / one, "{}% of it attention", "注意力占 {}%")
    clip = 100 * one
    states(id, clip / 1e15, "passes {} PFLOP", "前向，{} PFLOP")
    minutes = clip / 4e14 / 60
    states(id, minutes, "{} minutes of one", "单卡 {} 分钟")
    states(id, 2 * minutes / 60, "hour {} dollars", "{} 美元。", digits=2)
    states(id, 2 * 14e9 * tokens / 1e15, "so {} PFLOP a pass", "一次 {} PFLOP", digits=1)
    states(id, 100 * 400 / 989, "989 is {}%", "400/989 是 {}%")
    small = sum(SMALL)
    states(id, small / 1e15, "layers: {} PFLOP", "一次 {} PFLOP", digits=2)
    states(id, 100 * small / 1e15, "{} for the clip", "整段 {}，")
    states(id, 100 * small / 4e14, "{} s at the same", "算力 {} 秒")
    states(id, one / small, "{} times less", "约为前者的 1/{}")
    busy = 10_000 * minutes / 1440
    states(id, math.ceil(busy), "= {} busy", "平均 {} 张")
    states(id, math.ceil(3 * busy), "{} at the peak", "峰值 {} 张")


def test_clip_on_video_frames() -> None:
    id = "clip-on-video-frames"
    states(id, math.exp(100 * (0.28 - 0.25)), "e³ = {}")
    frames = np.random.default_rng(0).normal(size=(8, 512))
    assert frames.mean(axis=0) == pytest.approx(frames[::-1].mean(axis=0))


def test_text_to_video_retrieval() -> None:
    id = "text-to-video-retrieval"
    states(id, 100 / 1000, "MSR-VTT is {}%", "水平是 {}%", digits=1)
    states(id, 0.001 * 1_000_000, "and {} above", "就有 {} 个")
    states(id, 1_000_000 * 512 * 2 / 1e9, "{} GB", digits=1)


def test_an_hour_in_the_context() -> None:
    id = "an-hour-in-the-context"
    per_pair = (448 // 28) * (252 // 28)
    states(id, per_pair, "16 × 9 = {}")
    tokens = 3600 // 2 * per_pair
    assert f"**{tokens:,} tokens**" in bank.get(id).answer.en
    assert f"**{tokens} 个 token**" in bank.get(id).answer.zh
    assert tokens / 128_000 == pytest.approx(2, rel=0.03)
    per_token = 28 * 2 * 4 * 128 * 2
    states(id, per_token / 1e3, "{} kB a token", "每 token {} kB")
    states(id, per_token * tokens / 1e9, "{} GB a user", "每个用户 {} GB", digits=1)


def test_needle_in_an_hour() -> None:
    id = "needle-in-an-hour"
    spacing = 3600 / 64
    states(id, spacing, "stand {} s", "间隔 {} 秒", digits=2)
    assert f"2/56.25 = **{100 * 2 / spacing:.1f} %**" in bank.get(id).answer.en
    assert f"2/56.25 = **{100 * 2 / spacing:.1f}%**" in bank.get(id).answer.zh
    states(id, 3600 / 2, "2 s: {}", "共 {} 帧")
    states(id, 1800 * 144 / 2, "are {} tokens", "每个问题 {} 个")
    states(id, 100 * (1 - (1 - 2 / 3600) ** 64), "the same {}%", "差不多，{}%", digits=1)


def test_video_hallucination() -> None:
    id = "video-hallucination"

    def scores(true: float, false: float) -> tuple[float, float]:
        """Accuracy and F1 of "yes", on halves of true and false, from both shares of yes."""
        return (true + 1 - false) / 2, 2 * true / (2 * true + false + (1 - true))

    assert scores(1, 1) == pytest.approx((0.5, 2 / 3))
    states(id, scores(1, 1)[1], "but F1 {}", "F1 却有 {}", digits=2)
    accuracy, f1 = scores(0.95, 0.6)
    states(id, 100 * accuracy, "accuracy {}%", "准确率 {}%", digits=1)
    states(id, f1, "and F1 {}", "，F1 {}", digits=2)


def test_language_only_baseline() -> None:
    id = "language-only-baseline"
    states(id, 100 * (60 - 45) / (100 - 45), "left: {}%", "即 {}%")
    states(id, 4**4, "1/{}")
    states(id, standard_error(0.6, 1000), "questions {} points", "标准误 {} 个点", digits=1)


def test_captioning_scores() -> None:
    id = "captioning-scores"

    def matches(caption: str, reference: str, n: int) -> int:
        words = [text.split() for text in (caption, reference)]
        grams = [
            list(zip(*(text[start:] for start in range(n)), strict=False)) for text in words
        ]
        return sum(gram in grams[1] for gram in grams[0])

    reference = "a man opens the door"
    assert len(list(pairwise(reference.split()))) == 4
    opposite = [matches("a man closes the door", reference, n) for n in (1, 2)]
    paraphrase = [matches("somebody pulls the gate open", reference, n) for n in (1, 2)]
    assert (opposite, paraphrase) == ([4, 2], [1, 0])
    states(id, opposite[0], "matches {} of 5", "词中的 {} 个")
    states(id, opposite[1], "{} of 4 pairs", "元组中的 {} 个")
    states(id, standard_error(0.8, 400), "error of {} points", "标准误为 {} 个")


def test_when_does_it_happen() -> None:
    id = "when-does-it-happen"

    def overlap(one: tuple[float, float], two: tuple[float, float]) -> float:
        inside = max(0, min(one[1], two[1]) - max(one[0], two[0]))
        return inside / (one[1] - one[0] + two[1] - two[0] - inside)

    states(id, overlap((12, 24), (10, 20)), "8/14 = {}", digits=2)
    states(id, overlap((15, 25), (10, 20)), "5/15 = {}", digits=2)
    assert overlap((1, 4), (0, 3)) == pytest.approx(0.5)  # off by a third
    assert overlap((1.1, 4.1), (0, 3)) < 0.5
    # The frames, 4 s apart, that lie inside a moment of 8 s span 4 s.
    inside = [time for time in range(2, 60, 4) if 8 <= time <= 16]
    assert overlap((inside[0], inside[-1]), (8, 16)) == 4 / 8


def test_instruction_data_for_video() -> None:
    states("instruction-data-for-video", 100 * 200 / (200 + 1), "make {}%", "的 {}%", digits=1)
