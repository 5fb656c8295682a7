package task

// settling is what is up to date after the physics, and so what judge and observe
// may read beside positions and velocities.
type settling uint8

const (
	// settleKinematics: poses, by an extra pass. Without it MuJoCo leaves them one
	// physics step behind. Unlike Forward the pass does not touch the solver's warm
	// start, so looking does not change what is seen.
	settleKinematics settling = iota
	// settleWhenSeen: poses as above, but not before somebody looks. For rules that
	// read positions and velocities only.
	settleWhenSeen
	// settleVelocities: all that follows from positions and velocities, sensors and
	// contacts included, in the order of dm_control's Physics.step.
	settleVelocities
	// settleNothing: everything derived is one physics step behind, as Gym reads it.
	// What is seen would be too, but for openApart.
	settleNothing
)

// advance steps the physics, settles it and derives what the task needs beyond.
func (in *instance) advance() error {
	if err := in.physics(); err != nil || in.rules.derive == nil {
		return err
	}
	return in.rules.derive(&in.world)
}

func (in *instance) physics() error {
	if err := in.settleMoved(); err != nil {
		return err
	}
	if in.rules.settle == settleVelocities {
		return in.world.Advance(in.rules.substeps)
	}
	if in.world.Pulls() { // the spring's first force is of present poses
		if err := in.catchUp(); err != nil {
			return err
		}
	}
	err := in.world.Step(in.rules.substeps)
	if err != nil {
		return err
	}
	switch in.rules.settle {
	case settleKinematics:
		return in.world.Kinematics()
	case settleWhenSeen:
		in.behind = true
	}
	return nil
}

// catchUp brings poses up to date that are behind.
func (in *instance) catchUp() error {
	if !in.behind {
		return nil
	}
	in.behind = false
	return in.world.Kinematics()
}

// see is catchUp for who cannot return an error: the next Step does.
func (in *instance) see() {
	if err := in.catchUp(); err != nil && in.broken == nil {
		in.broken = err
	}
}

// settleMoved brings up to date, after a hand has moved something, what Advance expects.
func (in *instance) settleMoved() error {
	moved := in.moved
	in.moved = false
	if moved && in.rules.settle == settleVelocities {
		return in.world.Start()
	}
	return nil
}
