"""The cross-entropy method in JAX, as PlaNet has it (Hafner et al. 2019, Algorithm 2):
sampled rollouts through prior and reward, elites, refit, in one compiled function."""
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


def rollout(net, p, begin, actions, key):
    """Returns (N) of actions N×H×A from one feature; key None takes means."""
    n = len(actions)
    feature = jnp.broadcast_to(begin, (n, *begin.shape))

    def step(carry, row):
        stoch, deter, total = carry
        action, draw = row
        mean, std, deter = net.advance(p, stoch, deter, action)
        stoch = mean if key is None else mean + std * jax.random.normal(draw, mean.shape, mean.dtype)
        return (stoch, deter, total + net.reward(p, jnp.concatenate([stoch, deter], -1))), None

    draws = None if key is None else jax.random.split(key, actions.shape[1])
    carry = feature[:, :net.stoch], feature[:, net.stoch:], jnp.zeros(n, begin.dtype)
    return lax.scan(step, carry, (actions.swapaxes(0, 1), draws))[0][2]


class CEM:
    def __init__(self, net, c, p, work, where):
        n, horizon, dim, elites = work["samples"], work["horizon"], work["actions"], work["elites"]
        begin = jnp.zeros(net.stoch + net.deter, jnp.float32)

        def plan(p, key):
            def fit(k, policy):
                mean, std = policy
                draw, future = jax.random.split(jax.random.fold_in(key, k))
                actions = jnp.clip(mean + std * jax.random.normal(draw, (n, horizon, dim), jnp.float32), -1, 1)
                best = actions[lax.top_k(rollout(net, p, begin, actions, future), elites)[1]]
                return best.mean(0), jnp.sqrt(best.var(0) + 1e-6)

            mean, _ = lax.fori_loop(0, work["iterations"], fit, (jnp.zeros((horizon, dim), jnp.float32), jnp.ones((horizon, dim), jnp.float32)))
            return mean, rollout(net, p, begin, jnp.clip(mean, -1, 1)[None], None)

        self.p, self.key = p, jax.random.key(1)
        self.plan = jax.jit(plan).lower(p, self.key).compile()

    def run(self):
        return [np.asarray(x) for x in self.plan(self.p, self.key)]
