"""Writes the reference numbers of the Gym tasks, gym_NAME.json.gz, from gymnasium's
v4 environments, and compares their compiled models with this project's.

    python gym.py ../../../resources/mjcf .

The stored files were made with Python 3.10, gymnasium 0.29.1 and MuJoCo 2.2.2; each
says so itself. Starts are states reached by random actions, some disturbed; actions
are multiples of 1/1000, so that they are short in decimal. What gymnasium calls v4
differs from v2 in the contact cost, which is added here from the same cfrc_ext:
"reward" is v2's with real contact forces, "reward_zero" v2's with forces of zero,
which is v4's default.
"""

import gzip
import json
import os
import platform
import sys

import gymnasium
import mujoco
import numpy as np

MODELS = {
    "halfcheetah": ("HalfCheetah-v4", "half_cheetah.xml"),
    "hopper": ("Hopper-v4", "hopper.xml"),
    "walker2d": ("Walker2d-v4", "walker2d.xml"),
    "ant": ("Ant-v4", "ant.xml"),
    "humanoid": ("Humanoid-v4", "humanoid.xml"),
}
STEPS = 100
KEPT = (1, 2, 3, 5, 10, 20, 40, 60, 80, 100)  # steps whose state and observation are stored
TOLERANCE = 1e-12  # relative, of a model's constants


def make(name):
    extra = {"use_contact_forces": True} if name == "ant" else {}
    return gymnasium.make(MODELS[name][0], **extra).unwrapped


def contact_cost(name, env):
    """The cost that v2 subtracts and v4's default reward does not have."""
    forces = env.data.cfrc_ext
    if name == "ant":
        return 5e-4 * np.sum(np.clip(forces, -1, 1) ** 2)
    if name == "humanoid":
        return min(0.5e-6 * np.sum(forces**2), 10)
    return 0.0


def act(env, action):
    """Steps with an action in [-1, 1]; all control ranges are symmetric."""
    return env.step(action * env.model.actuator_ctrlrange[:, 1])


def start(env, qpos, qvel):
    mujoco.mj_resetData(env.model, env.data)
    env.set_state(np.array(qpos), np.array(qvel))
    return env._get_obs()


def starts(env, rng):
    """A reset, a state in motion, and one lifted, tilted and thrown."""
    env.reset(seed=int(rng.integers(1 << 30)))
    yield env.data.qpos.copy(), env.data.qvel.copy()
    for _ in range(12):
        act(env, rng.uniform(-1, 1, env.model.nu))
    yield env.data.qpos.copy(), env.data.qvel.copy()
    env.reset(seed=int(rng.integers(1 << 30)))
    qpos = env.data.qpos + rng.normal(size=env.model.nq) * 0.1
    if env.model.nq > env.model.nv:
        qpos[3:7] /= np.linalg.norm(qpos[3:7])
        qpos[2] += 0.2
    else:
        qpos[1] += 0.2
    yield qpos, rng.normal(size=env.model.nv)


def case(name, env, qpos, qvel, rng):
    actions = np.round(rng.uniform(-1, 1, (STEPS, env.model.nu)), 3)
    out = {"qpos": list(qpos), "qvel": list(qvel), "actions": actions.tolist()}
    out["obs"] = list(start(env, qpos, qvel))
    out.update(reward=[], reward_zero=[], terminated=[], kept=[])
    for t, action in enumerate(actions, 1):
        obs, reward, terminated, _, _ = act(env, action)
        cost = contact_cost(name, env)
        real = reward if name == "ant" else reward - cost
        out["reward"].append(real)
        out["reward_zero"].append(reward + cost if name == "ant" else reward)
        out["terminated"].append(bool(terminated))
        if t in KEPT:
            out["kept"].append({
                "t": t, "obs": list(obs),
                "qpos": list(env.data.qpos), "qvel": list(env.data.qvel),
            })
    return out


def constant(m, group, field):
    source, name = (m.opt, field) if group == "opt" else (m, f"{group}_{field}")
    return np.array(getattr(source, name), float)


def planes(m):
    return m.geom_type == mujoco.mjtGeom.mjGEOM_PLANE


def touching(m):
    return [i for i in range(m.ngeom) if m.geom_contype[i] or m.geom_conaffinity[i]]


def compare(name, folder):
    """Returns the largest relative difference between the constants of the models."""
    public = os.path.join(os.path.dirname(gymnasium.__file__), "envs/mujoco/assets", MODELS[name][1])
    ours = mujoco.MjModel.from_xml_path(os.path.join(folder, name + ".xml"))
    theirs = mujoco.MjModel.from_xml_path(public)
    worst = 0.0
    groups = {
        "body": "mass inertia ipos iquat pos quat parentid jntnum invweight0",
        "jnt": "type pos axis range limited stiffness solref solimp margin",
        "dof": "armature damping frictionloss invweight0 M0",
        "geom": "type pos quat friction solref solimp margin gap condim contype conaffinity priority solmix",
        "actuator": "gear ctrlrange ctrllimited trnid gainprm biasprm",
        "opt": "timestep gravity integrator solver iterations tolerance cone impratio viscosity density",
    }
    for group, fields in groups.items():
        for field in fields.split():
            a, b = (constant(m, group, field) for m in (ours, theirs))
            if group == "geom" and field == "margin":  # of a contact: the larger one, so the floor's does not matter
                a, b = np.where(planes(ours), 0, a), np.where(planes(theirs), 0, b)
            if group == "geom":
                a, b = a[touching(ours)], b[touching(theirs)]
            if a.shape != b.shape:
                raise SystemExit(f"{name}: {group} {field} has shape {a.shape}, public {b.shape}")
            worst = max(worst, np.max(np.abs(a - b) / np.maximum(1, np.abs(b)), initial=0))
    a, b = (np.where(planes(m), 0, m.geom_size.T).T for m in (ours, theirs))
    return max(worst, np.max(np.abs(a[touching(ours)] - b[touching(theirs)])))


def main(models, out):
    for i, name in enumerate(MODELS):
        difference = compare(name, models)
        print(f"{name}: constants differ by at most {difference:.1e}")
        if difference > TOLERANCE:
            raise SystemExit(f"{name}: the model is not the public one")
        env, rng = make(name), np.random.default_rng(i)
        made = f"gymnasium {gymnasium.__version__} {MODELS[name][0]}, MuJoCo {mujoco.__version__}, Python {platform.python_version()}"
        document = {"made": made, "cases": [case(name, env, *s, rng) for s in list(starts(env, rng))]}
        text = json.dumps(document, separators=(",", ":")).encode()
        with open(os.path.join(out, f"gym_{name}.json.gz"), "wb") as file:
            file.write(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
