"""LatCo in JAX (Rybkin et al. 2021, Section 4, Algorithm 1): Jacobians by jacfwd, the
normal equations by block Cholesky in double precision, as the authors' program solves
them, all iterations in one compiled function.

Unknowns are blocks [a_t, z_{t+1}] for t = 0 … H−1; z_0 is given. The residuals of a
step t are κ√λ(z_{t+1} − μ(z_t, a_t)), κ√ν max(0, |a_t|−1) and κ softplus(−r(z_{t+1})).
"""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy.linalg import solve_triangular


def transition(net, p, z, a):
    """μ(z, a) = [prior mean, next deter], twice: to differentiate and to keep."""
    mean, _, deter = net.advance(p, z[:net.stoch], z[net.stoch:], a)
    out = jnp.concatenate([mean, deter])
    return out, out


def jacobians(net, p, z, a):
    """(∂μ/∂z, ∂μ/∂a), μ at N pairs."""
    one = jax.jacfwd(lambda z, a: transition(net, p, z, a), (0, 1), has_aux=True)
    return jax.vmap(one)(z, a)


def rewards(net, p, z):
    return jax.vmap(jax.value_and_grad(lambda z: net.reward(p, z)))(z)


def optimise(net, p, c, z, a, iterations):
    """The iterate (z: (H+1)×Z, a: H×A, float64) after so many steps."""
    dtype = p["core/in/kernel"].dtype

    def iterate(k, carry):
        z, a, lam, nu = carry
        (dz, da), mu = jacobians(net, p, z[:-1].astype(dtype), a.astype(dtype))
        r, drdz = rewards(net, p, z[1:].astype(dtype))
        dz, da, mu, r, drdz = (x.astype(jnp.float64) for x in (dz, da, mu, r, drdz))
        defect, excess = z[1:] - mu, jnp.maximum(jnp.abs(a) - 1, 0)
        lam = jnp.where(k > 0, lam * (1 + c["dual_rate"] * jnp.log(jnp.sum(defect ** 2, -1) / c["eps_dyn"] + 0.01)), lam)
        nu = jnp.where(k > 0, nu * (1 + c["dual_rate"] * jnp.log(jnp.sum(excess ** 2, -1) / c["eps_act"] + 0.01)), nu)
        x = step(c, dz, da, defect, excess * jnp.sign(a), r, drdz, lam, nu)
        dim = a.shape[-1]
        return z.at[1:].add(-x[:, dim:]), a - x[:, :dim], lam, nu

    ones = jnp.ones(len(a), jnp.float64)
    z, a, _, _ = lax.fori_loop(0, iterations, iterate, (z, a, c["lambda0"] * ones, c["nu0"] * ones))
    return z, a


def step(c, dz, da, defect, excess, r, drdz, lam, nu):
    """(2JᵀJ + δI)⁻¹ 2Jᵀρ (Eq. 9), H×(A+Z)."""
    dim = da.shape[-1]
    dyn, act = jnp.sqrt(lam) * c["s_dyn"], jnp.sqrt(nu) * c["s_act"]
    kappa = 1 / (jnp.mean(dyn + act) + 1)
    w, v = 2 * (kappa * dyn)[:, None] ** 2, 2 * (kappa * act)[:, None] ** 2
    q = 2 ** 0.5 * kappa * -jax.nn.sigmoid(-r)[:, None] * drdz
    cost = 2 ** 0.5 * kappa * jax.nn.softplus(-r)[:, None]

    here = jnp.concatenate([-da, jnp.broadcast_to(jnp.eye(dz.shape[-1]), dz.shape)], -1)
    before = jnp.concatenate([jnp.zeros_like(da), -dz], -1)[1:]  # by the block before
    weighed = w[:, :, None] * here
    d = here.mT @ weighed
    d = d.at[:-1].add(before.mT @ (w[1:, :, None] * before))
    d = d.at[:, dim:, dim:].add(q[:, :, None] * q[:, None, :])
    n = d.shape[-1]
    bound = jnp.zeros((len(d), n)).at[:, :dim].set(v * (excess != 0)) + c["damping"]
    d = d.at[:, jnp.arange(n), jnp.arange(n)].add(bound)
    below = weighed[1:].mT @ before

    g = (weighed.mT @ defect[:, :, None])[:, :, 0]
    g = g.at[:-1].add((before.mT @ (w[1:] * defect[1:])[:, :, None])[:, :, 0])
    g = g.at[:, :dim].add(v * excess).at[:, dim:].add(cost * q)
    return solve(d, below, g)


def solve(d, below, g):
    """Block tridiagonal, symmetric: d H×N×N, below (H−1)×N×N, g H×N."""
    def forward(carry, block):
        factor, y = carry
        d, below, g = block
        link = solve_triangular(factor, below.T, lower=True).T
        factor = jnp.linalg.cholesky(d - link @ link.T)
        y = solve_triangular(factor, g - link @ y, lower=True)
        return (factor, y), (factor, link, y)

    def backward(x, block):
        factor, link, y = block  # link to the block behind
        x = solve_triangular(factor, y - link.T @ x, lower=True, trans="T")
        return x, x

    nothing = jnp.zeros_like(d[:1])
    begin = jnp.eye(d.shape[-1], dtype=d.dtype), jnp.zeros_like(g[0])
    _, (factors, links, y) = lax.scan(forward, begin, (d, jnp.concatenate([nothing, below]), g))
    links = jnp.concatenate([links[1:], nothing])
    return lax.scan(backward, jnp.zeros_like(g[0]), (factors, links, y), reverse=True)[1]


class LatCo:
    def __init__(self, net, c, p, work, where):
        plans, horizon, dim = work["plans"], work["horizon"], work["actions"]
        width = net.stoch + net.deter

        def plan(p, key):
            draw_z, draw_a, future = jax.random.split(key, 3)
            z = jax.random.normal(draw_z, (plans, horizon + 1, width), jnp.float64).at[:, 0].set(0)
            a = jax.random.normal(draw_a, (plans, horizon, dim), jnp.float64)
            z, a = jax.vmap(lambda z, a: optimise(net, p, work["latco"], z, a, work["iterations"]))(z, a)
            a = jnp.clip(a, -1, 1)
            if plans == 1:
                return a[0], net.reward(p, z[0, 1:].astype(jnp.float32))
            return choose(net, p, z, a, future)

        self.p, self.key = p, jax.random.key(1)
        self.plan = jax.jit(plan).lower(p, self.key).compile()

    def run(self):
        return [np.asarray(x) for x in self.plan(self.p, self.key)]


def choose(net, p, z, a, key):
    """Actions of the plan with the best return of one sampled rollout, and the returns."""
    def go(carry, row):
        stoch, deter, total = carry
        action, draw = row
        mean, std, deter = net.advance(p, stoch, deter, action)
        stoch = mean + std * jax.random.normal(draw, std.shape, std.dtype)
        return (stoch, deter, total + net.reward(p, jnp.concatenate([stoch, deter], -1))), None

    feature = z[:, 0].astype(jnp.float32)
    actions = a.astype(jnp.float32).swapaxes(0, 1)
    carry = feature[:, :net.stoch], feature[:, net.stoch:], jnp.zeros(len(a), jnp.float32)
    total = lax.scan(go, carry, (actions, jax.random.split(key, len(actions))))[0][2]
    return a[jnp.argmax(total)], total
