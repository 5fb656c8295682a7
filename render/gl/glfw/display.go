package glfw

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"runtime"
	"strings"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// CheckDisplay says whether a window toolkit on GLFW could open a window with
// OpenGL here, because such a toolkit panics where it cannot. It must be called
// on the main thread before the toolkit starts, and leaves GLFW initialised.
func CheckDisplay() error {
	if err := openLibraries(); err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The binding prints what the platform objects to instead of returning it.
	var said bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&said)
	err := guard(func() error {
		if err := glfw.Init(); err != nil {
			return err
		}
		defer glfw.DefaultWindowHints()
		glfw.DefaultWindowHints()
		glfw.WindowHint(glfw.Visible, glfw.False)
		w, err := glfw.CreateWindow(16, 16, "", nil, nil)
		if err != nil {
			return err
		}
		w.Destroy()
		return nil
	})
	if err == nil {
		return nil
	}
	if reason := strings.TrimSpace(said.String()); reason != "" {
		_, text, _ := strings.Cut(reason, "PlatformError: ")
		err = errors.New(text)
	}
	return fmt.Errorf("no display with OpenGL: %w; run in a graphical session (or under xvfb-run), with OpenGL: apt-get install libgl1 libgl1-mesa-dri; latco help lists what works without a window", err)
}
