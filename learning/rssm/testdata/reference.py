"""Reference values for reference_test.go, in double precision and plain loops.

Prints the losses of a small model on a made-up batch, and for every parameter
tensor the derivative of the total loss along a made-up direction (central
difference). Run: python3 reference.py > reference.json
"""
import json
import math
import sys

STOCH, DETER, HIDDEN, DEPTH, DECODER, REWARD = 2, 3, 4, 1, 5, 3
ACTION, B, T, SIZE, COLOURS = 2, 2, 2, 64, 3
MIN_STD, IMAGE_SCALE, REWARD_SCALE, KL_SCALE, FREE = 0.1, 0.5, 2.0, 3.0, 0.01

ENCODER = [(64, 3, DEPTH, 4), (31, DEPTH, 2 * DEPTH, 4), (14, 2 * DEPTH, 4 * DEPTH, 4), (6, 4 * DEPTH, 8 * DEPTH, 4)]
DECONV = [(5, 4 * DEPTH, DECODER, 5), (13, 2 * DEPTH, 4 * DEPTH, 5), (30, DEPTH, 2 * DEPTH, 6), (64, 3, DEPTH, 6)]
EMBED = 2 * 2 * 8 * DEPTH


def shapes():
    s = []

    def dense(name, i, o):
        s.append((name + "/kernel", (i, o)))
        s.append((name + "/bias", (o,)))

    for n, (_, i, o, k) in enumerate(ENCODER):
        s.append(("encoder/conv%d/kernel" % (n + 1), (k, k, i, o)))
        s.append(("encoder/conv%d/bias" % (n + 1), (o,)))
    dense("core/in", STOCH + ACTION, HIDDEN)
    dense("core/gru", HIDDEN, 3 * DETER)
    s.append(("core/gru/recurrent_kernel", (DETER, 3 * DETER)))
    s.append(("core/gru/recurrent_bias", (3 * DETER,)))
    dense("core/prior", DETER, HIDDEN)
    dense("core/prior/out", HIDDEN, 2 * STOCH)
    dense("core/posterior", DETER + EMBED, HIDDEN)
    dense("core/posterior/out", HIDDEN, 2 * STOCH)
    dense("decoder/dense", STOCH + DETER, DECODER)
    for n, (_, i, o, k) in enumerate(DECONV):
        s.append(("decoder/deconv%d/kernel" % (n + 1), (k, k, i, o)))
        s.append(("decoder/deconv%d/bias" % (n + 1), (i,)))
    dense("reward/dense1", STOCH + DETER, REWARD)
    dense("reward/out", REWARD, 1)
    return s


def total(shape):
    return math.prod(shape)


def parameter(i):
    return 0.4 * math.sin(0.7 * i + 0.3)


def direction(i):
    return math.cos(1.3 * i)


def relu(v):
    return max(v, 0.0)


def elu(v):
    return v if v > 0 else math.expm1(v)


def ident(v):
    return v


def sigmoid(v):
    return 1 / (1 + math.exp(-v))


def dense(p, name, x, act):
    w, b = p[name + "/kernel"], p[name + "/bias"]
    n = len(b)
    return [act(sum(v * w[i * n + j] for i, v in enumerate(x)) + b[j]) for j in range(n)]


def conv(p, name, x, size, cin, cout, k):
    w, b = p[name + "/kernel"], p[name + "/bias"]
    out = (size - k) // 2 + 1
    y = []
    for r in range(out):
        for c in range(out):
            acc = list(b)
            for i in range(k):
                for j in range(k):
                    for ci in range(cin):
                        v = x[((2 * r + i) * size + 2 * c + j) * cin + ci]
                        at = ((i * k + j) * cin + ci) * cout
                        for co in range(cout):
                            acc[co] += v * w[at + co]
            y.extend(relu(a) for a in acc)
    return y


