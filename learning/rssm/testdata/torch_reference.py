"""Reference values for torch_test.go: the world model in PyTorch, in double
precision, written from the papers (Hafner et al. 2019, Rybkin et al. 2021) and
sharing nothing with the Go code but the layout of the parameters.

For every preset and every kind of dynamics, at a small size, with made-up
weights, batch and noise: the terms of the loss, the norm of the gradient, and
for what the network computes and for the gradient of every tensor its norm and
its product with a made-up direction of unit length.

Run: pip install torch numpy; python3 torch_reference.py > torch_reference.json
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)

STOCH, DETER, HIDDEN, DEPTH, DECODER, UNITS = 3, 5, 6, 2, 8, 7
ACTIONS, B, T, SIZE, COLOURS = 2, 2, 5, 64, 3
EMBED = 2 * 2 * 8 * DEPTH
NOISE_SEED = 12345

LATCO = dict(dynamics="rssm", cell="reset-after", activation="elu", image_bits=8, free_nats_of="mean", global_kl=0.0,
             overshooting=0, overshooting_kl=1.0, overshooting_reward=1.0)
PAPER = dict(LATCO, preset="paper", reward_layers=2, image_scale=1.0, reward_scale=1.0, kl_scale=1.0, free_nats=3.0)
CLASS = dict(LATCO, preset="class", reward_layers=2, image_scale=4.0, reward_scale=1.0, kl_scale=1.0, free_nats=0.0)
PLANET = dict(preset="planet", dynamics="rssm", cell="reset-before", activation="relu", image_bits=5, reward_layers=3,
              image_scale=1.0, reward_scale=10.0, kl_scale=1.0, free_nats=3.0, free_nats_of="step", global_kl=0.0,
              overshooting=0, overshooting_kl=1.0, overshooting_reward=100.0)
V1 = dict(PLANET, preset="planet-v1", free_nats=2.0, global_kl=0.1, overshooting=49)
CASES = {
    "paper": PAPER,
    "class": CLASS,
    "planet": PLANET,
    "planet-v1": V1,
    "paper, some free nats": dict(PAPER, free_nats=0.05),
    "planet, some free nats": dict(PLANET, free_nats=0.09),
    "planet-v1, distance 2, some free nats": dict(V1, overshooting=2, free_nats=0.09),
    "gru": dict(PLANET, dynamics="gru"),
    "ssm": dict(V1, dynamics="ssm", free_nats=0.0),
    "ssm-latco": dict(CLASS, dynamics="ssm-latco", overshooting=3),
    "class, overshooting": dict(CLASS, overshooting=3),
}


def shapes(c):
    """Names and shapes of the parameters in the order of their numbers."""
    out = []

    def pair(name, kernel, bias):
        out.append((name + "/kernel", kernel))
        out.append((name + "/bias", (bias,)))

    depths = [COLOURS, DEPTH, 2 * DEPTH, 4 * DEPTH, 8 * DEPTH]
    for i in range(4):
        pair("encoder/conv%d" % (i + 1), (4, 4, depths[i], depths[i + 1]), depths[i + 1])
    recurrent = c["dynamics"] in ("rssm", "gru")
    pair("core/in", (STOCH + ACTIONS, HIDDEN), HIDDEN)
    if recurrent:
        pair("core/gru", (HIDDEN, 3 * DETER), 3 * DETER)
        out.append(("core/gru/recurrent_kernel", (DETER, 3 * DETER)))
        if c["cell"] == "reset-after":
            out.append(("core/gru/recurrent_bias", (3 * DETER,)))
    if c["dynamics"] != "ssm":
        pair("core/prior", (DETER if recurrent else HIDDEN, HIDDEN), HIDDEN)
    pair("core/prior/out", (HIDDEN, 2 * STOCH), 2 * STOCH)
    reads = {"ssm": 2 * STOCH + EMBED, "ssm-latco": STOCH + EMBED + ACTIONS}.get(c["dynamics"], DETER + EMBED)
    pair("core/posterior", (reads, HIDDEN), HIDDEN)
    if c["dynamics"] == "ssm-latco":
        pair("core/posterior/deep", (HIDDEN, HIDDEN), HIDDEN)
    pair("core/posterior/out", (HIDDEN, 2 * STOCH), 2 * STOCH)
    feature = STOCH + (DETER if recurrent else 0)
    pair("decoder/dense", (feature, DECODER), DECODER)
    up = [(5, DECODER, 4 * DEPTH), (5, 4 * DEPTH, 2 * DEPTH), (6, 2 * DEPTH, DEPTH), (6, DEPTH, COLOURS)]
    for i, (k, n_in, n_out) in enumerate(up):
        pair("decoder/deconv%d" % (i + 1), (k, k, n_out, n_in), n_out)
    n = feature
    for i in range(c["reward_layers"]):
        pair("reward/dense%d" % (i + 1), (n, UNITS), UNITS)
        n = UNITS
    pair("reward/out", (n, 1), 1)
    return out


def single(values):
    """Numbers as a float32 has them."""
    return torch.tensor(np.asarray(values, dtype=np.float32).astype(np.float64))


def parameters(c):
    params, start = {}, 0
    for name, shape in shapes(c):
        n = math.prod(shape)
        width = 0.1 if name.endswith("bias") else min(0.4, 1.5 / math.sqrt(n / shape[-1]))
        v = [width * math.sin(0.7 * i + 0.3) for i in range(start, start + n)]
        params[name] = single(v).reshape(shape).requires_grad_()
        start += n
    return params


def mixed(x):
    x ^= x >> np.uint32(16)
    x = x * np.uint32(0x21F0AAAD)
    x ^= x >> np.uint32(15)
    x = x * np.uint32(0x735A2D97)
    return x ^ (x >> np.uint32(15))


def uniform(n, seed):
    i = np.arange(n, dtype=np.uint32)
    x = mixed(mixed(i + np.uint32(seed & 0xFFFFFFFF)) ^ np.uint32(seed >> 32))
    return (x >> np.uint32(8)).astype(np.float64) / (1 << 24)


def images(c):
    """T, B, 64, 64, 3 as the encoder reads them; row t·B + b is image b·T + t."""
    rows, n = [], SIZE * SIZE * COLOURS
    for t in range(T):
        for b in range(B):
            p = (37 * np.arange(n) + 11 * (b * T + t)) % 256
            if c["image_bits"] == 8:
                rows.append(p / 255 - 0.5)
            else:
                levels = 1 << c["image_bits"]
                u = uniform(n, NOISE_SEED + ((t * B + b) << 32))
                rows.append((p // (256 // levels) + u) / levels - 0.5)
    return single(np.stack(rows)).reshape(T, B, SIZE, SIZE, COLOURS)


def gaussian(raw):
    return raw[..., :STOCH], F.softplus(raw[..., STOCH:]) + 0.1


def kl(m1, s1, m2, s2):
    p, q = torch.distributions.Normal(m1, s1), torch.distributions.Normal(m2, s2)
    return torch.distributions.kl_divergence(p, q).sum(-1)


class Model:
    def __init__(self, c):
        self.c, self.p = c, parameters(c)
        self.act = F.relu if c["activation"] == "relu" else F.elu
        self.recurrent = c["dynamics"] in ("rssm", "gru")

    def dense(self, name, x, act=None):
        y = x @ self.p[name + "/kernel"] + self.p[name + "/bias"]
        return act(y) if act else y

    def encode(self, x):
        x = x.reshape(T * B, SIZE, SIZE, COLOURS).permute(0, 3, 1, 2)
        for i in range(4):
            name = "encoder/conv%d" % (i + 1)
            x = F.relu(F.conv2d(x, self.p[name + "/kernel"].permute(3, 2, 0, 1), self.p[name + "/bias"], stride=2))
        return x.permute(0, 2, 3, 1).reshape(T, B, EMBED)

    def decode(self, f):
        x = self.dense("decoder/dense", f).reshape(-1, DECODER, 1, 1)
        for i in range(4):
            name = "decoder/deconv%d" % (i + 1)
            x = F.conv_transpose2d(x, self.p[name + "/kernel"].permute(3, 2, 0, 1), self.p[name + "/bias"], stride=2)
            x = F.relu(x) if i < 3 else x
        return x.permute(0, 2, 3, 1).reshape(T, B, SIZE, SIZE, COLOURS)

    def reward(self, f):
        for i in range(self.c["reward_layers"]):
            f = self.dense("reward/dense%d" % (i + 1), f, self.act)
        return self.dense("reward/out", f)[..., 0]

    def gru(self, x, h):
        w, u, b = self.p["core/gru/kernel"], self.p["core/gru/recurrent_kernel"], self.p["core/gru/bias"]
        wz, wr, wn = (x @ w + b).split(DETER, -1)
        uz, ur, un = u.split(DETER, -1)
        if self.c["cell"] == "reset-after":
            bz, br, bn = self.p["core/gru/recurrent_bias"].split(DETER)
            z, r = torch.sigmoid(wz + h @ uz + bz), torch.sigmoid(wr + h @ ur + br)
            n = torch.tanh(wn + r * (h @ un + bn))
        else:
            z, r = torch.sigmoid(wz + h @ uz), torch.sigmoid(wr + h @ ur)
            n = torch.tanh(wn + (r * h) @ un)
        return z * h + (1 - z) * n

    def prior(self, stoch, deter, action):
        """mean, std, deter of the next state."""
        x = self.dense("core/in", torch.cat([stoch, action], -1), self.act)
        if self.recurrent:
            deter = self.gru(x, deter)
            x = self.dense("core/prior", deter, self.act)
        elif self.c["dynamics"] == "ssm-latco":
            x = self.dense("core/prior", x, torch.sigmoid)
        return *gaussian(self.dense("core/prior/out", x)), deter

    def posterior(self, mean, std, deter, embed, action, eps):
        if self.recurrent:
            x = torch.cat([deter, embed], -1)
        elif self.c["dynamics"] == "ssm":
            x = torch.cat([mean, std, embed], -1)
        else:
            x = torch.cat([mean + std * eps, embed, action], -1)
        x = self.dense("core/posterior", x, self.act)
        if self.c["dynamics"] == "ssm-latco":
            x = self.dense("core/posterior/deep", x, torch.sigmoid)
        return gaussian(self.dense("core/posterior/out", x))

    def feature(self, stoch, deter):
        return torch.cat([stoch, deter], -1) if self.recurrent else stoch


def wave(f, *sizes):
    return single([f(i) for i in range(math.prod(sizes))]).reshape(sizes)


def free(c, k):
    if c["free_nats_of"] == "step":
        return torch.clamp(k - c["free_nats"], min=0).mean()
    return torch.clamp(k.mean(), min=c["free_nats"])


def run(c):
    m = Model(c)
    x = images(c)
    actions = wave(lambda i: math.sin(1 + i), T, B, ACTIONS)
    rewards = wave(lambda i: math.sin(0.5 * i), T, B)
    quiet = 0.0 if c["dynamics"] == "gru" else 1.0
    width = 2 * STOCH if c["dynamics"] == "ssm-latco" else STOCH
    noise = wave(lambda i: quiet * math.cos(2 + i), T, B, width)
    embed = m.encode(x)

    stoch, deter = torch.zeros(B, STOCH), torch.zeros(B, DETER)
    rows = []
    for t in range(T):
        mean, std, deter = m.prior(stoch, deter, actions[t])
        pm, ps = m.posterior(mean, std, deter, embed[t], actions[t], noise[t, :, STOCH:])
        stoch = pm + ps * noise[t, :, :STOCH]
        rows.append((stoch, deter, pm, ps, mean, std))
    stochs, deters, pm, ps, qm, qs = (torch.stack(v) for v in zip(*rows))
    feature = m.feature(stochs, deters)
    picture, predicted = m.decode(feature), m.reward(feature)

    loss = {
        "image": 0.5 * ((picture - x) ** 2).sum((2, 3, 4)).mean(),
        "reward": 0.5 * ((predicted - rewards) ** 2).mean(),
        "kl": kl(pm, ps, qm, qs).mean(),
    }
    total = c["image_scale"] * loss["image"] + c["reward_scale"] * loss["reward"]
    if c["dynamics"] != "gru":
        total = total + c["kl_scale"] * free(c, kl(pm, ps, qm, qs))
    if c["global_kl"]:
        loss["global_kl"] = kl(pm, ps, torch.zeros_like(pm), torch.ones_like(ps)).mean()
        total = total + c["global_kl"] * loss["global_kl"]

    far = min(c["overshooting"], T - 1)
    if far:
        # From the state before every time: one step is the prior known already,
        # then on without observations.
        count = T * B + sum((T - k) * B for k in range(1, far + 1))
        eps = wave(lambda i: quiet * math.sin(3 + 1.1 * i), count, STOCH)
        divergences, errors = [], []
        for t in range(T):
            s, h = qm[t] + qs[t] * eps[t * B:(t + 1) * B], deters[t]
            for k in range(1, min(far, T - 1 - t) + 1):
                mean, std, h = m.prior(s, h, actions[t + k])
                row = T * B + sum((T - j) * B for j in range(1, k)) + t * B
                s = mean + std * eps[row:row + B]
                d = kl(pm[t + k].detach(), ps[t + k].detach(), mean, std)
                divergences.append(torch.clamp(d - c["free_nats"], min=0))
                errors.append(0.5 * (m.reward(m.feature(s, h)) - rewards[t + k]) ** 2)
        loss["overshooting_kl"] = torch.stack(divergences).mean()
        loss["overshooting_reward"] = torch.stack(errors).mean()
        total = total + c["overshooting_kl"] * loss["overshooting_kl"]
        total = total + c["overshooting_reward"] * loss["overshooting_reward"]
    loss["total"] = total
    total.backward()

    def digest(v):
        v = v.detach().reshape(-1).numpy()
        d = np.cos(1.3 * np.arange(v.size))
        return [float("%.10g" % np.linalg.norm(v)), float("%.10g" % (v @ d / np.linalg.norm(d)))]

    grads = {name: v.grad if v.grad is not None else torch.zeros_like(v) for name, v in m.p.items()}
    forward = dict(stoch=stochs, post_mean=pm, post_std=ps, prior_mean=qm, prior_std=qs, picture=picture)
    if m.recurrent:
        forward["deter"] = deters
    settings = {k: v for k, v in c.items() if k != "preset"}
    return {
        "preset": c["preset"], "settings": {k: str(v) for k, v in settings.items()},
        "losses": {k: float("%.10g" % v.item()) for k, v in loss.items()},
        "grad_norm": float("%.10g" % math.sqrt(sum((g ** 2).sum().item() for g in grads.values()))),
        "forward": {k: digest(v) for k, v in forward.items()},
        "gradients": {k: digest(v) for k, v in grads.items()},
    }


print("{")
items = list(CASES.items())
for i, (name, c) in enumerate(items):
    print(json.dumps(name) + ": " + json.dumps(run(c), separators=(",", ":")) + ("," if i + 1 < len(items) else ""))
print("}")
