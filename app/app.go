// Package app is the composition root of the window: it joins the engine with
// the user interface, decides where user data live and in which order things
// start and stop.
package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui"
	"github.com/latco-studio/latco/render/gl/glfw"
	"github.com/latco-studio/latco/resources"
)

// id names the application towards the desktop and its preferences.
const id = "studio.latco.app"

// Run opens the window and returns when it has been closed and every goroutine
// has ended. It must be called on the main goroutine.
//
// Stop order: the window is closed (or a signal arrives) → the engine's context
// ends and the engine returns → the journal returns → Fyne quits.
func Run() error {
	home, err := engine.Home()
	if err != nil {
		return err
	}
	log, err := openJournal(home)
	if err != nil {
		return err
	}
	defer log.Close()

	if err := glfw.CheckDisplay(); err != nil {
		return err
	}
	a := fyneapp.NewWithID(id)
	a.SetIcon(fyne.NewStaticResource("icon.png", resources.Icon))
	parts, err := engine.RealOn(fyne.DoAndWait)
	if err != nil {
		return err
	}
	eng, err := engine.New(engine.Config{Parts: parts, Home: home})
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	work := start(ctx, cancel, eng, log)
	window := ui.New(a, eng, ui.Options{
		Tasks: eng.Tasks, Presets: engine.Presets(), Bundled: eng.Bundled(),
		Pictures: filepath.Join(home, "pictures"), Exports: engine.ExportsFolder(home),
		Stop: func() { cancel(); work.wait() },
	})
	window.ShowAndRun(ctx)
	cancel()
	return work.wait()
}

// work is the engine and the journal beside the window.
type work struct {
	group sync.WaitGroup
	mu    sync.Mutex
	errs  []error
}

// start runs both until ctx ends; an engine that fails ends the context, so
// that the window closes and Run can say why.
func start(ctx context.Context, cancel context.CancelFunc, eng *engine.Engine, log *os.File) *work {
	w := &work{}
	w.group.Go(func() {
		defer cancel()
		w.add(eng.Run(ctx))
	})
	w.group.Go(func() { w.add(journal(ctx, log, eng.State)) })
	return w
}

func (w *work) add(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errs = append(w.errs, err)
}

func (w *work) wait() error {
	w.group.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.errs...)
}

// journalLimit is the size after which a journal is put aside for a new one.
const journalLimit = 4 << 20

// openJournal opens journal.jsonl in the user's data folder for appending.
func openJournal(home string) (*os.File, error) {
	if err := os.MkdirAll(home, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder (LATCO_HOME names another): %w", err)
	}
	path := filepath.Join(home, "journal.jsonl")
	if info, err := os.Stat(path); err == nil && info.Size() > journalLimit {
		if err := os.Rename(path, path+".old"); err != nil {
			return nil, fmt.Errorf("putting the old journal aside: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	return f, nil
}
