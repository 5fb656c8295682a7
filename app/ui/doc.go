// Package ui is the window. It shows engine.State and turns what people do into
// engine.Command; it decides nothing itself.
//
// Threads: everything here runs on Fyne's main goroutine, except the pump
// (pump.go), whose do is the only way from other goroutines to that one. Closing the window stops the pump,
// then calls Options.Stop beside the still living window, and only then lets
// Fyne quit, so that whatever needs the main thread to end can still have it.
//
// Files: ui.go puts the zones together; top.go, scene*.go, plan*.go, train.go,
// models.go, strip*.go, track.go and status.go are the zones; browser*.go is the
// choice of tasks, data*.go that of recorded episodes, drawer.go and bookmarks.go lie over the scene, files.go opens
// scenes; the rest are small widgets and what they share.
package ui
