"""Writes the reference numbers of the DM Control tasks, dmc_NAME.json.gz, from the
public suite, and compares its compiled models with this project's.

    python dmc.py ../../../resources/mjcf .

The stored files were made with Python 3.10, dm_control 1.0.6 and MuJoCo 2.2.2; each
says so itself. Starts are a reset and states reached by random actions, some thrown
or pressed together; actions are multiples of 1/1000 within ±1, random around values
held for ten steps, scaled to the control ranges by dm_control's own wrapper. Every number is of one control step: an action
repeat sums rewards of such steps. States are stored at a few steps t and at t + 1, with
what the solver starts from, so that single steps can be compared too.
"""

import gzip
import json
import os
import platform
import sys
from importlib.metadata import version

import mujoco
import numpy as np
from dm_control import suite
from dm_control.suite.wrappers import action_scale

# task, public names, MJCF file
TASKS = [
    ("cartpole-swingup", "cartpole", "swingup", "cartpole.xml"),
    ("cartpole-balance", "cartpole", "balance", "cartpole.xml"),
    ("reacher-easy", "reacher", "easy", "reacher.xml"),
    ("cheetah-run", "cheetah", "run", "cheetah.xml"),
    ("finger-spin", "finger", "spin", "finger.xml"),
    ("cup-catch", "ball_in_cup", "catch", "cup.xml"),
    ("walker-walk", "walker", "walk", "walker.xml"),
    ("quadruped-walk", "quadruped", "walk", "quadruped.xml"),
]
STEPS = 100
KEPT = (1, 2, 10, 11, 30, 31, 60, 61, 99, 100)
TOLERANCE = 1e-13  # relative, of a model's constants


def flat(observation):
    return np.concatenate([np.ravel(v) for v in observation.values()])


def put(env, qpos, qvel):
    """Goes to a state at rest from the past: no activation, no first guess."""
    data = env.physics.data
    target = env.physics.model.geom_pos.copy()  # a reset of the simulator leaves the model alone
    with env.physics.reset_context():
        data.qpos[:], data.qvel[:] = qpos, qvel
    env.physics.model.geom_pos[:] = target
    data.ctrl[:] = 0
    data.qacc_warmstart[:] = 0
    env.physics.forward()
    return flat(env.task.get_observation(env.physics))


def state(env):
    data = env.physics.data
    return data.qpos.copy(), data.qvel.copy()


def wander(env, rng, steps, push=1.0):
    spec = env.action_spec()
    for _ in range(steps):
        env.step(np.clip(rng.uniform(-1, 1, spec.shape) + push, -1, 1))


def starts(name, env, rng):
    """A reset; two states in motion; and one thrown, so that things collide."""
    env.reset()
    yield state(env)
    for push in 0.3, -0.5:
        env.reset()
        wander(env, rng, 40, push)
        qpos, qvel = state(env)
        if name == "reacher-easy":  # the target near the finger
            near = env.physics.named.data.geom_xpos["finger", :2] + rng.uniform(-0.04, 0.04, 2)
            env.physics.named.model.geom_pos["target", :2] = near
        if name == "finger-spin" and push < 0:  # the spinner turning fast
            qvel[2] = -25
        yield qpos, qvel
    env.reset()
    qpos, qvel = state(env)
    scale = {"finger-spin": 1, "cup-catch": 2, "quadruped-walk": 2}.get(name, 3)
    if name == "cup-catch":  # the ball over the cup's rim
        qpos[:] = 0, 0, 0.03, 0.40
    if name == "finger-spin":  # the tip pressed into the spinner
        qpos[:] = -0.9, -0.6, 0.4
    qvel = scale * rng.normal(size=qvel.shape)
    if name == "cheetah-run":  # downwards
        qvel[1] = -3
    yield qpos, qvel


