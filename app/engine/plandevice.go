package engine

import (
	"cmp"
	"slices"
)

// SetPlanDevice has models filter, plan and decode on another device from now on; a
// plan that is being made begins again there.
type SetPlanDevice struct{ Device string } // see Devices; "" = auto

func (SetPlanDevice) command() {}

// PlanDevice is where the acting model computes.
type PlanDevice struct {
	Kind    string         // as it was chosen
	Name    string         // what computes, such as "cpu (oneDNN 2.6.3, 2 threads)"; "" before the first model
	Choices []DeviceChoice // what there is; nil before the first model
	Failed  bool           // it failed and has not worked since: a SetPlanDevice to "cpu" goes on
}

// moveOrder has the plan worker open its models on another device.
type moveOrder struct{ device string }

// setPlanDevice moves the plan worker, and with the next strip its painter.
func (a *actor) setPlanDevice(kind string) error {
	kind = cmp.Or(kind, DeviceAuto)
	if !slices.Contains(deviceKinds, kind) {
		return &UnknownNameError{"device", kind, deviceKinds}
	}
	a.draft.PlanDevice.Kind, a.draft.PlanDevice.Failed = kind, false
	a.pursuit.asked = stripKey{k: -1} // painted again where that works
	planning, closed := a.draft.Phase == Planning, a.pursuit.closed
	if planning {
		a.cancelPlan()
	}
	a.orders.put(moveOrder{kind})
	a.orders.put(adoptOrder{a.world})
	a.askStrip()
	if planning {
		return a.startPlan(closed)
	}
	return nil
}

// settled takes over where a model was opened.
func (a *actor) settled(ev adopted) {
	d := &a.draft.PlanDevice
	d.Name, d.Choices, d.Failed = ev.device, ev.choices, false
	a.changed = true
}

// blame notes whether what a model could not do is its device's fault.
func (a *actor) blame(err error) {
	if deviceFailed(err) {
		a.draft.PlanDevice.Failed, a.changed = true, true
	}
}