def deconv(p, name, x, size, cout, cin, k, act):
    w, b = p[name + "/kernel"], p[name + "/bias"]
    inner = (size - k) // 2 + 1
    y = [b[i % cout] for i in range(size * size * cout)]
    for r in range(inner):
        for c in range(inner):
            at = (r * inner + c) * cin
            source = x[at : at + cin]
            for i in range(k):
                for j in range(k):
                    base = ((2 * r + i) * size + 2 * c + j) * cout
                    for co in range(cout):
                        row = ((i * k + j) * cout + co) * cin
                        y[base + co] += sum(v * w[row + ci] for ci, v in enumerate(source))
    return [act(v) for v in y]


def normal(raw):
    return raw[:STOCH], [math.log1p(math.exp(v)) + MIN_STD for v in raw[STOCH:]]


def gru(p, x, h):
    gx = dense(p, "core/gru", x, ident)
    u, b = p["core/gru/recurrent_kernel"], p["core/gru/recurrent_bias"]
    n = 3 * DETER
    gh = [sum(h[i] * u[i * n + j] for i in range(DETER)) + b[j] for j in range(n)]
    out = []
    for i in range(DETER):
        z = sigmoid(gx[i] + gh[i])
        r = sigmoid(gx[DETER + i] + gh[DETER + i])
        new = math.tanh(gx[2 * DETER + i] + r * gh[2 * DETER + i])
        out.append(z * h[i] + (1 - z) * new)
    return out


def pixel(n, i):
    return (37 * i + 11 * n) % 256


def losses(p):
    image = reward = kl = 0.0
    for b in range(B):
        s, h = [0.0] * STOCH, [0.0] * DETER
        for t in range(T):
            n = b * T + t  # in the batch's own order
            x = [pixel(n, i) / 255 - 0.5 for i in range(SIZE * SIZE * COLOURS)]
            embed = x
            for l, (size, i, o, k) in enumerate(ENCODER):
                embed = conv(p, "encoder/conv%d" % (l + 1), embed, size, i, o, k)
            action = [math.sin(1.0 + n * ACTION + i) for i in range(ACTION)]
            h = gru(p, dense(p, "core/in", s + action, elu), h)
            prior = normal(dense(p, "core/prior/out", dense(p, "core/prior", h, elu), ident))
            post = normal(dense(p, "core/posterior/out", dense(p, "core/posterior", h + embed, elu), ident))
            s = [m + d * math.cos(2.0 + n * STOCH + i) for i, (m, d) in enumerate(zip(*post))]
            y = dense(p, "decoder/dense", s + h, ident)
            for l, (size, o, i, k) in enumerate(DECONV):
                y = deconv(p, "decoder/deconv%d" % (l + 1), y, size, o, i, k, ident if l == 3 else relu)
            image += 0.5 * sum((a - c) ** 2 for a, c in zip(y, x))
            r = dense(p, "reward/out", dense(p, "reward/dense1", s + h, elu), ident)[0]
            reward += 0.5 * (r - math.sin(0.5 * n)) ** 2
            for (m1, s1), (m2, s2) in zip(zip(*post), zip(*prior)):
                kl += math.log(s2 / s1) + (s1 * s1 + (m1 - m2) ** 2) / (2 * s2 * s2) - 0.5
    image, reward, kl = image / (B * T), reward / (B * T), kl / (B * T)
    return IMAGE_SCALE * image + REWARD_SCALE * reward + KL_SCALE * max(kl, FREE), image, reward, kl


def main():
    p, index, offset = {}, {}, 0
    for name, shape in shapes():
        n = total(shape)
        p[name] = [parameter(offset + i) for i in range(n)]
        index[name] = offset
        offset += n
    whole, image, reward, kl = losses(p)
    slopes = {}
    for name, start in index.items():
        keep, h = p[name], 1e-6
        ends = []
        for step in (h, -h):
            p[name] = [v + step * direction(start + i) for i, v in enumerate(keep)]
            ends.append(losses(p)[0])
        p[name] = keep
        slopes[name] = (ends[0] - ends[1]) / (2 * h)
    json.dump({"total": whole, "image": image, "reward": reward, "kl": kl, "slopes": slopes}, sys.stdout, indent=1)


main()
