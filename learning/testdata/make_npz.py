"""Writes numpy.npz, an episode in NumPy's own hand, for TestReadsWhatNumPyWrote."""
import json
import zipfile

import numpy as np

rows, path = 3, "numpy.npz"
np.savez_compressed(
    path,
    image=(np.arange(rows * 64 * 64 * 3) % 251).astype(np.uint8).reshape(rows, 64, 64, 3),
    action=np.array([[0, 0], [0.5, -0.5], [1, -1]], np.float32),
    reward=np.array([0, 1, 20], np.float32),
    sparse_reward=np.array([0, 0, 1], np.float32),
    discount=np.ones(rows, np.float32),
    state=np.arange(9, dtype=np.float64).reshape(3, 3),
)
metadata = {"format": 1, "rows": rows, "action_dim": 2, "state_dim": 3, "task": "lottery",
            "policy": "numpy", "seed": 7, "success": True, "action_repeat": 1}
with zipfile.ZipFile(path, "a") as z:
    z.writestr("metadata.json", json.dumps(metadata))
