"""What the network computes from made-up numbers, to be compared with ours."""
import made_up
import torch

from .cem import CEM
from .latco import LatCo
from .network import Network
from .step import losses


def report(request, where, dtype):
    """A number, or norm and direction, by name; in dtype, whatever is measured later."""
    c, dim = dict(request["config"], free_nats=0), request["actions"]  # else the KL had no gradient
    net = Network(c, dim).to(where, dtype).to(memory_format=torch.channels_last)
    net.load(made_up.tensors(request["layout"], made_up.weights(request["layout"])))

    def given(v):
        return torch.from_numpy(v).to(where, torch.uint8 if v.dtype == "uint8" else dtype)

    pixels, actions, rewards, noise = map(given, made_up.batch(net.stoch, dim))
    terms = losses(net, c, pixels.transpose(0, 1), actions.transpose(0, 1), rewards.transpose(0, 1), noise)
    terms[0].backward()
    out = dict(zip(("total", "image", "reward", "kl"), (x.item() for x in terms)))
    out["grad_norm"] = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in net.parameters()])).item()
    with torch.no_grad():
        out.update(planning(request, net, given, where))
    return {name: v if isinstance(v, list) else [v] for name, v in out.items()}


def planning(request, net, given, where):
    width, dim = net.stoch + net.deter, request["actions"]
    digest = lambda x: made_up.digest(x.cpu().numpy())
    latco = LatCo(net, None, {"latco": request["latco"]}, where, False)
    (dz, da), mu = latco.jacobians(given(made_up.latents(made_up.ROWS, width)), given(made_up.actions(made_up.ROWS, dim)))
    drdz, r = latco.rewards(given(made_up.latents(made_up.ROWS, width)))
    z = given(made_up.latents(made_up.PLANS * (made_up.HORIZON + 1), width)).double().unflatten(0, (made_up.PLANS, -1))
    a = given(made_up.actions(made_up.PLANS, made_up.HORIZON, dim)).double()
    planned_z, planned_a = latco.optimise(z, a, made_up.ITERATIONS)
    cem = CEM(net, None, None, where, False)
    cem.begin = given(made_up.latents(1, width))[0]
    returns = cem.rollout(cem.transition, given(made_up.actions(made_up.ROLLOUTS, made_up.HORIZON, dim)).clamp(-1, 1), None)
    return {"next": digest(mu), "dz": digest(dz), "da": digest(da), "r": digest(r), "drdz": digest(drdz),
            "returns": digest(returns), "planned_latents": digest(planned_z[0]), "planned_actions": digest(planned_a[0])}
