package mujoco

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
)

const cartpole = `<mujoco model="cartpole">
  <option timestep="0.01"/>
  <worldbody>
    <geom name="rail" type="capsule" fromto="-2 0 0 2 0 0" size="0.02" contype="0" conaffinity="0"/>
    <body name="cart"><joint name="slide" type="slide" axis="1 0 0" limited="true" range="-1.8 1.8"/>
      <geom name="cart" type="box" size="0.2 0.1 0.1" mass="1" contype="0" conaffinity="0"/>
      <body name="pole"><joint name="hinge" type="hinge" axis="0 1 0"/>
        <geom name="pole" type="capsule" fromto="0 0 0 0 0 1" size="0.045" mass="0.1" contype="0" conaffinity="0"/>
        <site name="tip" pos="0 0 1" size="0.03"/>
      </body>
    </body>
  </worldbody>
  <actuator><motor name="push" joint="slide" gear="10" ctrllimited="true" ctrlrange="-1 1"/></actuator>
</mujoco>`

// stack is n boxes falling on a heap, in a model with the given limits of memory.
func stack(n int, limits string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<mujoco><size %s/><worldbody><geom type="plane" size="3 3 .1"/>`, limits)
	for i := range n {
		fmt.Fprintf(&b, `<body pos="%g %g %g"><freejoint/><geom type="box" size=".05 .05 .05"/></body>`,
			.03*float64(i%3), .03*float64(i%5), .3+.12*float64(i))
	}
	b.WriteString(`</worldbody></mujoco>`)
	return b.String()
}

func load(t testing.TB, xml string) (*Model, *Data) {
	t.Helper()
	m, err := Load("test", []byte(xml))
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close(); m.Close() })
	if err := d.Forward(); err != nil {
		t.Fatal(err)
	}
	return m, d
}

func TestLoadErrors(t *testing.T) {
	for name, c := range map[string]struct{ xml, want string }{
		"empty":          {"", "empty"},
		"not XML":        {"hello", "test"},
		"cut off":        {"<mujoco", "XML"},
		"unknown tag":    {"<mujoco><wordlbody/></mujoco>", "wordlbody"},
		"unknown attr":   {`<mujoco><option timstep="1"/></mujoco>`, "timstep"},
		"no mesh":        {`<mujoco><worldbody><geom type="mesh" mesh="nope"/></worldbody></mujoco>`, "nope"},
		"missing file":   {`<mujoco><asset><mesh file="nope.stl"/></asset></mujoco>`, "nope.stl"},
		"massless body":  {`<mujoco><worldbody><body><joint/></body></worldbody></mujoco>`, "mass"},
		"NaN":            {`<mujoco><worldbody><geom size="NaN"/></worldbody></mujoco>`, ""},
		"name twice":     {`<mujoco><worldbody><geom name="a" size="1"/><geom name="a" size="1"/></worldbody></mujoco>`, "a"},
		"no such joint":  {`<mujoco><actuator><motor joint="elbow"/></actuator></mujoco>`, "elbow"},
		"negative size":  {`<mujoco><worldbody><geom size="-1"/></worldbody></mujoco>`, "size"},
		"binary rubbish": {"\x00\x01\x02\xff\xfe", "test"},
	} {
		_, err := Load("test", []byte(c.xml))
		var bad *LoadError
		if !errors.As(err, &bad) || bad.Reason == "" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m, err := Load("test", []byte(cartpole)); err != nil {
		t.Errorf("after all these errors: %v", err)
	} else {
		m.Close()
	}
}

func TestNames(t *testing.T) {
	m, _ := load(t, cartpole)
	for _, c := range []struct {
		find func(string) (int, error)
		name string
		want int
	}{{m.Body, "pole", 2}, {m.Joint, "hinge", 1}, {m.Geom, "cart", 1}, {m.Site, "tip", 0}, {m.Actuator, "push", 0}} {
		if id, err := c.find(c.name); id != c.want || err != nil {
			t.Errorf("%s: %d, %v", c.name, id, err)
		}
		var bad *NameError
		if _, err := c.find("nobody"); !errors.As(err, &bad) || len(bad.Known) == 0 {
			t.Errorf("nobody: %v", err)
		}
	}
	if m.BodyName(0) != "world" || m.BodyName(1) != "cart" || m.GeomBody(2) != 2 || m.SiteBody(0) != 2 {
		t.Error("bodies are named or numbered wrong")
	}
	if m.Timestep() != 0.01 || m.NQ != 2 || m.NV != 2 || m.NU != 1 || m.CtrlRange[0] != [2]float64{-1, 1} {
		t.Errorf("facts: %g %d %d %d %v", m.Timestep(), m.NQ, m.NV, m.NU, m.CtrlRange)
	}
}

// TestFreeFall compares with the closed form of the semi-implicit Euler method:
// after n steps v = −g n h and z = −g h² n (n+1)/2.
func TestFreeFall(t *testing.T) {
	_, d := load(t, `<mujoco><option timestep="0.005" gravity="0 0 -10"/><worldbody><body><joint type="slide" axis="0 0 1"/><geom size="0.1"/></body></worldbody></mujoco>`)
	const n, h, g = 200, 0.005, 10.0
	if err := d.Step(n); err != nil {
		t.Fatal(err)
	}
	if want := -g * n * h; math.Abs(d.QVel[0]-want) > 1e-9 {
		t.Errorf("velocity %g, want %g", d.QVel[0], want)
	}
	want := -g * h * h * n * (n + 1) / 2
	if math.Abs(d.QPos[0]-want) > 1e-9 || math.Abs(d.Time()-n*h) > 1e-9 {
		t.Errorf("height %g at %g s, want %g", d.QPos[0], d.Time(), want)
	}
	if stale := d.BodyPos[1][2]; math.Abs(stale-want) < 1e-6 {
		t.Error("poses were expected to lag one step")
	}
	if err := d.Kinematics(); err != nil || math.Abs(d.BodyPos[1][2]-want) > 1e-9 {
		t.Errorf("pose %g, want %g (%v)", d.BodyPos[1][2], want, err)
	}
}

func TestFatalErrorIsRecovered(t *testing.T) {
	_, d := load(t, cartpole)
	for range 100 {
		var fatal *FatalError
		if err := d.fail(); !errors.As(err, &fatal) || fatal.Reason != "a deliberate error" {
			t.Fatalf("got %v", err)
		}
	}
	if err := d.Step(10); err != nil {
		t.Errorf("after fatal errors: %v", err)
	}
}

func TestInstability(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Data)
		want  Warning
	}{
		"fast":         {func(d *Data) { d.QVel[0] = 1e15 }, BadVelocity},
		"NaN position": {func(d *Data) { d.QPos[1] = math.NaN() }, BadPosition},
		"Inf velocity": {func(d *Data) { d.QVel[1] = math.Inf(1) }, BadVelocity},
	} {
		t.Run(name, func(t *testing.T) {
			_, d := load(t, cartpole)
			for range 3 { // the counters start from zero at MuJoCo's own reset
				c.spoil(d)
				var bad *UnstableError
				if err := d.Step(4); !errors.As(err, &bad) || bad.Warning != c.want {
					t.Fatalf("got %v", err)
				}
				if d.Time() != 0 || d.QPos[0] != 0 || d.QVel[0] != 0 {
					t.Errorf("not in the initial state: %v %v at %g", d.QPos, d.QVel, d.Time())
				}
			}
			if err := d.Step(4); err != nil {
				t.Errorf("after instability: %v", err)
			}
		})
	}
}

func TestBadControl(t *testing.T) {
	_, d := load(t, cartpole)
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		d.Ctrl[0] = x
		var bad *NotFiniteError
		if err := d.Step(1); !errors.As(err, &bad) || bad.Array != "ctrl" || bad.Index != 0 {
			t.Errorf("ctrl %g: %v", x, err)
		}
		if d.Time() != 0 {
			t.Error("a refused control advanced time")
		}
	}
}

// TestExhaustedMemory lets boxes fall on a heap whose contacts need more memory
// than the model allows: a fatal error in the middle of a step. The simulation
// starts again afterwards, and fails again at the same step.
func TestExhaustedMemory(t *testing.T) {
	limits := `memory="50K"`
	version, err := Version()
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(version, "2.") {
		limits = `nstack="20000" njmax="500" nconmax="100"`
	}
	_, d := load(t, stack(20, limits))
	var failed [2]int
	for i := range failed {
		for {
			err := d.Step(1)
			if err == nil {
				if failed[i]++; failed[i] > 2000 {
					t.Fatal("no error")
				}
				continue
			}
			var fatal *FatalError
			var unstable *UnstableError // 3.x drops contacts and warns
			if !errors.As(err, &fatal) && !errors.As(err, &unstable) {
				t.Fatalf("got %v", err)
			}
			break
		}
		if d.Time() != 0 || d.QVel[0] != 0 {
			t.Errorf("not in the initial state at %g s", d.Time())
		}
	}
	if failed[0] != failed[1] || failed[0] == 0 {
		t.Errorf("fails after %v steps", failed)
	}
}

func TestClosed(t *testing.T) {
	m, d := load(t, cartpole)
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	if err := d.Step(1); err != nil {
		t.Errorf("data outlive the owner's Close: %v", err)
	}
	d.Close()
	d.Close()
	s.Close()
	s.Close()
	if _, err := m.NewData(); !errors.Is(err, ErrClosed) {
		t.Errorf("NewData: %v", err)
	}
	for name, err := range map[string]error{
		"Step": d.Step(1), "Forward": d.Forward(), "Kinematics": d.Kinematics(), "Reset": d.Reset(),
		"Pull": d.Pull(1, [3]float64{}, [3]float64{}), "Update": s.Update(d, nil),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d.QPos != nil {
		t.Error("views survive Close")
	}
}

// TestParallel steps simulations of one shared model in many goroutines, with
// failures among them, and wants the same trajectory from all that do not fail.
func TestParallel(t *testing.T) {
	m, _ := load(t, cartpole)
	var group sync.WaitGroup
	ends := make([][2]float64, 8)
	for i := range ends {
		group.Go(func() {
			d, err := m.NewData()
			if err != nil {
				t.Error(err)
				return
			}
			defer d.Close()
			for k := range 200 {
				if i%2 == 1 && k%20 == 10 {
					if d.fail() == nil {
						t.Error("no failure")
					}
				}
				d.Ctrl[0] = math.Sin(float64(k))
				if err := d.Step(5); err != nil {
					t.Error(err)
				}
			}
			ends[i] = [2]float64(d.QPos)
		})
	}
	group.Wait()
	for i := 2; i < len(ends); i += 2 {
		if ends[i] != ends[0] {
			t.Errorf("simulation %d ends at %v, simulation 0 at %v", i, ends[i], ends[0])
		}
	}
}

func TestVersionText(t *testing.T) {
	for v, want := range map[int]string{222: "2.2.2", 332: "3.3.2", 3010002: "3.10.2"} {
		if got := versionText(v); got != want {
			t.Errorf("%d is %q, want %q", v, got, want)
		}
	}
}
