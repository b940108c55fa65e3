"""What a telephone line carries when nobody speaks: made of numbers, seeded, at 8 kHz.

Written apart from `training.sounds`, from which `tiny` learnt what silence is: passing on one's
own training sounds would say little.
"""

import numpy as np

RATE = 8000
DIGITS = {
    digit: (low, high)
    for low, row in zip((697, 770, 852, 941), ("123A", "456B", "789C", "*0#D"), strict=True)
    for high, digit in zip((1209, 1336, 1477, 1633), row, strict=True)
}


def clock(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def noise(seconds, seed, dbfs):
    rng = np.random.default_rng(seed)
    return 10 ** (dbfs / 20) * rng.standard_normal(int(seconds * RATE))


def smoothed(x, taps):
    return np.convolve(x, np.hanning(taps) / np.hanning(taps).sum(), "same")


def tones(hertz, on, off, dbfs=-16, seconds=12.0):
    """A cadence as exchanges send it, over a quiet line."""
    t = clock(seconds)
    gate = (t % (on + off)) < on if off else np.ones(len(t), bool)
    level = 10 ** (dbfs / 20) * np.sqrt(2 / len(hertz))
    return level * gate * sum(np.sin(2 * np.pi * f * t) for f in hertz) + noise(seconds, 0, -62)


def keys(digits, on=0.12, off=0.08, dbfs=-12, seed=0):
    """DTMF, one key after another, as a caller who knows the menu presses them."""
    parts = [np.zeros(RATE)]
    for digit in digits:
        t = clock(on)
        pair = sum(np.sin(2 * np.pi * f * t) for f in DIGITS[digit])
        parts += [10 ** (dbfs / 20) * pair, np.zeros(int(off * RATE))]
    sound = np.concatenate([*parts, np.zeros(RATE)])
    return sound + noise(len(sound) / RATE, seed, -60)[: len(sound)]


def hold_music(seed, seconds=12.0, dbfs=-18):
    """Chords and a melody of decaying harmonics."""
    rng = np.random.default_rng(seed)
    sound, beat = np.zeros(int(seconds * RATE)), rng.uniform(0.35, 0.6)
    root = rng.uniform(110, 220)
    scale = root * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)
    for step in range(int(seconds / beat)):
        notes = [rng.choice(scale) * rng.choice([1, 2])]
        if step % 4 == 0:
            notes += [scale[i] for i in ((0, 2, 4), (3, 5, 7), (4, 6, 8))[rng.integers(3)]]
        at = int(step * beat * RATE)
        t = clock(min(2 * beat, seconds - at / RATE))
        for hertz in notes:
            harmonics = sum(np.sin(2 * np.pi * h * hertz * t) / h for h in (1, 2, 3, 4))
            sound[at : at + len(t)] += harmonics * np.exp(-2.5 * t)
    return 10 ** (dbfs / 20) * sound / np.sqrt(np.mean(sound**2))


def clicks(seed, seconds=10.0):
    """A handset that is put down, a headset that crackles."""
    rng = np.random.default_rng(seed)
    sound = noise(seconds, seed, -58)
    for at in rng.integers(0, len(sound) - 200, 25):
        length = int(rng.integers(4, 160))
        burst = rng.standard_normal(length) * np.exp(-np.arange(length) / (length / 4))
        sound[at : at + length] += rng.uniform(0.1, 0.9) * burst
    return sound


def bursts(seed, length, shape, dbfs, pause=1.4):
    """Shaped noise, again and again: breath (slow, soft) or a cough (sudden, loud). `shape` is
    its rise in seconds and how many samples it is smoothed over."""
    seconds, (rise, taps) = 10.0, shape
    rng = np.random.default_rng(seed)
    sound, at = noise(seconds, seed, -60), int(RATE * 0.5)
    while at < len(sound) - RATE:
        t = clock(length * rng.uniform(0.7, 1.3))
        swell = np.minimum(1, t / rise) * np.exp(-t / (length / 2.5))
        burst = smoothed(rng.standard_normal(len(t)), taps) * swell
        sound[at : at + len(t)] += 10 ** (dbfs / 20) * burst / np.abs(burst).max()
        at += int((length + pause * rng.uniform(0.5, 1.5)) * RATE)
    return sound


def hum(base, dbfs=-30, seconds=10.0):
    t = clock(seconds)
    lines = sum(np.sin(2 * np.pi * base * h * t + h) / h for h in (1, 2, 3, 5, 7))
    return 10 ** (dbfs / 20) * lines + noise(seconds, 1, -55)


NOBODY_SPEAKS = {
    "digital silence": np.zeros(10 * RATE),
    "one step of noise": np.sign(noise(10, 3, 0)) / 32768,
    "comfort noise": smoothed(noise(10, 1, -48), 5),
    "loud comfort noise": smoothed(noise(10, 2, -34), 5),
    "white noise": noise(10, 4, -30),
    "hum of 50 Hz": hum(50),
    "hum of 60 Hz, loud": hum(60, dbfs=-18),
    "dial tone": tones((450,), 12, 0),
    "ringback, Chinese": tones((450,), 1.0, 4.0),
    "ringback, American": tones((440, 480), 2.0, 4.0),
    "busy, Chinese": tones((450,), 0.35, 0.35),
    "busy, American": tones((480, 620), 0.5, 0.5),
    "congestion, American": tones((480, 620), 0.25, 0.25),
    "keys": keys("13800138000#"),
    "keys, held": keys("1590", on=0.6, off=0.3),
    "every key": keys("123A456B789C*0#D", on=0.25, off=0.1, seed=5),
    **{f"hold music {seed}": hold_music(seed) for seed in range(4)},
    "clicks": clicks(6),
    "breath": bursts(7, length=0.7, shape=(0.2, 5), dbfs=-28),
    "heavy breath": bursts(8, length=0.9, shape=(0.25, 3), dbfs=-16),
    "cough": bursts(9, length=0.3, shape=(0.004, 9), dbfs=-6),
    "a fit of coughing": bursts(10, length=0.25, shape=(0.004, 7), dbfs=-6, pause=0.15),
}
