"""What the network computes from made-up numbers, to be compared with ours."""
import jax
import jax.numpy as jnp
import made_up
from made_up import digest

from . import latco
from .cem import rollout
from .network import Network, load
from .step import losses, norm


def report(request, dtype):
    """A number, or norm and direction, by name; in dtype, whatever is measured later."""
    c, dim = dict(request["config"], free_nats=0), request["actions"]  # else the KL had no gradient
    net = Network(c)
    p = load(made_up.tensors(request["layout"], made_up.weights(request["layout"])), c, dim, dtype)

    def given(v):
        return jnp.asarray(v, v.dtype if v.dtype == "uint8" else dtype)

    pixels, actions, rewards, noise = map(given, made_up.batch(net.stoch, dim))
    batch = [x.swapaxes(0, 1) for x in (pixels, actions, rewards)]
    step = jax.jit(lambda p: jax.value_and_grad(losses, 2, has_aux=True)(net, c, p, *batch, noise))
    (total, (image, reward, kl)), grads = step(p)
    out = {"total": total, "image": image, "reward": reward, "kl": kl, "grad_norm": norm(grads)}

    width = net.stoch + net.deter
    z, a = given(made_up.latents(made_up.ROWS, width)), given(made_up.actions(made_up.ROWS, dim))
    (dz, da), mu = latco.jacobians(net, p, z, a)
    r, drdz = latco.rewards(net, p, z)
    z = made_up.latents(made_up.HORIZON + 1, width)
    a = made_up.actions(made_up.HORIZON, dim)
    plan = jax.jit(lambda z, a: latco.optimise(net, p, request["latco"], z, a, made_up.ITERATIONS))
    planned_z, planned_a = plan(jnp.asarray(z), jnp.asarray(a))
    actions = jnp.clip(given(made_up.actions(made_up.ROLLOUTS, made_up.HORIZON, dim)), -1, 1)
    returns = rollout(net, p, given(made_up.latents(1, width))[0], actions, None)
    out = {name: [float(v)] for name, v in out.items()}
    out.update(next=digest(mu), dz=digest(dz), da=digest(da), r=digest(r), drdz=digest(drdz),
               returns=digest(returns), planned_latents=digest(planned_z), planned_actions=digest(planned_a))
    return out
