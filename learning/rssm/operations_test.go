package rssm

import "testing"

// The paper's network layer by layer, as REFERENCE A1 lists it: outputs times
// what each of them multiplies.
func TestOperationsOfThePaper(t *testing.T) {
	c, _ := Preset("paper")
	first := 31 * 31 * 32 * 4 * 4 * 3
	conv := 14*14*64*4*4*32 + 6*6*128*4*4*64 + 2*2*256*4*4*128
	deconv := 1*1024*5*5*128 + 5*5*128*5*5*64 + 13*13*64*6*6*32 + 30*30*32*6*6*3
	dense := 230*1024 + // decoder
		32*200 + 200*600 + 200*600 + 200*200 + 200*60 + 1224*200 + 200*60 + // dynamics
		230*400 + 400*400 + 400 // reward
	want := 2 * 320 * float64(2*first+3*(conv+deconv+dense))
	if got := c.StepOperations(16, 20, 2); got != want {
		t.Errorf("%g operations, want %g", got, want)
	}
	// Three steps hold three predictions: two of distance 1, one of distance 2.
	c.Overshooting = 49
	more := 2 * 3 * 3 * float64(32*200+200*600+200*600+200*200+200*60+230*400+400*400+400)
	c.OvershootingReward = 1
	plain := c
	plain.Overshooting = 0
	if got, want := c.StepOperations(1, 3, 2)-plain.StepOperations(1, 3, 2), more; got != want {
		t.Errorf("overshooting costs %g operations, want %g", got, want)
	}
}
