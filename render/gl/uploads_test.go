package gl

import "testing"

// thing stands for something on the GPU.
type thing struct{ gone *int }

func (t thing) delete() { *t.gone++ }

func TestUploadsAreDroppedWhenNotUsed(t *testing.T) {
	var u uploads[int, thing]
	gone := 0
	u.keep(1, thing{&gone}, 10)
	u.keep(2, thing{&gone}, 10)
	for range keepPictures {
		u.tick()
		u.find(1)
	}
	if gone != 0 {
		t.Fatalf("%d dropped within %d pictures", gone, keepPictures)
	}
	u.tick()
	if _, ok := u.find(1); !ok || gone != 1 || u.bytes != 10 {
		t.Errorf("in use: %v, %d dropped, %d bytes; want what is used alone", ok, gone, u.bytes)
	}
	if u.delete(); gone != 2 || u.bytes != 0 || len(u.of) != 0 {
		t.Errorf("%d dropped, %d bytes, %d left at the end", gone, u.bytes, len(u.of))
	}
}

// Who switches scenes has the last ones' things, within the budget, and those of the
// present one even if they are larger.
func TestUploadsStayWithinTheirBudget(t *testing.T) {
	var u uploads[int, thing]
	gone := 0
	for scene := range 200 {
		u.tick()
		u.keep(2*scene, thing{&gone}, keepBytes/10)
		u.keep(2*scene+1, thing{&gone}, keepBytes/10)
		if u.bytes > keepBytes*14/10 {
			t.Fatalf("scene %d: %d bytes of %d", scene, u.bytes, keepBytes)
		}
	}
	for range 3 {
		u.tick()
		u.find(398)
	}
	if _, ok := u.find(398); !ok || u.bytes > keepBytes {
		t.Errorf("%d bytes, the present scene's are there: %v", u.bytes, ok)
	}
	u.keep(1000, thing{&gone}, 5*keepBytes)
	u.tick()
	u.find(1000)
	u.tick()
	if _, ok := u.find(1000); !ok {
		t.Error("what is used was dropped")
	}
}
