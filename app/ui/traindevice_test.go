package ui

import (
	"strings"
	"testing"

	"github.com/latco-studio/latco/app/engine"
)

// A card that works can be chosen, for a new training and for one that runs; one that
// does not is explained.
func TestDevicePicker(t *testing.T) {
	b := newBench(t)
	p := b.side.train.setup.device
	p.offer([]engine.DeviceChoice{{Kind: "auto", Text: "Automatic: the CPU"}, {Kind: "cpu", Text: "CPU"},
		{Kind: "cuda", Text: "NVIDIA GPU", Why: "no NVIDIA driver"}})
	if got := strings.Join(p.Options, ", "); got != "automatic, CPU" || !strings.Contains(p.tip, "NVIDIA GPU: no NVIDIA driver.") {
		t.Errorf("offers %s; the tip says %q", got, p.tip)
	}
	p.offer([]engine.DeviceChoice{{Kind: "auto", Text: "Automatic: NVIDIA H200"}, {Kind: "cpu", Text: "CPU"},
		{Kind: "cuda", Text: "NVIDIA H200 (141.2 GB, compute 9.0)"}})
	p.SetSelected("NVIDIA H200")
	b.side.train.start.press()
	b.wants(engine.StartTraining{Preset: "class", Device: "cuda"})
	p.busy = true
	p.SetSelected("CPU")
	b.wants(engine.MoveTraining{Device: "cpu"})
	p.SetSelected(automatic)
	b.wants(engine.MoveTraining{})
}

// A training whose GPU failed offers to go on on the CPU.
func TestTrainingGoesOnOnTheCPU(t *testing.T) {
	b := newBench(t)
	train := b.side.train
	train.show(&engine.State{Train: engine.TrainView{Status: engine.TrainFailed, Out: "/runs/one", Err: "lost", DeviceFailed: true}})
	if !train.rescue.Visible() {
		t.Fatal("nothing is offered")
	}
	train.rescue.press()
	b.wants(engine.StartTraining{Resume: true, Out: "/runs/one", Device: "cpu"})
	train.show(&engine.State{Train: engine.TrainView{Status: engine.TrainFailed, Out: "/runs/one", Err: "the losses are no numbers"}})
	if train.rescue.Visible() {
		t.Error("the CPU is offered for what is no fault of the GPU")
	}
}
