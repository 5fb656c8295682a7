"""A peer program: the world model's work in JAX."""
import jax
import jax.numpy as jnp
import made_up
import numpy as np
import turns

from .cem import CEM
from .check import report
from .latco import LatCo
from .network import Network, load
from .step import Step

WORKS = {"step": Step, "cem": CEM, "latco": LatCo}


def open_work(request):
    jax.config.update("jax_platforms", request["device"])
    jax.config.update("jax_enable_x64", True)  # LatCo's normal equations
    try:
        where = jax.devices()[0]
    except RuntimeError as error:
        raise RuntimeError("JAX %s sees no GPU; pip install 'jax[cuda12]' brings one that can" % jax.__version__) from error
    dtype = jnp.float64 if request["double"] else jnp.float32
    with jax.default_matmul_precision("float32"):
        about = {"version": jax.__version__, "device": where.device_kind, "check": report(request, dtype)}
    if not request["work"]["kind"]:
        return about, lambda: None
    values = np.fromfile(request["parameters"], dtype=np.float32)
    p = load(made_up.tensors(request["layout"], values), request["config"], request["actions"], jnp.float32)
    about["parameters"] = sum(x.size for x in p.values())
    with jax.default_matmul_precision("tensorfloat32" if request["tf32"] else "float32"):
        work = WORKS[request["work"]["kind"]](Network(request["config"]), request["config"], p, request["work"], where)
    return about, work.run


turns.serve(open_work)
