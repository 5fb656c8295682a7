package ui

import (
	"strings"
	"testing"

	"github.com/latco-studio/latco/app/engine"
)

// Where there is nothing to choose nothing shows; a GPU can be chosen and left; one
// that failed offers the CPU.
func TestPlanDevice(t *testing.T) {
	b := newBench(t)
	p := b.side.plan.device
	none := []engine.DeviceChoice{{Kind: "auto", Text: "Automatic: the CPU"}, {Kind: "cpu", Text: "CPU"}, {Kind: "cuda", Text: "NVIDIA GPU", Why: "no NVIDIA driver"}}
	p.show(engine.PlanDevice{Kind: "auto", Name: "cpu (oneDNN)", Choices: none})
	if p.root.Visible() {
		t.Error("a choice of one")
	}
	card := []engine.DeviceChoice{none[0], none[1], {Kind: "cuda", Text: "NVIDIA H200 (141.2 GB)"}, {Kind: "cuda-tf32", Text: "NVIDIA H200, TF32 (faster, three digits)"}}
	p.show(engine.PlanDevice{Kind: "auto", Name: "NVIDIA H200", Choices: card})
	if p.root.Visible() {
		t.Error("shown beside the first settings")
	}
	b.side.plan.form.toggle()
	if !p.root.Visible() || p.rescue.Visible() || p.picker.Selected != automatic || !strings.Contains(p.picker.tip, "Computes on NVIDIA H200.") {
		t.Errorf("chosen %s; the tip says %q", p.picker.Selected, p.picker.tip)
	}
	p.picker.SetSelected("NVIDIA H200, TF32")
	b.wants(engine.SetPlanDevice{Device: "cuda-tf32"})
	p.show(engine.PlanDevice{Kind: "cuda-tf32", Name: "NVIDIA H200", Choices: card, Failed: true})
	if !p.rescue.Visible() {
		t.Fatal("nothing is offered")
	}
	p.rescue.press()
	b.wants(engine.SetPlanDevice{Device: "cpu"})
	p.show(engine.PlanDevice{Kind: "cpu", Name: "cpu (oneDNN)", Choices: card})
	if p.rescue.Visible() || p.picker.Selected != "CPU" {
		t.Errorf("chosen %s", p.picker.Selected)
	}
}
