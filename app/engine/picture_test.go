package engine

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/latco-studio/latco/resources"
)

// Every task has a picture for the browser, and says what is hard about it.
func TestEveryTaskHasAPicture(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range parts.Tasks {
		if task.Summary == "" || task.Title == "" {
			t.Errorf("task %s has no title or summary", task.Name)
		}
		p, err := png.Decode(bytes.NewReader(resources.Picture(task.Name)))
		if err != nil {
			t.Errorf("task %s: %v (make pictures draws them)", task.Name, err)
			continue
		}
		if b := p.Bounds(); b.Dx() != 288 || b.Dy() != 180 {
			t.Errorf("the picture of %s has %d×%d pixels", task.Name, b.Dx(), b.Dy())
		}
	}
}
