//go:build cgo && !purego

package cpu

import (
	"errors"
	"strings"
	"testing"
)

func TestSyncReportsTheFirstFailureOnce(t *testing.T) {
	first := status("convolving", 3)
	if first == nil || !strings.Contains(first.Error(), "convolving: oneDNN: unimplemented") {
		t.Fatalf("status 3 became %v", first)
	}
	d := &Device{}
	d.fail(first)
	d.fail(errors.New("another"))
	if err := d.Sync(); err != first {
		t.Errorf("Sync gave %v, want the first failure", err)
	}
	if err := d.Sync(); err != nil {
		t.Errorf("the second Sync gave %v again", err)
	}
}
