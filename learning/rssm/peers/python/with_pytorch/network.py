"""The world model in PyTorch: an RSSM with a GRU that resets behind its product
(Hafner et al. 2019; Rybkin et al. 2021, Appendix D)."""
import torch
import torch.nn.functional as F
from torch import nn


class Network(nn.Module):
    def __init__(self, c, actions):
        super().__init__()
        s, d, h, k, units = c["stoch"], c["deter"], c["hidden"], c["embed_depth"], c["decoder_units"]
        self.stoch, self.deter, self.min_std = s, d, c["min_std"]
        self.embed = 2 * 2 * 8 * k
        depths = [3, k, 2 * k, 4 * k, 8 * k]
        self.encoder = nn.ModuleList(nn.Conv2d(depths[i], depths[i + 1], 4, 2) for i in range(4))
        self.input = nn.Linear(s + actions, h)
        self.gru = nn.GRUCell(h, d)
        self.prior, self.prior_out = nn.Linear(d, h), nn.Linear(h, 2 * s)
        self.posterior, self.posterior_out = nn.Linear(d + self.embed, h), nn.Linear(h, 2 * s)
        self.decoder = nn.Linear(s + d, units)
        up = [(units, 4 * k, 5), (4 * k, 2 * k, 5), (2 * k, k, 6), (k, 3, 6)]
        self.deconv = nn.ModuleList(nn.ConvTranspose2d(i, o, size, 2) for i, o, size in up)
        sizes = [s + d] + c["reward_layers"] * [c["reward_units"]] + [1]
        self.head = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))

    def named_layers(self):
        """Names as in a layout of parameters, their tensors here, and how a kernel
        of the layout becomes one."""
        gates = [self.deter, 2 * self.deter]

        def turned(k):
            return k.t()

        def image(k):
            return k.permute(3, 2, 0, 1)

        def reordered(k):  # z, r, n to r, z, n
            z, r, n = k.tensor_split(gates, -1)
            return torch.cat([r, z, n], -1).t()

        dense = {"core/in": self.input, "core/prior": self.prior, "core/prior/out": self.prior_out,
                 "core/posterior": self.posterior, "core/posterior/out": self.posterior_out, "decoder/dense": self.decoder}
        dense.update({"reward/dense%d" % (i + 1): x for i, x in enumerate(self.head[:-1])})
        dense["reward/out"] = self.head[-1]
        for name, x in dense.items():
            yield name + "/kernel", x.weight, turned
            yield name + "/bias", x.bias, turned
        for stem, layers in (("encoder/conv%d", self.encoder), ("decoder/deconv%d", self.deconv)):
            for i, x in enumerate(layers):
                yield stem % (i + 1) + "/kernel", x.weight, image
                yield stem % (i + 1) + "/bias", x.bias, turned
        yield "core/gru/kernel", self.gru.weight_ih, reordered
        yield "core/gru/bias", self.gru.bias_ih, reordered
        yield "core/gru/recurrent_kernel", self.gru.weight_hh, reordered
        yield "core/gru/recurrent_bias", self.gru.bias_hh, reordered

    @torch.no_grad()
    def load(self, tensors):
        """Takes numpy arrays by name; what does not fit to the last one is an error."""
        left = dict(tensors)
        for name, parameter, change in self.named_layers():
            if name not in left:
                raise ValueError("no tensor %s to load" % name)
            value = change(torch.from_numpy(left.pop(name)))
            if value.shape != parameter.shape:
                raise ValueError("%s has shape %s here, %s there" % (name, tuple(parameter.shape), tuple(value.shape)))
            parameter.copy_(value)
        if left:
            raise ValueError("no layer here for %s" % ", ".join(left))

    def gaussian(self, raw):
        mean, spread = raw.chunk(2, -1)
        return mean, F.softplus(spread) + self.min_std

    def encode(self, x):
        """N×3×64×64, channels last in memory, to N×E."""
        for layer in self.encoder:
            x = F.relu(layer(x))
        return x.permute(0, 2, 3, 1).flatten(1)

    def decode(self, feature):
        x = self.decoder(feature)[:, :, None, None].to(memory_format=torch.channels_last)
        for layer in self.deconv[:-1]:
            x = F.relu(layer(x))
        return self.deconv[-1](x)

    def reward(self, feature):
        for layer in self.head[:-1]:
            feature = F.elu(layer(feature))
        return self.head[-1](feature)[..., 0]

    def advance(self, stoch, deter, action):
        """Mean and deviation of the next stochastic state, and the next deterministic one."""
        deter = self.gru(F.elu(self.input(torch.cat([stoch, action], -1))), deter)
        return *self.gaussian(self.prior_out(F.elu(self.prior(deter)))), deter

    def observe(self, embed, actions, noise):
        """T×B sequences from the zero state: stoch, deter, posterior and prior. What
        does not wait for the state before is done for all times at once."""
        length, count, s, d = *noise.shape, self.deter
        state, deter = embed.new_zeros(count, s), embed.new_zeros(count, d)
        from_embed = F.linear(embed, self.posterior.weight[:, d:], self.posterior.bias)
        from_action = F.linear(actions, self.input.weight[:, s:], self.input.bias)
        by_state, by_deter = self.input.weight[:, :s], self.posterior.weight[:, :d]
        rows = []
        for t in range(length):
            deter = self.gru(F.elu(from_action[t] + F.linear(state, by_state)), deter)
            mean, std = self.gaussian(self.posterior_out(F.elu(from_embed[t] + F.linear(deter, by_deter))))
            state = mean + std * noise[t]
            rows.append((state, deter, mean, std))
        state, deter, mean, std = map(torch.stack, zip(*rows))
        return state, deter, (mean, std), self.gaussian(self.prior_out(F.elu(self.prior(deter))))
