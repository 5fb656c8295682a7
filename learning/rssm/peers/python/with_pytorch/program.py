"""A peer program: the world model's work in PyTorch."""
import made_up
import numpy as np
import torch
import turns

from .cem import CEM
from .check import report
from .latco import LatCo
from .network import Network
from .step import Step

WORKS = {"step": Step, "cem": CEM, "latco": LatCo}


def open_work(request):
    if request["device"] == "cuda" and not torch.cuda.is_available():
        raise RuntimeError("PyTorch %s sees no GPU" % torch.__version__)
    where = torch.device(request["device"])
    torch.set_num_threads(request["threads"])
    torch.backends.cudnn.benchmark = True  # shapes do not change
    precise(True)
    dtype = torch.float64 if request["double"] else torch.float32
    about = {"version": torch.__version__, "device": name(where), "check": report(request, where, dtype)}
    if not request["work"]["kind"]:
        return about, lambda: None
    precise(not request["tf32"])
    net = Network(request["config"], request["actions"]).to(where).to(memory_format=torch.channels_last)
    values = np.fromfile(request["parameters"], dtype=np.float32)
    net.load(made_up.tensors(request["layout"], values))
    about["parameters"] = sum(p.numel() for p in net.parameters())
    work = WORKS[request["work"]["kind"]](net, request["config"], request["work"], where, request["variant"] == "compiled")

    def run():
        work.run()
        if where.type == "cuda":
            torch.cuda.synchronize()

    return about, run


def precise(on):
    """Whether products keep all 24 bits."""
    torch.backends.cuda.matmul.allow_tf32 = not on
    torch.backends.cudnn.allow_tf32 = not on


def name(where):
    if where.type == "cuda":
        return torch.cuda.get_device_name(where)
    count = torch.get_num_threads()
    return "%d thread%s" % (count, "s" * (count > 1))


turns.serve(open_work)
