package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestWindow clicks through a real window on a virtual display, as a person
// would: browse the tasks, choose a planner, plan, drag the iteration track, run, train, close.
// What happened is read from the journal, the file that bug reports bring. The
// pictures are kept in testdata/failed, which is not in the repository.
func TestWindow(t *testing.T) {
	w := openWindow(t, 1440, 900)

	w.wait("the bundled model", 30*time.Second, func(e entry) bool { return e.Model != "" })
	w.moves("the live scene")

	w.browse()
	w.click(place{x: 394, y: 23}) // Gaussian LatCo in the row of planners
	w.wait("the chosen planner", 5*time.Second, func(e entry) bool { return e.Planner == "gaussian-latco" })
	w.key("1")
	w.wait("LatCo by its key", 5*time.Second, func(e entry) bool { return e.Planner == "latco" })

	w.click(place{x: 1088, y: 117}) // Plan
	ready := w.wait("the finished plan", 180*time.Second, func(e entry) bool { return e.Phase == "plan ready" && e.Planned >= 200 })
	w.drag(place{x: 1400, y: 832}, place{x: 400, y: 832}) // the iteration track
	w.wait("an earlier iteration", 10*time.Second, func(e entry) bool { return e.Shown >= 0 && e.Shown < ready.Shown/2 })
	w.shoot("plan.png")

	w.key("Return") // run closed loop
	w.wait("the executed plan", 10*time.Second, func(e entry) bool { return e.Phase == "executing" })
	w.wait("a goal", 300*time.Second, func(e entry) bool { return e.Outcome != "" })
	w.shoot("run.png")
	w.key("Escape")

	w.click(place{x: 1122, y: 64}) // the Train tab
	w.train(20)
	w.wait("20 updates", 600*time.Second, func(e entry) bool { return e.Train == "done" && e.Updates >= 20 })
	w.shoot("window.png")
	w.close()
}

// browse picks another task, watches it, keeps a state, and comes back.
func (w *window) browse() {
	before := w.picture()
	w.click(place{x: 212, y: 23}) // the task in the top bar
	w.until("the browser", 10*time.Second, func() bool { return different(before, w.picture()) > 20000 })
	w.shoot("browser.png")
	w.xdotool("type", "walker2d")
	w.key("Return")
	w.wait("another task", 10*time.Second, func(e entry) bool { return e.Task == "walker2d" && e.Model == "" })
	w.key("w")
	w.wait("a watched policy", 10*time.Second, func(e entry) bool { return e.Watch == "random" && e.Phase == "watching" })
	w.key("Escape")
	w.key("m")
	w.wait("a bookmark", 10*time.Second, func(e entry) bool { return e.Marks == 1 })
	if _, err := os.Stat(filepath.Join(w.home, "bookmarks", "walker2d.json")); err != nil {
		w.t.Error(err)
	}
	before = w.picture()
	w.key("g")
	w.until("the drawer", 10*time.Second, func() bool { return different(before, w.picture()) > 20000 })
	w.shoot("drawer.png")
	w.key("g")
	w.key("b")
	w.xdotool("type", "lottery")
	w.key("Return")
	w.wait("the first task with its model", 30*time.Second, func(e entry) bool { return e.Task == "lottery" && e.Model != "" })
}

// place is a point of the window.
type place struct{ x, y int }

// train sets the number of updates and starts.
func (w *window) train(updates int) {
	w.click(place{x: 1306, y: 262}) // the entry for updates
	w.key("ctrl+a")
	w.xdotool("type", strconv.Itoa(updates))
	w.key("Tab")
	w.click(place{x: 1090, y: 117}) // Start
	w.wait("training", 120*time.Second, func(e entry) bool { return e.Train != "" })
}

// window is a running latco on a display of its own.
type window struct {
	t       *testing.T
	display string
	home    string
	id      string
	cmd     *exec.Cmd
	exited  chan error
}

// openWindow builds and starts latco. It skips the test where -short is given or a
// tool is missing.
func openWindow(t *testing.T, width, height int) *window {
	if testing.Short() {
		t.Skip("-short leaves out the real window")
	}
	for _, tool := range []string{"Xvfb", "xdotool", "import"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed; make test installs it", tool)
		}
	}
	w := &window{t: t, home: t.TempDir(), exited: make(chan error, 1)}
	binary := filepath.Join(w.home, "latco")
	build := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", binary, "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	w.display = startDisplay(t, width, height)

	w.cmd = exec.Command(binary)
	w.cmd.Env = append(os.Environ(), "DISPLAY="+w.display, "LATCO_HOME="+w.home, "HOME="+w.home, "XDG_CONFIG_HOME="+w.home)
	w.cmd.Stderr = testWriter{t}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { w.exited <- w.cmd.Wait() }()
	t.Cleanup(func() { w.cmd.Process.Kill() })

	w.until("a window", 30*time.Second, func() bool {
		w.id = strings.TrimSpace(w.tryXdotool("search", "--onlyvisible", "--name", "LatCo Studio"))
		return w.id != ""
	})
	w.xdotool("windowmove", w.id, "0", "0")
	w.xdotool("windowsize", w.id, strconv.Itoa(width), strconv.Itoa(height))
	w.xdotool("windowfocus", w.id)
	return w
}