def random_actions(rng, size):
    held = np.repeat(rng.uniform(-1, 1, (STEPS // 10, size)), 10, axis=0)
    return np.round(np.clip(held + rng.uniform(-0.5, 0.5, (STEPS, size)), -1, 1), 3)


def case(env, qpos, qvel, rng):
    physics = env.physics
    actions = random_actions(rng, env.action_spec().shape[0])
    out = {"qpos": list(qpos), "qvel": list(qvel), "actions": actions.tolist()}
    if "target" in physics.named.model.geom_pos.axes.row.names:
        out["target"] = list(physics.named.model.geom_pos["target"])
    out.update(obs=list(put(env, qpos, qvel)), reward=[], kept=[])
    touched = 0
    for t, action in enumerate(actions, 1):
        step = env.step(action)
        out["reward"].append(float(step.reward))
        touched += physics.data.ncon > 0
        if t in KEPT:
            kept = {"t": t, "obs": list(flat(step.observation))}
            for key in "qpos", "qvel", "act", "qacc_warmstart":
                kept[key.removeprefix("qacc_")] = list(getattr(physics.data, key))
            out["kept"].append(kept)
    return out, touched


def touching(m):
    """Geoms that can touch; all public ones are of type 1 or 0."""
    return ((m.geom_contype | m.geom_conaffinity) & 1) != 0


FIELDS = {
    "body": "parentid mass inertia pos quat ipos iquat jntnum invweight0 subtreemass",
    "jnt": "type pos axis range limited stiffness solref solimp margin qposadr bodyid",
    "dof": "armature damping frictionloss invweight0 M0 solref solimp",
    "geom": "type bodyid pos quat size friction solref solimp margin gap condim contype conaffinity priority solmix",
    "tendon": "limited range stiffness damping frictionloss solref_lim solimp_lim margin invweight0 length0",
    "wrap": "type prm",
    "eq": "type data solref solimp",
    "actuator": "gear ctrlrange ctrllimited trntype trnid gaintype gainprm biastype biasprm dyntype dynprm acc0 length0",
    "opt": "timestep gravity integrator solver iterations tolerance cone impratio viscosity density",
}


def difference(name, ours, theirs):
    """The largest relative difference between the constants of the models."""
    worst = 0.0
    for group, fields in FIELDS.items():
        for field in fields.split():
            where = (lambda m: m.opt, field) if group == "opt" else (lambda m: m, f"{group}_{field}")
            a, b = (np.array(getattr(where[0](m), where[1]), float) for m in (ours, theirs))
            if group == "body":  # a target that is a body comes after the public ones
                a = a[: len(b)]
            if group == "geom":
                if ours.opt.disableflags & mujoco.mjtDisableBit.mjDSBL_CONTACT:
                    continue
                a, b = a[touching(ours)], b[touching(theirs)]
                planes = (theirs.geom_type == mujoco.mjtGeom.mjGEOM_PLANE)[touching(theirs)]
                if field in ("pos", "size"):  # planes are endless either way
                    a, b = a[~planes], b[~planes]
            if a.shape != b.shape:
                raise SystemExit(f"{name}: {group} {field} has shape {a.shape}, public {b.shape}")
            worst = max(worst, np.max(np.abs(a - b) / np.maximum(1, np.abs(b)), initial=0))
    return max(worst, abs(ours.stat.meaninertia - theirs.stat.meaninertia))


def main(models, out):
    for i, (name, domain, task, file) in enumerate(TASKS):
        env = action_scale.Wrapper(suite.load(domain, task, {"random": i, "time_limit": float("inf")}), -1.0, 1.0)
        env.reset()  # which sets constants of the model
        ours = mujoco.MjModel.from_xml_path(os.path.join(models, file))
        theirs = env.physics.model
        if ours.opt.disableflags != theirs.opt.disableflags:
            raise SystemExit(f"{name}: other parts of the simulation are off than in public")
        worst = difference(name, ours, theirs)
        print(f"{name}: constants differ by at most {worst:.1e}")
        if worst > TOLERANCE:
            raise SystemExit(f"{name}: the model is not the public one")
        rng = np.random.default_rng(i)
        made = f"dm_control {version('dm_control')} {domain} {task}, MuJoCo {mujoco.__version__}, Python {platform.python_version()}"
        cases = []
        for start in starts(name, env, rng):
            tries = 40 if name == "finger-spin" else 1  # the finger seldom meets the spinner
            c, touched = max((case(env, *start, rng) for _ in range(tries)), key=lambda x: x[1])
            print(f"  return {sum(c['reward']):8.3f}, in contact {touched} of {STEPS} steps")
            cases.append(c)
        text = json.dumps({"made": made, "cases": cases}, separators=(",", ":")).encode()
        with open(os.path.join(out, f"dmc_{name}.json.gz"), "wb") as f:
            f.write(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
