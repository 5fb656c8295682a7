// Command preview opens the window on a made-up engine, to look at it without
// simulator and model.
package main

import (
	"context"
	"os"
	"os/signal"
	"sync"

	"fyne.io/fyne/v2/app"

	"github.com/latco-studio/latco/app/ui"
	"github.com/latco-studio/latco/app/ui/internal/demo"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	eng := demo.New()
	stop := make(chan struct{})
	var live sync.WaitGroup
	live.Go(func() { eng.Live(stop) })
	ui.New(app.NewWithID("org.latco.preview"), eng, ui.Options{
		Tasks:   eng.Tasks,
		Presets: []string{"class", "paper"},
		Bundled: []string{"lottery-class"},
		Stop:    func() { close(stop); live.Wait() },
	}).ShowAndRun(ctx)
}
