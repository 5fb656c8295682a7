package engine

import (
	"runtime"
	"testing"
	"time"
)

func TestMeter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells the processor time")
	}
	var m meter
	var u Usage
	began := time.Now()
	m.read(&u, began)
	if u.Cores != 0 || u.CPUs < 1 || u.Resident < 1<<20 {
		t.Errorf("at first %+v", u)
	}
	before, _ := processorTime()
	for now := before; now < before+50*time.Millisecond; now, _ = processorTime() {
	}
	m.read(&u, began.Add(meterEvery/2)) // too soon
	if u.Cores != 0 {
		t.Errorf("%g cores within half a second", u.Cores)
	}
	m.read(&u, began.Add(time.Second))
	if used, _ := processorTime(); u.Cores < 0.05 || u.Cores > used.Seconds() {
		t.Errorf("%g cores, %v used", u.Cores, used)
	}
}
