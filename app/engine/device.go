package engine

import (
	"cmp"
	"errors"
	"fmt"
	"sync"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/purego"
)

// Where computing can happen, as on the command line.
const (
	DeviceAuto = "auto" // the GPU where one works, else the CPU
	DeviceCPU  = "cpu"
	DeviceCUDA = "cuda"
	DeviceTF32 = "cuda-tf32" // products by tensor cores, of numbers with 10 bits of mantissa
)

var deviceKinds = []string{DeviceAuto, DeviceCPU, DeviceCUDA, DeviceTF32}

// DeviceChoice is one entry of a device picker.
type DeviceChoice struct {
	Kind string // DeviceAuto, DeviceCPU, DeviceCUDA or DeviceTF32
	Text string // such as "NVIDIA H200 (141.2 GB, compute 9.0, driver for CUDA 12.4)"
	Why  string // it cannot be chosen; "" if it can
}

// Devices lists where computing can happen on this machine and why not elsewhere.
func Devices() []DeviceChoice {
	gpu := DeviceChoice{Kind: DeviceCUDA, Text: "NVIDIA GPU"}
	auto := DeviceChoice{Kind: DeviceAuto, Text: "Automatic: the CPU"}
	if cards, err := gpus(); err != nil {
		gpu.Why = err.Error()
	} else {
		gpu.Text = cards[0].String()
		auto.Text = "Automatic: " + cards[0].Name
	}
	list := []DeviceChoice{auto, {Kind: DeviceCPU, Text: "CPU"}, gpu}
	if cards, err := gpus(); err == nil && cards[0].HasTF32() {
		list = append(list, DeviceChoice{Kind: DeviceTF32, Text: cards[0].Name + ", TF32 (faster, three digits)"})
	}
	return list
}

// ComputingOn says where a job that was told kind computes, given the name of the device
// that it opened, and why not on a GPU where it could have been one. It is "" of a CPU
// that was asked for.
func ComputingOn(kind, name string) string {
	switch cmp.Or(kind, DeviceAuto) {
	case DeviceCPU:
		return ""
	case DeviceAuto:
		if _, err := gpus(); err != nil {
			return "computing on " + name + "; no GPU: " + err.Error()
		}
	}
	return "computing on " + name
}

// gpus asks the driver once: a machine's cards stay.
var gpus = sync.OnceValues(func() ([]cuda.Info, error) { return cuda.Devices(cuda.Options{}) })

// OpenDevice opens a device by its name on the command line, auto for "", with that
// many threads on a CPU, or one a core for 0.
func OpenDevice(kind string, threads int) (device.Device, error) { return openDevice(kind, threads) }

func openDevice(kind string, threads int) (device.Device, error) {
	return openAs(kind, threads, false)
}

// openUrgent is openDevice for what somebody waits for: on a card it goes before a
// training that runs beside it.
func openUrgent(kind string, threads int) (device.Device, error) { return openAs(kind, threads, true) }

func openAs(kind string, threads int, urgent bool) (device.Device, error) {
	switch kind = cmp.Or(kind, DeviceAuto); kind {
	case DeviceAuto:
		if _, err := gpus(); err != nil {
			return openCPU(threads)
		}
		dev, err := cuda.New(cuda.Options{Urgent: urgent})
		if err != nil { // taken by another program, say
			host, hostErr := openCPU(threads)
			if hostErr != nil {
				return nil, errors.Join(hostErr, err)
			}
			return &standIn{host, err}, nil
		}
		return dev, nil
	case DeviceCPU:
		return openCPU(threads)
	case DeviceCUDA, DeviceTF32:
		dev, err := cuda.New(cuda.Options{TF32: kind == DeviceTF32, Urgent: urgent})
		if err != nil {
			return nil, fmt.Errorf("device %s: %w; -device cpu computes without a GPU (latco version lists what there is)", kind, err)
		}
		return dev, nil
	}
	return nil, &UnknownNameError{"device", kind, deviceKinds}
}

func openCPU(threads int) (device.Device, error) {
	dev, err := cpu.New(threads)
	var missing *cpu.MissingError
	if errors.As(err, &missing) {
		return &standIn{purego.New(), missing}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("device cpu: %w", err)
	}
	return dev, nil
}

// standIn is a device in the place of a faster one that cannot be had; its name,
// which the window and every result show, says so.
type standIn struct {
	device.Device
	why error
}

func (d *standIn) Name() string { return d.Device.Name() + ", slow: " + d.why.Error() }

// plannedOn adds to the failure of a device that planned how to do without.
func plannedOn(err error) error {
	switch full := (*device.OutOfMemoryError)(nil); {
	case errors.As(err, &full):
		return fmt.Errorf("%w; a planner needs less with fewer samples or plans; -device cpu plans without the GPU", err)
	case deviceFailed(err):
		return fmt.Errorf("%w; -device cpu plans without the GPU", err)
	}
	return err
}

// deviceFailed says whether err is a device's own: a machine's CPU could go on.
func deviceFailed(err error) bool {
	var full *device.OutOfMemoryError
	var lost *device.LostError
	return errors.As(err, &full) || errors.As(err, &lost)
}
