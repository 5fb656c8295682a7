"""LatCo in PyTorch (Rybkin et al. 2021, Section 4, Algorithm 1): Jacobians by
torch.func, the normal equations by block Cholesky in double precision, as the
authors' program solves them.

Unknowns are blocks [a_t, z_{t+1}] for t = 0 … H−1; z_0 is given. The residuals of a
step t are κ√λ(z_{t+1} − μ(z_t, a_t)), κ√ν max(0, |a_t|−1) and κ softplus(−r(z_{t+1})).
"""
import torch
import torch.nn.functional as F
from torch.func import grad_and_value, jacrev, vmap


class LatCo:
    def __init__(self, net, c, work, where, compile):
        self.net, self.work, self.where, self.c = net, work, where, work["latco"]
        self.width = net.stoch + net.deter
        self.jacobians = vmap(jacrev(self.transition, argnums=(0, 1), has_aux=True))
        if compile:
            self.jacobians = torch.compile(self.jacobians, dynamic=False)
        self.rewards = vmap(grad_and_value(net.reward))

    def transition(self, z, a):
        """μ(z, a) = [prior mean, next deter], twice: to differentiate and to keep."""
        net, d = self.net, self.net.deter
        stoch, deter = z.split([net.stoch, d], -1)
        gx = F.linear(F.elu(net.input(torch.cat([stoch, a], -1))), net.gru.weight_ih, net.gru.bias_ih)
        gh = F.linear(deter, net.gru.weight_hh, net.gru.bias_hh)
        reset, keep = torch.sigmoid(gx[..., :2 * d] + gh[..., :2 * d]).split(d, -1)
        new = torch.tanh(gx[..., 2 * d:] + reset * gh[..., 2 * d:])
        deter = keep * deter + (1 - keep) * new
        mean = net.prior_out(F.elu(net.prior(deter)))[..., :net.stoch]
        out = torch.cat([mean, deter], -1)
        return out, out

    def start(self):
        w = self.work
        p, horizon = w["plans"], w["horizon"]
        z = torch.randn(p, horizon + 1, self.width, device=self.where)
        z[:, 0] = 0
        return z.double(), torch.randn(p, horizon, w["actions"], device=self.where).double()

    def run(self):
        with torch.no_grad():
            z, a = self.optimise(*self.start(), self.work["iterations"])
            return self.choose(z, a).tolist()

    def optimise(self, z, a, iterations):
        c, dtype = self.c, next(self.net.parameters()).dtype
        p, horizon = a.shape[:2]
        lam, nu = a.new_full((p, horizon), c["lambda0"]), a.new_full((p, horizon), c["nu0"])
        for k in range(iterations):
            (dz, da), mu = self.jacobians(z[:, :-1].flatten(0, 1).to(dtype), a.flatten(0, 1).to(dtype))
            drdz, r = self.rewards(z[:, 1:].flatten(0, 1).to(dtype))
            dz, da, mu, drdz, r = (x.double().unflatten(0, (p, horizon)) for x in (dz, da, mu, drdz, r))
            defect, excess = z[:, 1:] - mu, (a.abs() - 1).clamp(min=0)
            if k > 0:
                lam = lam * (1 + c["dual_rate"] * torch.log(defect.square().sum(-1) / c["eps_dyn"] + 0.01))
                nu = nu * (1 + c["dual_rate"] * torch.log(excess.square().sum(-1) / c["eps_act"] + 0.01))
            x = self.step(dz, da, defect, excess * a.sign(), r, drdz, lam, nu)
            dim = a.shape[-1]
            a, z = a - x[..., :dim], torch.cat([z[:, :1], z[:, 1:] - x[..., dim:]], 1)
        return z, a

    def step(self, dz, da, defect, excess, r, drdz, lam, nu):
        """(2JᵀJ + δI)⁻¹ 2Jᵀρ (Eq. 9), P×H×(A+Z)."""
        c = self.c
        dyn, act = lam.sqrt() * c["s_dyn"], nu.sqrt() * c["s_act"]
        kappa = 1 / ((dyn + act).mean(1, keepdim=True) + 1)
        w, v = (2 * (kappa * dyn).square())[..., None], (2 * (kappa * act).square())[..., None]
        q = (2 ** 0.5 * kappa)[..., None] * -torch.sigmoid(-r)[..., None] * drdz
        cost = (2 ** 0.5 * kappa * F.softplus(-r))[..., None]

        zeros = torch.zeros_like(da)
        here = torch.cat([-da, torch.eye(self.width, dtype=da.dtype, device=da.device).expand(dz.shape)], -1)
        before = torch.cat([zeros, -dz], -1)  # by the block before
        weighed = w[..., None] * here
        d = here.mT @ weighed
        d[:, :-1] += before[:, 1:].mT @ (w[:, 1:, :, None] * before[:, 1:])
        a = da.shape[-1]
        d[..., a:, a:] += q[..., :, None] * q[..., None, :]
        diagonal = d.diagonal(dim1=-2, dim2=-1)
        diagonal += c["damping"]
        diagonal[..., :a] += v * (excess != 0)
        below = weighed[:, 1:].mT @ before[:, 1:]

        g = (weighed.mT @ defect[..., None])[..., 0]
        g[:, :-1] += (before[:, 1:].mT @ (w[:, 1:] * defect[:, 1:])[..., None])[..., 0]
        g[..., :a] += v * excess
        g[..., a:] += cost * q
        return solve(d, below, g)

    def choose(self, z, a):
        """Actions of the plan with the best return of one sampled rollout."""
        net, a = self.net, a.clamp(-1, 1)
        if len(a) == 1:
            net.reward(z[:, 1:].to(net.input.weight.dtype))
            return a[0]
        actions = a.to(net.input.weight.dtype)
        stoch, deter = z[:, 0].to(actions.dtype).split([net.stoch, net.deter], -1)
        total = 0
        for t in range(a.shape[1]):
            mean, std, deter = net.advance(stoch, deter, actions[:, t])
            stoch = mean + std * torch.randn_like(std)
            total = total + net.reward(torch.cat([stoch, deter], -1))
        return a[total.argmax()]


def solve(d, below, g):
    """Block tridiagonal, symmetric: d P×H×N×N, below P×(H−1)×N×N, g P×H×N."""
    factors, links, y = [], [], []
    for t in range(d.shape[1]):
        block, right = d[:, t], g[:, t, :, None]
        if t > 0:
            link = torch.linalg.solve_triangular(factors[-1], below[:, t - 1].mT, upper=False).mT
            block, right = block - link @ link.mT, right - link @ y[-1]
            links.append(link)
        factors.append(torch.linalg.cholesky_ex(block)[0])
        y.append(torch.linalg.solve_triangular(factors[-1], right, upper=False))
    x = [None] * len(y)
    for t in reversed(range(len(y))):
        right = y[t] if t + 1 == len(y) else y[t] - links[t].mT @ x[t + 1]
        x[t] = torch.linalg.solve_triangular(factors[t].mT, right, upper=True)
    return torch.cat(x, -1).mT
