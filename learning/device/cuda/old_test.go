//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/emulate"
)

// A card that no kernel was compiled for is none, and the reason names it.
func TestOldCards(t *testing.T) {
	o := Options{Driver: emulate.Library(t)}
	if _, err := Devices(o); err != nil { // opens the driver
		t.Fatal(err)
	}
	defer emulate.Compute(80)
	emulate.Compute(61)
	cards, err := Devices(o)
	if len(cards) > 0 || err == nil || !strings.Contains(err.Error(), "Emulated GPU is too old: it has compute capability 6.1, the kernels need 7.0") {
		t.Errorf("a card of compute 6.1: %v, %v", cards, err)
	}
	if _, err := New(o); err == nil {
		t.Error("a card of compute 6.1 was opened")
	}
	emulate.Compute(75)
	if cards, err = Devices(o); err != nil || len(cards) != 1 || cards[0].HasTF32() {
		t.Errorf("a card of compute 7.5: %v, %v", cards, err)
	}
	emulated(t, Options{})
	o.TF32 = true
	if _, err := New(o); err == nil || !strings.Contains(err.Error(), "Emulated GPU has no TF32") {
		t.Errorf("TF32 on a card of compute 7.5: %v", err)
	}
}

// Among several cards those that are too old are passed over.
func TestUsable(t *testing.T) {
	old, young := Info{Index: 0, Name: "old", Major: 5, Minor: 2}, Info{Index: 1, Name: "young", Major: 9}
	cards, err := usable([]Info{old, young})
	if err != nil || len(cards) != 1 || cards[0].Index != 1 {
		t.Errorf("%v, %v", cards, err)
	}
	if _, err := usable([]Info{old, old}); err == nil {
		t.Error("two old cards are usable")
	}
}
