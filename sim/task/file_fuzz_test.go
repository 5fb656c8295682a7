package task_test

import (
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim/mujoco"
	"github.com/latco-studio/latco/sim/task"
)

// FuzzFile opens damaged scenes. Whatever is wrong with them must arrive as an error;
// what opens must be seen and stepped, or say why not. Bytes at random are not even
// XML, so damage is done to elements and attributes, as the fuzzer's seed says.
func FuzzFile(f *testing.F) {
	for seed := range int64(20) {
		f.Add(seed, uint8(seed), []byte(nil))
	}
	f.Add(int64(0), uint8(0), []byte("<mujoco><worldbody><geom size='1'/></worldbody></mujoco>"))
	path := filepath.Join(f.TempDir(), "scene.xml")
	f.Fuzz(func(t *testing.T, seed int64, edits uint8, text []byte) {
		if len(text) == 0 {
			text = []byte(damaged(elsewhere, rand.New(rand.NewSource(seed)), int(edits%8)))
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		opened, err := task.File(path)
		if err != nil {
			known(t, err)
			return
		}
		in, err := opened.New(nil)
		if err != nil {
			known(t, err)
			return
		}
		defer in.Close()
		if _, err := in.Reset(0); err != nil {
			known(t, err)
			return
		}
		var s render.Scene
		in.Scene(&s)
		s.Cast(opened.FreeCamera.Ray(0.5, 0.5, 1))
		for range 3 {
			if _, err := in.Step(make([]float64, opened.ActionDim)); err != nil {
				known(t, err)
				return
			}
		}
	})
}

// known fails for an error that is none of the simulator's.
func known(t *testing.T, err error) {
	var load *mujoco.LoadError
	var fatal *mujoco.FatalError
	var unstable *mujoco.UnstableError
	var infinite *mujoco.NotFiniteError
	if !errors.As(err, &load) && !errors.As(err, &fatal) && !errors.As(err, &unstable) && !errors.As(err, &infinite) {
		t.Fatalf("%T: %v", err, err)
	}
}

var (
	elementPattern   = regexp.MustCompile(`<[^<>]*/>`)
	attributePattern = regexp.MustCompile(`[a-z0-9]+="[^"]*"`)
	numberPattern    = regexp.MustCompile(`-?[0-9]*\.?[0-9]+`)
)

// nasty is what numbers are replaced by.
var nasty = []string{"0", "-1", "1e-300", "1e300", "nan", "inf", "-inf", "2147483647", "-2147483648", "4294967296", "1e9", "7", "0.5", "", "x"}

// damaged does some edits to a scene.
func damaged(scene string, r *rand.Rand, edits int) string {
	for range edits {
		switch r.Intn(6) {
		case 0, 1:
			scene = replaceOne(scene, numberPattern, r, func(string) string { return nasty[r.Intn(len(nasty))] })
		case 2:
			scene = replaceOne(scene, elementPattern, r, func(string) string { return "" })
		case 3:
			scene = replaceOne(scene, elementPattern, r, func(e string) string { return strings.Repeat(e, 1+r.Intn(3)) })
		case 4:
			all := attributePattern.FindAllString(scene, -1)
			scene = replaceOne(scene, attributePattern, r, func(string) string { return all[r.Intn(len(all))] })
		case 5:
			all := elementPattern.FindAllString(scene, -1)
			scene = replaceOne(scene, elementPattern, r, func(string) string { return all[r.Intn(len(all))] })
		}
	}
	return scene
}

// replaceOne replaces one match, chosen at random.
func replaceOne(text string, p *regexp.Regexp, r *rand.Rand, by func(string) string) string {
	found := p.FindAllStringIndex(text, -1)
	if len(found) == 0 {
		return text
	}
	at := found[r.Intn(len(found))]
	return text[:at[0]] + by(text[at[0]:at[1]]) + text[at[1]:]
}