// startDisplay starts Xvfb on a free display number and returns its name.
func startDisplay(t *testing.T, width, height int) string {
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// Without -noreset a client that leaves as the last one, such as xdotool, makes the
	// server begin anew and refuse who comes at that moment.
	x := exec.Command("Xvfb", "-displayfd", "3", "-noreset", "-nolisten", "tcp", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height))
	x.ExtraFiles = []*os.File{pipe}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Process.Kill(); x.Wait() })
	pipe.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("latco: %s", strings.TrimSpace(string(p)))
	return len(p), nil
}

// until polls ok, because a window says nothing when it is ready; the deadline
// is generous and only a failure waits for it.
func (w *window) until(what string, limit time.Duration, ok func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); {
		if ok() {
			return
		}
		select {
		case err := <-w.exited:
			w.t.Fatalf("waiting for %s: the program ended: %v", what, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	w.shoot("failed.png")
	w.t.Fatalf("waited %v for %s; the journal ends with %+v", limit, what, w.last())
}

// wait is until for the newest line of the journal.
func (w *window) wait(what string, limit time.Duration, ok func(entry) bool) entry {
	w.t.Helper()
	start := time.Now()
	var e entry
	w.until(what, limit, func() bool { e = w.last(); return ok(e) })
	w.t.Logf("%s after %.1f s: %s", what, time.Since(start).Seconds(), e.Status)
	return e
}

// last is the newest whole line of the journal.
func (w *window) last() entry {
	var e entry
	text, err := os.ReadFile(filepath.Join(w.home, "journal.jsonl"))
	if err != nil {
		return e
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if json.Unmarshal([]byte(lines[i]), &e) == nil {
			return e
		}
	}
	return e
}

// moves fails unless the picture of the window changes.
func (w *window) moves(what string) {
	w.t.Helper()
	w.click(place{x: 400, y: 560}) // focus, in the scene
	first := w.picture()
	w.xdotool("mousemove", "500", "300", "mousedown", "1", "mousemove", "560", "320", "mouseup", "1")
	w.until(what+" to follow the mouse", 10*time.Second, func() bool { return different(first, w.picture()) > 2000 })
}

func different(a, b image.Image) int {
	n := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}

func (w *window) picture() image.Image {
	w.t.Helper()
	cmd := exec.Command("import", "-display", w.display, "-window", "root", "png:-")
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("taking a picture: %v", err)
	}
	im, err := png.Decode(strings.NewReader(string(out)))
	if err != nil {
		w.t.Fatal(err)
	}
	return im
}

// shoot keeps a picture under testdata/failed, which is not in the repository.
func (w *window) shoot(name string) {
	dir := filepath.Join("testdata", "failed")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, w.picture()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *window) click(p place) {
	w.t.Helper()
	w.xdotool("mousemove", strconv.Itoa(p.x), strconv.Itoa(p.y), "click", "1")
}

// drag goes in several steps, as a hand does.
func (w *window) drag(from, to place) {
	w.t.Helper()
	const steps = 10
	args := []string{"mousemove", strconv.Itoa(from.x), strconv.Itoa(from.y), "mousedown", "1"}
	for i := 1; i <= steps; i++ {
		args = append(args, "mousemove", strconv.Itoa(from.x+(to.x-from.x)*i/steps), strconv.Itoa(from.y+(to.y-from.y)*i/steps), "sleep", "0.03")
	}
	w.xdotool(append(args, "mouseup", "1")...)
}

func (w *window) key(name string) { w.t.Helper(); w.xdotool("key", name) }

func (w *window) xdotool(args ...string) {
	w.t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("xdotool %v: %v\n%s", args, err, out)
	}
}

func (w *window) tryXdotool(args ...string) string {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return string(out)
}

// close asks politely, as a session manager does, and wants a clean exit.
func (w *window) close() {
	w.t.Helper()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
	select {
	case err := <-w.exited:
		if err != nil {
			w.t.Fatalf("closing: %v", err)
		}
	case <-time.After(10 * time.Second):
		w.t.Fatal("the window did not close within 10 s")
	}
}
