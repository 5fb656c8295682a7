package driver

import (
	"testing"
	"testing/fstest"
)

func TestReasons(t *testing.T) {
	file := &fstest.MapFile{}
	loaded := &fstest.MapFile{Data: []byte("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.261.03  Thu Jul 17 00:00:00 UTC 2025\nGCC version:  gcc version 12.2.0\n")}
	open := &fstest.MapFile{Data: []byte("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\n")}
	const start = "its library (for CUDA 12.2) is there, but: no card (error 100)"
	for _, c := range []struct {
		code   int
		system fstest.MapFS
		want   string
	}{
		{100, fstest.MapFS{}, start + "; NVIDIA's kernel module is not loaded"},
		{100, fstest.MapFS{"dev/dxg": file}, start},
		{100, fstest.MapFS{"proc/driver/nvidia/version": loaded}, start + "; the kernel module 535.261.03 is loaded, but there is no /dev/nvidia0: a container has to be given the card"},
		{100, fstest.MapFS{"proc/driver/nvidia/version": loaded, "dev/nvidia0": file}, start},
		{803, fstest.MapFS{"proc/driver/nvidia/version": open}, "its library (for CUDA 12.2) is there, but: no card (error 803); the kernel module is 580.65.06, restart the machine after an update"},
		{999, fstest.MapFS{}, "its library (for CUDA 12.2) is there, but: no card (error 999)"},
	} {
		if got := explain(c.code, "no card", 12020, c.system); got != c.want {
			t.Errorf("code %d:\n%s, want\n%s", c.code, got, c.want)
		}
	}
	if got, want := missing("no file", fstest.MapFS{"proc/driver/nvidia/version": loaded}),
		"the kernel module 535.261.03 is loaded, its library is not installed (package libcuda1): no file"; got != want {
		t.Errorf("a module without a library: %s, want %s", got, want)
	}
	if got := missing("no file", fstest.MapFS{}); got != "no file" {
		t.Errorf("nothing at all: %s", got)
	}
}
