"""The world model in JAX: an RSSM with a GRU that resets behind its product (Hafner
et al. 2019; Rybkin et al. 2021, Appendix D). Parameters are a dictionary under the
names and in the shapes of the layout: kernels K×K×In×Out, gates in the order z, r, n."""
import jax
import jax.numpy as jnp
from jax import lax

IMAGES = ("NHWC", "HWIO", "NHWC")


def shapes(c, actions):
    """What the functions below take."""
    s, d, h, k, units = c["stoch"], c["deter"], c["hidden"], c["embed_depth"], c["decoder_units"]
    depths = [3, k, 2 * k, 4 * k, 8 * k]
    kernels = {"encoder/conv%d" % (i + 1): (4, 4, depths[i], depths[i + 1]) for i in range(4)}
    kernels.update({"core/in": (s + actions, h), "core/gru": (h, 3 * d), "core/prior": (d, h), "core/prior/out": (h, 2 * s),
                    "core/posterior": (d + 2 * 2 * 8 * k, h), "core/posterior/out": (h, 2 * s), "decoder/dense": (s + d, units)})
    up = [(5, 4 * k, units), (5, 2 * k, 4 * k), (6, k, 2 * k), (6, 3, k)]
    kernels.update({"decoder/deconv%d" % (i + 1): (n, n, o, m) for i, (n, o, m) in enumerate(up)})
    sizes = [s + d] + c["reward_layers"] * [c["reward_units"]]
    kernels.update({"reward/dense%d" % (i + 1): pair for i, pair in enumerate(zip(sizes, sizes[1:]))})
    kernels["reward/out"] = (sizes[-1], 1)
    out = {"core/gru/recurrent_kernel": (d, 3 * d), "core/gru/recurrent_bias": (3 * d,)}
    for name, shape in kernels.items():
        out[name + "/kernel"] = shape
        out[name + "/bias"] = (shape[-2 if "deconv" in name else -1],)
    return out


def load(tensors, c, actions, dtype):
    """Takes numpy arrays by name; what does not fit to the last one is an error."""
    want, got = shapes(c, actions), {name: x.shape for name, x in tensors.items()}
    for name in sorted(want.keys() | got.keys()):
        if want.get(name) != got.get(name):
            raise ValueError("%s has shape %s here, %s there" % (name, want.get(name), got.get(name)))
    return {name: jnp.asarray(x, dtype) for name, x in tensors.items()}


class Network:
    def __init__(self, c):
        self.stoch, self.deter, self.layers, self.min_std = c["stoch"], c["deter"], c["reward_layers"], c["min_std"]

    def dense(self, p, name, x):
        return x @ p[name + "/kernel"] + p[name + "/bias"]

    def gaussian(self, raw):
        mean, spread = jnp.split(raw, 2, -1)
        return mean, jax.nn.softplus(spread) + self.min_std

    def gru(self, p, x, h):
        gx, gh = self.dense(p, "core/gru", x), h @ p["core/gru/recurrent_kernel"] + p["core/gru/recurrent_bias"]
        (xz, xr, xn), (hz, hr, hn) = jnp.split(gx, 3, -1), jnp.split(gh, 3, -1)
        z, r = jax.nn.sigmoid(xz + hz), jax.nn.sigmoid(xr + hr)
        return z * h + (1 - z) * jnp.tanh(xn + r * hn)

    def encode(self, p, x):
        """N×64×64×3 to N×E."""
        for i in range(4):
            name = "encoder/conv%d" % (i + 1)
            x = lax.conv_general_dilated(x, p[name + "/kernel"], (2, 2), "VALID", dimension_numbers=IMAGES)
            x = jax.nn.relu(x + p[name + "/bias"])
        return x.reshape(len(x), -1)

    def decode(self, p, feature):
        x = self.dense(p, "decoder/dense", feature)[:, None, None, :]
        for i in range(4):
            name = "decoder/deconv%d" % (i + 1)
            x = lax.conv_transpose(x, p[name + "/kernel"], (2, 2), "VALID", dimension_numbers=IMAGES, transpose_kernel=True)
            x = x + p[name + "/bias"]
            x = jax.nn.relu(x) if i < 3 else x
        return x

    def reward(self, p, feature):
        for i in range(self.layers):
            feature = jax.nn.elu(self.dense(p, "reward/dense%d" % (i + 1), feature))
        return self.dense(p, "reward/out", feature)[..., 0]

    def prior(self, p, deter):
        return self.gaussian(self.dense(p, "core/prior/out", jax.nn.elu(self.dense(p, "core/prior", deter))))

    def advance(self, p, stoch, deter, action):
        """Mean and deviation of the next stochastic state, and the next deterministic one."""
        deter = self.gru(p, jax.nn.elu(self.dense(p, "core/in", jnp.concatenate([stoch, action], -1))), deter)
        return *self.prior(p, deter), deter

    def observe(self, p, embed, actions, noise):
        """T×B sequences from the zero state: stoch, deter, posterior and prior. What
        does not wait for the state before is done for all times at once."""
        s, d = self.stoch, self.deter
        into, post = p["core/in/kernel"], p["core/posterior/kernel"]
        from_action = actions @ into[s:] + p["core/in/bias"]
        from_embed = embed @ post[d:] + p["core/posterior/bias"]

        def step(carry, row):
            stoch, deter = carry
            action, embed, eps = row
            deter = self.gru(p, jax.nn.elu(action + stoch @ into[:s]), deter)
            hidden = jax.nn.elu(embed + deter @ post[:d])
            mean, std = self.gaussian(self.dense(p, "core/posterior/out", hidden))
            stoch = mean + std * eps
            return (stoch, deter), (stoch, deter, mean, std)

        begin = jnp.zeros_like(noise[0]), jnp.zeros((noise.shape[1], d), noise.dtype)
        _, (stoch, deter, mean, std) = lax.scan(step, begin, (from_action, from_embed, noise))
        return stoch, deter, (mean, std), self.prior(p, deter)
