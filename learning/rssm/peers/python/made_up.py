"""Numbers that every program can make for itself: weights, a batch and the noise
of an observation, to compare what the networks compute."""
import math

import numpy as np

SIZE, COLOURS = 64, 3
BATCH, LENGTH = 2, 5  # of the batch
ROWS = 2  # transitions to linearise
PLANS, HORIZON, ITERATIONS = 2, 4, 3  # of a plan
ROLLOUTS = 3


def wave(function, *shape, start=0):
    index = np.arange(start, start + math.prod(shape), dtype=np.float64)
    return function(index).reshape(shape)


def weights(layout):
    """All parameters, one behind the other, as float32 has them."""
    parts = []
    for x in layout:
        n = math.prod(x["shape"])
        width = 0.1 if len(x["shape"]) == 1 else min(0.4, 1.5 / math.sqrt(n / x["shape"][-1]))
        parts.append(width * wave(lambda i: np.sin(0.7 * i + 0.3), n, start=x["offset"]))
    return np.concatenate(parts).astype(np.float32)


def tensors(layout, values):
    return {x["name"]: values[x["offset"]:x["offset"] + math.prod(x["shape"])].reshape(x["shape"]) for x in layout}


def batch(stoch, actions):
    """pixels B×T×64×64×3, actions B×T×A, rewards B×T, noise T×B×S."""
    n = SIZE * SIZE * COLOURS
    pixels = np.stack([(37 * np.arange(n) + 11 * i) % 256 for i in range(BATCH * LENGTH)]).astype(np.uint8)
    return (pixels.reshape(BATCH, LENGTH, SIZE, SIZE, COLOURS),
            wave(lambda i: np.sin(1 + i), LENGTH, BATCH, actions).swapaxes(0, 1),
            wave(lambda i: np.sin(0.5 * i), LENGTH, BATCH).swapaxes(0, 1),
            wave(lambda i: np.cos(2 + i), LENGTH, BATCH, stoch))


def latents(count, width):
    return wave(lambda i: 0.5 * np.sin(1.7 * i), count, width)


def actions(*shape):
    return wave(lambda i: 1.2 * np.cos(0.9 * i), *shape)


def digest(v):
    """The norm, and the product with a made-up direction of unit length."""
    v = np.asarray(v, dtype=np.float64).reshape(-1)
    d = np.cos(1.3 * np.arange(v.size))
    return [float(np.linalg.norm(v)), float(v @ d / np.linalg.norm(d))]
