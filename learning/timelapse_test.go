package learning

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func someLapse(t testing.TB, rows int) *TimeLapse {
	t.Helper()
	l := &TimeLapse{}
	if err := l.begin(countingEpisode(t, 3, rows-1, 2), EpisodeRef{HeldOut: true}, RewardShaped, 2); err != nil {
		t.Fatal(err)
	}
	return l
}

// prediction is the truth but for one pixel of every frame after the context.
func prediction(l *TimeLapse, updates int) *OpenLoop {
	o := &OpenLoop{Updates: updates, Context: l.header.Context, Frames: l.header.Rows,
		Model: slices.Clone(l.episode.Pixels), ImageError: make([]float64, l.header.Rows)}
	for t := o.Context; t < o.Frames; t++ {
		o.Model[t*FramePixels] += uint8(updates)
		o.ImageError[t] = imageError(l.episode.Frame(t), o.Model[t*FramePixels:(t+1)*FramePixels])
	}
	return o
}

// However long a run is, its time-lapse stays small, begins at its beginning and is
// dense where most is learned.
func TestTimeLapseThins(t *testing.T) {
	l := someLapse(t, 5)
	taken := 0
	for n := range 60_000 {
		if !l.due(n) {
			continue
		}
		taken++
		if err := l.add(prediction(l, n), float64(n)); err != nil {
			t.Fatal(err)
		}
		if len(l.Shots()) > mostShots {
			t.Fatalf("%d shots", len(l.Shots()))
		}
	}
	shots := l.Shots()
	if len(shots) < mostShots/2 || shots[0].Updates != 1 || taken > 130 {
		t.Errorf("%d shots of %d taken, the first after %d updates", len(shots), taken, shots[0].Updates)
	}
	if last := shots[len(shots)-1].Updates; last < 45_000 {
		t.Errorf("the last shot is after %d of 60000 updates", last)
	}
	for i := 2; i < len(shots); i++ {
		a, b := shots[i-1].Updates-shots[i-2].Updates, shots[i].Updates-shots[i-1].Updates
		if float64(b) < 0.5*float64(a) { // where shots were dropped the older ones lie closer to the newer
			t.Errorf("after %d updates the interval falls from %d to %d", shots[i].Updates, a, b)
		}
	}
}

func TestTimeLapseFile(t *testing.T) {
	l := someLapse(t, 6)
	for _, n := range []int{1, 11, 40} {
		if err := l.add(prediction(l, n), float64(n)); err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := l.write(&file); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, TimeLapseName)
	if _, err := LoadTimeLapse(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	write := func(b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(file.Bytes())
	back, err := LoadTimeLapse(dir)
	if err != nil {
		t.Fatal(err)
	}
	o, err := back.Shot(2)
	if err != nil {
		t.Fatal(err)
	}
	want := prediction(l, 40)
	if o.Updates != 40 || !bytes.Equal(o.Model, want.Model) || !bytes.Equal(o.Truth, l.episode.Pixels) ||
		o.PredictedError() != want.PredictedError() || back.Shots()[2].Error != want.PredictedError() {
		t.Errorf("shot 2 comes back as after %d updates with an error of %g", o.Updates, o.PredictedError())
	}
	back.cut(39)
	if n := len(back.Shots()); n != 2 || back.due(20) || !back.due(21) {
		t.Errorf("%d shots after going back to update 39", n)
	}
	for name, c := range map[string]struct {
		damage func([]byte) []byte
		want   error
	}{
		"cut short": {func(b []byte) []byte { return b[:20] }, ErrTruncated},
		"a bit":     {func(b []byte) []byte { b[len(b)-40] ^= 4; return b }, ErrCorrupt},
		"foreign":   {func(b []byte) []byte { b[0] = 'x'; return b }, ErrForeign},
		"newer":     {func(b []byte) []byte { b[8] = 9; return b }, ErrVersion},
		"empty":     {func([]byte) []byte { return nil }, ErrForeign},
	} {
		write(c.damage(bytes.Clone(file.Bytes())))
		if _, err := LoadTimeLapse(dir); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzTimeLapse(f *testing.F) {
	l := someLapse(f, 3)
	if err := l.add(prediction(l, 7), 1); err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := l.write(&file); err != nil {
		f.Fatal(err)
	}
	body := file.Bytes()[:file.Len()-sha256.Size]
	f.Add(body)
	f.Fuzz(func(t *testing.T, body []byte) {
		sum := sha256.Sum256(body)
		l, err := parseTimeLapse(append(bytes.Clone(body), sum[:]...))
		if err != nil {
			fileError(t, err)
			return
		}
		for i := range l.Shots() {
			if _, err := l.Shot(i); err != nil && !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
		}
	})
}

// A run keeps its time-lapse, a resumed one goes on with it as if never interrupted,
// and one that is damaged is named and begun anew.
func TestTimeLapseOfARun(t *testing.T) {
	whole, halves := fakeRun(t, t.TempDir()), fakeRun(t, t.TempDir())
	var seen []int
	whole.TimeLapse = func(l *TimeLapse) { seen = append(seen, len(l.Shots())) }
	runToEnd(t, whole)
	if want := []int{1, 2, 3, 4}; !slices.Equal(seen, want) {
		t.Errorf("told of %v shots, want %v", seen, want)
	}
	halves.Settings.Updates = 17
	runToEnd(t, halves)
	halves.Settings.Updates, halves.Resume = 40, true
	runToEnd(t, halves)
	a, err := LoadTimeLapse(whole.Out)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadTimeLapse(halves.Out)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range a.Shots() {
		if s.WallS = 0; i >= len(b.Shots()) {
			t.Fatalf("%d shots, want %d", len(b.Shots()), len(a.Shots()))
		}
		other := b.Shots()[i]
		if other.WallS = 0; s != other || !bytes.Equal(a.shots[i], b.shots[i]) {
			t.Errorf("shot %d: %+v in one go, %+v in two", i, s, other)
		}
	}
	path := filepath.Join(halves.Out, TimeLapseName)
	if err := os.Truncate(path, 50); err != nil {
		t.Fatal(err)
	}
	var skipped []error
	halves.Settings.Updates = 45
	halves.Progress = func(p Progress) { skipped = p.Skipped }
	runToEnd(t, halves)
	if len(skipped) != 1 || !strings.Contains(skipped[0].Error(), "timelapse.latco.damaged, begun anew") {
		t.Errorf("skipped %v", skipped)
	}
	if l, err := LoadTimeLapse(halves.Out); err != nil || l.Shots()[0].Updates != 41 {
		t.Errorf("after the damage: %v", err)
	}
	tr, err := NewTrainer(halves)
	if err == nil {
		err = tr.Run(context.Background())
	}
	if err != nil { // nothing is left to do
		t.Error(err)
	}
}
