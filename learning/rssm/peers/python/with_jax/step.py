"""A gradient step in JAX: pixels up, losses, gradients, clipping, Adam, in one
compiled function."""
import math

import jax
import jax.numpy as jnp
import numpy as np


def losses(net, c, p, pixels, actions, rewards, noise):
    """The total and its terms, of T×B pixels (64×64×3), actions, rewards and noise."""
    length, count = pixels.shape[:2]
    images = pixels.reshape(-1, *pixels.shape[2:]).astype(noise.dtype) / 255 - 0.5
    embed = net.encode(p, images).reshape(length, count, -1)
    stoch, deter, (mean, std), (prior_mean, prior_std) = net.observe(p, embed, actions, noise)
    feature = jnp.concatenate([stoch, deter], -1).reshape(length * count, -1)
    image = 0.5 * jnp.sum((net.decode(p, feature) - images) ** 2) / (length * count)
    reward = 0.5 * jnp.mean((net.reward(p, feature).reshape(length, count) - rewards) ** 2)
    kl = jnp.log(prior_std / std) + (std ** 2 + (mean - prior_mean) ** 2) / (2 * prior_std ** 2) - 0.5
    kl = jnp.mean(jnp.sum(kl, -1))
    total = c["image_scale"] * image + c["reward_scale"] * reward + c["kl_scale"] * jnp.maximum(kl, c["free_nats"])
    return total, (image, reward, kl)


def norm(tree):
    return jnp.sqrt(sum(jnp.sum(x ** 2) for x in jax.tree.leaves(tree)))


class Step:
    """Updates on one batch that lies in the host's memory."""

    def __init__(self, net, c, p, work, where):
        b, t = work["batch"], work["length"]
        rng = np.random.default_rng(1)
        self.batch = (rng.integers(0, 256, (b, t, 64, 64, 3), dtype=np.uint8),
                      np.zeros((b, t, work["actions"]), np.float32), np.zeros((b, t), np.float32))
        zeros = jax.tree.map(jnp.zeros_like, p)
        self.state = (p, zeros, jax.tree.map(jnp.copy, zeros), jnp.zeros((), jnp.float32), jax.random.key(1))

        def update(state, batch):
            p, first, second, count, key = state
            key, draw = jax.random.split(key)
            pixels, actions, rewards = (x.swapaxes(0, 1) for x in batch)
            noise = jax.random.normal(draw, (t, b, net.stoch), jnp.float32)
            (total, terms), grads = jax.value_and_grad(losses, 2, has_aux=True)(net, c, p, pixels, actions, rewards, noise)
            length = norm(grads)
            grads = jax.tree.map(lambda g: g * jnp.minimum(1, c["clip_norm"] / length), grads)
            b1, b2 = c["beta1"], c["beta2"]
            first = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, first, grads)
            second = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, second, grads)
            count = count + 1
            rate = c["learning_rate"] * jnp.sqrt(1 - b2 ** count) / (1 - b1 ** count)
            p = jax.tree.map(lambda x, m, v: x - rate * m / (jnp.sqrt(v) + c["epsilon"]), p, first, second)
            return (p, first, second, count, key), jnp.stack([total, *terms, length])

        self.update = jax.jit(update, donate_argnums=0).lower(self.state, self.batch).compile()

    def run(self):
        self.state, report = self.update(self.state, self.batch)
        if not math.isfinite(np.asarray(report).sum()):
            raise FloatingPointError("a loss is not finite")
        jax.block_until_ready(self.state)
