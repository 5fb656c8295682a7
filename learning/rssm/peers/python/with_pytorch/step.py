"""A gradient step in PyTorch: pixels up, losses, gradients, clipping, Adam."""
import math

import numpy as np
import torch


def losses(net, c, pixels, actions, rewards, noise):
    """The total and its terms, of T×B pixels (64×64×3), actions, rewards and noise."""
    length, count = pixels.shape[:2]
    images = (pixels.flatten(0, 1).to(noise.dtype) / 255 - 0.5).permute(0, 3, 1, 2)
    embed = net.encode(images).unflatten(0, (length, count))
    stoch, deter, (mean, std), (prior_mean, prior_std) = net.observe(embed, actions, noise)
    feature = torch.cat([stoch, deter], -1).flatten(0, 1)
    image = 0.5 * (net.decode(feature) - images).square().sum() / (length * count)
    reward = 0.5 * (net.reward(feature).unflatten(0, (length, count)) - rewards).square().mean()
    kl = (torch.log(prior_std / std) + (std.square() + (mean - prior_mean).square()) / (2 * prior_std.square()) - 0.5)
    kl = kl.sum(-1).mean()
    total = c["image_scale"] * image + c["reward_scale"] * reward + c["kl_scale"] * kl.clamp(min=c["free_nats"])
    return total, image, reward, kl


class Step:
    """Updates on one batch that lies in the host's memory, pinned where that helps."""

    def __init__(self, net, c, work, where, compile):
        self.net, self.c, self.where = net, c, where
        b, t = work["batch"], work["length"]
        rng = np.random.default_rng(1)
        host = (torch.from_numpy(rng.integers(0, 256, (b, t, 64, 64, 3), dtype=np.uint8)),
                torch.zeros(b, t, work["actions"]), torch.zeros(b, t))
        self.host = [x.pin_memory() for x in host] if where.type == "cuda" else host
        self.shape = (t, b, net.stoch)
        self.losses = torch.compile(losses, dynamic=False) if compile else losses
        self.adam = torch.optim.Adam(net.parameters(), lr=c["learning_rate"], betas=(c["beta1"], c["beta2"]),
                                     eps=c["epsilon"], fused=True)

    def run(self):
        batch = [x.to(self.where, non_blocking=True).transpose(0, 1) for x in self.host]
        terms = self.losses(self.net, self.c, *batch, torch.randn(self.shape, device=self.where))
        self.adam.zero_grad(set_to_none=True)
        terms[0].backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.c["clip_norm"])
        self.adam.step()
        report = torch.stack([x.detach() for x in (*terms, norm)]).tolist()
        if not math.isfinite(sum(report)):
            raise FloatingPointError("a loss is not finite")
