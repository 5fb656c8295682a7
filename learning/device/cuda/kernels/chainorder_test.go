package kernels

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// One long chain is reduced, many are eliminated at half the work.
func TestChainOrderIsNamed(t *testing.T) {
	m := new(Math)
	for plans, want := range map[int]string{1: "cyclic reduction", 4096: "elimination from both ends"} {
		if got := m.ChainOrder(device.ChainShape{Plans: plans, Horizon: 200, Latent: 230, Action: 4}); got != want {
			t.Errorf("%d chains of 200 blocks: %q, want %q", plans, got, want)
		}
	}
}
