package rssm

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/resources/setting"
)

func TestUnknownPresetListsTheKnown(t *testing.T) {
	_, err := Preset("huge")
	if err == nil || !strings.Contains(err.Error(), "class, paper") {
		t.Errorf("error %v does not list the presets", err)
	}
}

func TestPresetsAreValid(t *testing.T) {
	for _, name := range Presets() {
		c, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := new(Config).Validate(); err == nil {
		t.Error("the zero configuration is valid")
	}
}

func TestSettingOutOfRange(t *testing.T) {
	c := tiny()
	c.MinStd = 0
	var bad *setting.RangeError
	if err := c.Validate(); !errors.As(err, &bad) || bad.Key != "min_std" {
		t.Errorf("error %v, want a RangeError of min_std", err)
	}
}

// The layout is what checkpoints hold: sizes of the paper's networks.
func TestPaperLayout(t *testing.T) {
	c, _ := Preset("paper")
	shapes, total := map[string][]int{}, 0
	for _, x := range Layout(&c, 4) {
		if x.Offset != total {
			t.Errorf("%s starts at %d, the one before ends at %d", x.Name, x.Offset, total)
		}
		shapes[x.Name] = x.Shape
		total += x.Len()
	}
	for name, want := range map[string][]int{
		"encoder/conv1/kernel":    {4, 4, 3, 32},
		"encoder/conv4/kernel":    {4, 4, 128, 256},
		"core/in/kernel":          {34, 200},
		"core/gru/kernel":         {200, 600},
		"core/gru/recurrent_bias": {600},
		"core/posterior/kernel":   {1224, 200},
		"core/prior/out/kernel":   {200, 60},
		"decoder/dense/kernel":    {230, 1024},
		"decoder/deconv1/kernel":  {5, 5, 128, 1024},
		"decoder/deconv4/kernel":  {6, 6, 3, 32},
		"reward/dense2/kernel":    {400, 400},
		"reward/out/kernel":       {400, 1},
	} {
		got := shapes[name]
		if len(got) != len(want) {
			t.Errorf("%s has shape %v, want %v", name, got, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s has shape %v, want %v", name, got, want)
			}
		}
	}
}

func TestInitialisers(t *testing.T) {
	c, _ := Preset("class")
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Layout() {
		v := p.Values[x.Offset : x.Offset+x.Len()]
		switch {
		case strings.HasSuffix(x.Name, "bias"):
			for _, b := range v {
				if b != 0 {
					t.Errorf("%s starts at %g", x.Name, b)
				}
			}
		case x.Name == "core/gru/recurrent_kernel":
			checkOrthonormal(t, v, x.Shape[0], x.Shape[1])
		default:
			checkUniform(t, x.Name, v, glorotLimit(x.Shape))
		}
	}
	// Keras: √(6/(k·k·in + k·k·out)).
	if got, want := glorotLimit([]int{4, 4, 3, 32}), math.Sqrt(6.0/(16*3+16*32)); got != want {
		t.Errorf("limit of a convolution %g, want %g", got, want)
	}
}

// PlaNet's cell and heads begin as the kernels of TensorFlow's GRUBlockCell, of
// [in, h] to both gates and to the new value, and as two heads.
func TestPlaNetInitialisers(t *testing.T) {
	c, _ := Preset("planet")
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	d, h, s := c.Deter, c.Hidden, c.Stoch
	limit := func(in, out int) float64 { return math.Sqrt(6 / float64(in+out)) }
	for _, x := range p.Layout() {
		v := p.Values[x.Offset : x.Offset+x.Len()]
		columns := func(lo, hi int) []float32 {
			var part []float32
			for i := 0; i < len(v); i += x.Shape[1] {
				part = append(part, v[i+lo:i+hi]...)
			}
			return part
		}
		switch x.Name {
		case "core/gru/kernel", "core/gru/recurrent_kernel":
			checkUniform(t, x.Name+" of the gates", columns(0, 2*d), limit(h+d, 2*d))
			checkUniform(t, x.Name+" of the new value", columns(2*d, 3*d), limit(h+d, d))
		case "core/prior/out/kernel", "core/posterior/out/kernel":
			checkUniform(t, x.Name+" of means", columns(0, s), limit(h, s))
			checkUniform(t, x.Name+" of deviations", columns(s, 2*s), limit(h, s))
		case "core/gru/bias":
			for i, b := range v {
				if want := float32(1); i < 2*d && b != want || i >= 2*d && b != 0 {
					t.Errorf("%s[%d] starts at %g", x.Name, i, b)
				}
			}
		case "core/gru/recurrent_bias":
			t.Error("PlaNet's cell has a recurrent bias")
		}
	}
}

func checkOrthonormal(t *testing.T, v []float32, rows, cols int) {
	t.Helper()
	for i := range rows {
		for j := range i + 1 {
			sum, want := 0.0, 0.0
			for k := range cols {
				sum += float64(v[i*cols+k]) * float64(v[j*cols+k])
			}
			if i == j {
				want = 1
			}
			if math.Abs(sum-want) > 1e-5 {
				t.Fatalf("rows %d and %d of the recurrent kernel have product %g, want %g", i, j, sum, want)
			}
		}
	}
}

func checkUniform(t *testing.T, name string, v []float32, limit float64) {
	t.Helper()
	sum, largest := 0.0, 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
		largest = math.Max(largest, math.Abs(float64(x)))
	}
	if largest > limit*1.0001 || largest < 0.9*limit {
		t.Errorf("%s reaches %g, want %g", name, largest, limit)
	}
	variance := sum / float64(len(v))
	if want := limit * limit / 3; math.Abs(variance-want) > 0.35*want {
		t.Errorf("%s has variance %g, want %g", name, variance, want)
	}
}

func TestSeedsOfParams(t *testing.T) {
	a, _ := NewParams(tiny(), 1, 1)
	b, _ := NewParams(tiny(), 1, 1)
	c, _ := NewParams(tiny(), 1, 2)
	sameFloats(t, "values", a.Values, b.Values)
	if a.Values[0] == c.Values[0] {
		t.Error("two seeds gave one start")
	}
}

func TestDamagedParamsAreRefused(t *testing.T) {
	fresh := func() *Params {
		p, err := NewParams(tiny(), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for name, damage := range map[string]func(*Params){
		"too few values": func(p *Params) { p.Values = p.Values[1:] },
		"NaN":            func(p *Params) { p.Values[7] = float32(math.NaN()) },
		"no actions":     func(p *Params) { p.ActionDim = 0 },
		"configuration":  func(p *Params) { p.Config.Deter = 0 },
		"updates":        func(p *Params) { p.Updates = -1 },
	} {
		p := fresh()
		damage(p)
		if _, err := NewModel(p, purego.New()); err == nil {
			t.Errorf("%s: accepted by NewModel", name)
		}
		if _, err := NewTrainer(p, purego.New(), 1); err == nil {
			t.Errorf("%s: accepted by NewTrainer", name)
		}
	}
}
