package ui

import (
	"context"
	"image"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latco-studio/latco/app/engine"
)

// Options are what the window has to be told besides the engine.
type Options struct {
	Tasks   func() []engine.TaskInfo // for the browser, asked whenever it opens
	Presets []string                 // of training, the default first
	Bundled []string                 // names of the models that come with the program

	// Pictures is the folder for screenshots; "" is the present folder.
	Pictures string
	// Exports is the folder for exported episodes; "" is the present folder.
	Exports string
	// Stop ends the engine and returns when it has ended. It is called beside
	// the living window when that is closed, once, on a goroutine of its own.
	Stop func()
}

// UI is the one window of the program.
type UI struct {
	app  fyne.App
	win  fyne.Window
	eng  Engine
	opts Options
	desk *desk

	history *history
	top     *topBar
	browser *browser
	scene   *sceneZone
	side    *side
	film    *film
	status  *statusBar
	clock   *clock
	views   []view

	upper, body *container.Split
	memory      memory
	state       *engine.State
	full        bool // the scene fills the window
	recalled    bool // the planner of the last time
	pump        *pump
	stopPump    context.CancelFunc

	closing bool
	ending  sync.Once
	ended   chan struct{} // closed when the engine has stopped
	quit    func()
}

// New builds the window without showing it. Call it on the main goroutine.
func New(app fyne.App, eng Engine, opts Options) *UI {
	u := &UI{app: app, eng: eng, opts: opts, history: &history{}, clock: &clock{}, memory: memory{app.Preferences()},
		ended: make(chan struct{}), quit: app.Driver().Quit}
	u.win = app.NewWindow("LatCo Studio")
	u.desk = &desk{send: eng.Do, keys: &keyMap{}, tips: newTips(), canvas: u.win.Canvas(), window: u.win}
	app.Settings().SetTheme(newTheme(u.memory.dark()))
	u.build()
	u.bindKeys()
	u.win.SetCloseIntercept(u.close)
	u.win.SetOnDropped(u.dropped)
	u.pump = newPump(eng, u.deliver, u.desk.tips, u.film.player, u.clock, u.side.data.player, u.side.train.foresight.panel, u.side.models.runs.viewer.foresight)
	return u
}

func (u *UI) build() {
	u.browser = newBrowser(u.desk)
	u.top = newTopBar(u.desk, topActions{file: u.fileMenu, browse: u.browse, theme: u.switchTheme, panel: u.toggleSide, help: u.help})
	u.scene = newSceneZone(u.desk, sceneActions{screenshot: u.screenshot, fullScene: u.toggleFull})
	u.side = newSide(u.desk, u.history, u.opts)
	u.side.data.folders, u.side.data.remember = u.memory.dataFolders, u.memory.openedData
	u.side.train.setup.folders = u.memory.dataFolders
	if u.opts.Tasks != nil {
		u.side.train.setup.tasks = u.opts.Tasks
	}
	u.film = newFilm(u.desk, u.history)
	u.status = newStatusBar(u.desk, u.clock)
	// The film first: it brings the common history up to date.
	u.views = []view{u.film, u.top, u.scene, u.side, u.status}

	u.upper = container.NewHSplit(u.scene.root, u.side.root)
	u.body = container.NewVSplit(u.upper, u.film.root)
	u.upper.Offset, u.body.Offset = u.memory.splits()
	if u.memory.sideHidden() {
		u.side.root.Hide()
	}
	content := container.NewBorder(u.top.root, u.status.root, nil, nil, u.body)
	u.win.SetContent(container.NewStack(content, u.desk.tips))
	u.win.SetPadded(false)
	u.win.Resize(u.memory.window())
}

// ShowAndRun shows the window and returns when it has been closed, by the user
// or because ctx has ended, and everything has stopped. Call it on the main
// goroutine.
func (u *UI) ShowAndRun(ctx context.Context) {
	u.win.Show()
	u.start(ctx)
	u.app.Run()
	u.end() // Fyne quits by itself when the process is told to end
	<-u.ended
}

// start runs the pump and closes the window when ctx ends.
func (u *UI) start(ctx context.Context) {
	pumping, cancel := context.WithCancel(ctx)
	u.stopPump = cancel
	go u.pump.run(pumping)
	context.AfterFunc(ctx, func() { u.pump.do(u.close) })
}

// close says so and ends.
func (u *UI) close() {
	u.status.closing()
	u.end()
}

// end stops the pump, then has the engine stopped, then lets Fyne quit.
func (u *UI) end() {
	u.ending.Do(func() {
		u.closing = true
		u.remember()
		u.stopPump()
		<-u.pump.done // it never waits for this goroutine
		go func() {
			defer close(u.ended)
			if u.opts.Stop != nil {
				u.opts.Stop()
			}
			// Unlike closing the window, quitting twice is allowed, and so is
			// quitting when Fyne has gone.
			u.pump.do(u.quit)
		}()
	})
}

// deliver takes what the pump brings.
func (u *UI) deliver(frame *image.RGBA, state *engine.State, now time.Time) {
	if u.closing {
		return
	}
	if state != nil {
		u.clock.moving = state.Moving
	}
	if frame != nil {
		u.clock.frame(now)
		u.scene.view.present(frame)
	}
	if state != nil {
		u.recall(state)
		if f := state.Task.File; f != "" && (u.state == nil || u.state.Task.File != f) {
			u.memory.opened(f)
		}
		u.state = state
		for _, v := range u.views {
			v.show(state)
		}
	}
}
