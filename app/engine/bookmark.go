package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/latco-studio/latco/sim"
)

// bookmark is an exact state of a task, with all that is needed to go on from it.
type bookmark struct {
	Name     string            `json:"name"`
	Saved    time.Time         `json:"saved"`
	Seed     int64             `json:"seed"`
	Settings map[string]string `json:"settings,omitempty"` // of the task
	State    markedState       `json:"state"`
	Obs      []float64         `json:"obs,omitempty"`
	Return   float64           `json:"return"`
	Success  bool              `json:"success,omitempty"`
	Outcome  string            `json:"outcome,omitempty"`
	Picture  []byte            `json:"picture,omitempty"` // PNG of what the model saw
}

// markedState is a sim.State on disk. Doubles are written in full, so it is exact.
type markedState struct {
	T         int       `json:"t"`
	Time      float64   `json:"time"`
	QPos      []float64 `json:"qpos"`
	QVel      []float64 `json:"qvel"`
	Ctrl      []float64 `json:"ctrl"`
	Act       []float64 `json:"act,omitempty"`
	Task      []float64 `json:"task,omitempty"`
	Mocap     []float64 `json:"mocap,omitempty"`
	Warmstart []float64 `json:"warmstart,omitempty"`
}

func markState(s sim.State) markedState {
	return markedState{s.T, s.Time, s.QPos, s.QVel, s.Ctrl, s.Act, s.Task, s.Mocap, s.Warmstart}
}

func (m markedState) state() sim.State {
	return sim.State{QPos: m.QPos, QVel: m.QVel, Ctrl: m.Ctrl, Act: m.Act, Time: m.Time, T: m.T,
		Task: m.Task, Mocap: m.Mocap, Warmstart: m.Warmstart}
}

// shelf is the file of one task's bookmarks.
type shelf struct {
	Version   int        `json:"version"`
	Task      string     `json:"task"`
	Bookmarks []bookmark `json:"bookmarks"`
}

const (
	shelfVersion = 1
	marksFolder  = "bookmarks" // of Home, one file a task
	maxShelf     = 64 << 20    // bytes of a file that is read at all
	maxMarkName  = 60          // characters
	maxMarks     = 500
)

// DamagedError says that a file of bookmarks cannot be used. It is left alone.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the bookmarks in %s cannot be used: %v", e.Path, e.Err)
}
func (e *DamagedError) Unwrap() error { return e.Err }

// readShelf reads and checks a file of bookmarks. One that does not exist is
// empty; any other failure is a *DamagedError.
func readShelf(path, task string) ([]bookmark, error) {
	data, err := readLimited(path, maxShelf)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var s shelf
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err == nil {
		err = s.check(task)
	}
	if err != nil {
		return nil, &DamagedError{path, err}
	}
	return s.Bookmarks, nil
}

func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("it is larger than %d MB", limit>>20)
	}
	return data, err
}

func (s *shelf) check(task string) error {
	if s.Version != shelfVersion {
		return fmt.Errorf("it has version %d, this program reads version %d", s.Version, shelfVersion)
	}
	if s.Task != task {
		return fmt.Errorf("it belongs to task %q, not to %q", s.Task, task)
	}
	seen := map[string]bool{}
	for i, m := range s.Bookmarks {
		if err := checkMarkName(m.Name); err != nil {
			return fmt.Errorf("bookmark %d: %w", i+1, err)
		}
		if seen[m.Name] {
			return fmt.Errorf("two bookmarks are called %q", m.Name)
		}
		seen[m.Name] = true
	}
	return nil
}

// checkMarkName refuses names that could not be shown in a list.
func checkMarkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("a bookmark needs a name")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("the name of a bookmark has to be one line of text")
	case utf8.RuneCountInString(name) > maxMarkName:
		return fmt.Errorf("the name of a bookmark is at most %d characters long", maxMarkName)
	}
	return nil
}

// writeShelf replaces the file by way of a temporary one: it holds the old
// bookmarks or the new ones, whatever happens.
func writeShelf(path, task string, marks []bookmark) (err error) {
	data, err := json.MarshalIndent(shelf{shelfVersion, task, marks}, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(append(data, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// findMark is the index of a name, −1 if there is none.
func findMark(marks []bookmark, name string) int {
	return slices.IndexFunc(marks, func(m bookmark) bool { return m.Name == name })
}

// freeName is name, with a number if it is taken.
func freeName(marks []bookmark, name string) string {
	try := name
	for n := 2; findMark(marks, try) >= 0; n++ {
		try = fmt.Sprintf("%s (%d)", name, n)
	}
	return try
}

// shown is a bookmark as a screen needs it.
func (m *bookmark) shown() Bookmark {
	return Bookmark{Name: m.Name, Saved: m.Saved, Seed: m.Seed, Step: m.State.T, Picture: unpackPicture(m.Picture)}
}

func packPicture(m *image.RGBA) []byte {
	if m == nil {
		return nil
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil // the picture is only decoration
	}
	return b.Bytes()
}

// unpackPicture is nil for anything but a small picture.
func unpackPicture(data []byte) *image.RGBA {
	if c, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width > 256 || c.Height > 256 {
		return nil
	}
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out := image.NewRGBA(image.Rect(0, 0, p.Bounds().Dx(), p.Bounds().Dy()))
	draw.Draw(out, out.Rect, p, p.Bounds().Min, draw.Src)
	return out
}
