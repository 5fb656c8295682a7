package task

import "math"

// lift is how a tool is being picked up, for the shaped rewards of the tool tasks in
// Meta-World V2 as LatCo's environments have them (version of 2021): the first parts
// of both are the same.
type lift struct {
	reach  float64 // from between the finger tips to the tool's middle, m
	height float64 // of the tool's middle, m
	rest   float64 // height at the beginning of the episode, m
	enough float64 // how much higher it is to come, m
	grip   float64 // gripper action
	picked bool    // it came high enough
	astray float64 // how far the work is from done, m
}

const (
	liftSlack  = 0.01  // m: enough is reached this much earlier
	liftSeen   = 0.005 // m: below this above rest the tool counts as lying
	liftNear   = 0.1   // m: fingers nearer than this may be holding the tool
	liftAtHand = 0.05  // m: fingers nearer than this are to close
	workDone   = 0.02  // m
)

// high says whether the tool is up.
func (l *lift) high() bool { return l.height >= l.rest+l.enough-liftSlack }

// held says whether the tool, once picked up, is still in the hand.
func (l *lift) held() bool { return l.picked && l.reach < liftNear && !l.dropped() }

func (l *lift) dropped() bool {
	return l.height < l.rest+liftSeen && l.astray > workDone && l.reach > workDone
}

// reward is what reaching and picking up bring: −reach, up to 0.02 for closing the
// fingers at the tool, and a hundred times the height, m, which stays once it is up.
func (l *lift) reward() float64 {
	reward := -l.reach
	if l.reach < liftAtHand {
		reward += max(l.grip, 0) / 50
	}
	switch {
	case l.picked && !l.dropped():
		reward += 100 * (l.rest + l.enough)
	case l.reach < liftNear && l.height > l.rest+liftSeen:
		reward += 100 * min(l.rest+l.enough, l.height)
	}
	return reward
}

// approach is a reward that grows as a distance d falls from far, m, to nothing.
func approach(far, d float64) float64 {
	return 1000*(far-d) + 1000*(math.Exp(-d*d/0.01)+math.Exp(-d*d/0.001))
}

// pushing is what the thermos task adds: for bringing the stick's middle near the
// thermos (place, m) and, below 5 cm, the thermos near the goal (push, m). A stick
// that stays outside the thermos does not come nearer than 11 cm, so that the second
// part is never paid; the formula is the published one.
func (l *lift) pushing(place, farPlace, push, farPush float64) float64 {
	if !l.held() {
		return 0
	}
	reward := approach(farPlace, place)
	if place < 0.05 {
		reward += 1000*(farPush-push) + 2000*(math.Exp(-push*push/0.001)+math.Exp(-push*push/0.0001))
	}
	return max(reward, 0)
}

// hammering is what the hammer task adds: for a small sum left of the distances from
// the head to the nail and from the nail to where it is to be, m.
func (l *lift) hammering(left, far float64) float64 {
	if !l.held() {
		return 0
	}
	return max(approach(far, left), 0)
}
