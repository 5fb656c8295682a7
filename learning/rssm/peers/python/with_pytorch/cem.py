"""The cross-entropy method in PyTorch, as PlaNet has it (Hafner et al. 2019,
Algorithm 2): sampled rollouts through prior and reward, elites, refit."""
import torch


class CEM:
    def __init__(self, net, c, work, where, compile):
        self.net, self.work, self.where = net, work, where
        self.begin = torch.zeros(net.stoch + net.deter, device=where)
        self.advance = torch.compile(self.transition, dynamic=False) if compile else self.transition

    def transition(self, stoch, deter, action, noise):
        mean, std, deter = self.net.advance(stoch, deter, action)
        stoch = mean + std * noise
        return stoch, deter, self.net.reward(torch.cat([stoch, deter], -1))

    def rollout(self, advance, actions, noise):
        """Returns (N) of actions N×H×A; noise N×H×S or None."""
        n, horizon = actions.shape[:2]
        stoch, deter = self.begin.expand(n, -1).split([self.net.stoch, self.net.deter], -1)
        total = self.begin.new_zeros(n)
        still = self.begin.new_zeros(n, self.net.stoch)
        for t in range(horizon):
            stoch, deter, reward = advance(stoch, deter, actions[:, t], still if noise is None else noise[:, t])
            total = total + reward
        return total

    @torch.inference_mode()
    def run(self):
        w, s = self.work, self.net.stoch
        n, horizon, dim = w["samples"], w["horizon"], w["actions"]
        mean, std = (f(horizon, dim, device=self.where) for f in (torch.zeros, torch.ones))
        for _ in range(w["iterations"]):
            actions = (mean + std * torch.randn(n, horizon, dim, device=self.where)).clamp(-1, 1)
            returns = self.rollout(self.advance, actions, torch.randn(n, horizon, s, device=self.where))
            elites = actions[returns.topk(w["elites"], sorted=False).indices]
            mean, std = elites.mean(0), (elites.var(0, unbiased=False) + 1e-6).sqrt()
        self.rollout(self.transition, mean.clamp(-1, 1)[None], None)
        return mean.tolist()
