package app

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDataInTheWindow collects episodes in a real window that has no data yet, plays
// one in the scene, exports it, deletes it and takes that back.
func TestDataInTheWindow(t *testing.T) {
	w := openWindow(t, 1440, 900)
	w.wait("the bundled model", 60*time.Second, func(e entry) bool { return e.Model != "" })
	said := func(text string) func(entry) bool {
		return func(e entry) bool { return strings.Contains(e.Status, text) }
	}
	w.moves("the live scene") // and has the focus
	before := w.picture()
	w.key("d")
	w.until("the Data tab", 20*time.Second, func() bool { return different(before, w.picture()) > 5000 })
	w.click(place{x: 1378, y: 202}) // Collect
	w.wait("a collection", 30*time.Second, said("Collecting episodes of Lottery"))
	w.wait("20 episodes", 300*time.Second, said("Collected 20 episodes"))

	blank := w.picture()
	w.until("an episode that is chosen", 60*time.Second, func() bool {
		w.click(place{x: 1163, y: 230}) // the second in the first row, once it is there
		time.Sleep(300 * time.Millisecond)
		return different(blank, w.picture()) > 15000
	})
	w.key("Return")
	w.wait("the episode in the scene", 60*time.Second, func(e entry) bool { return e.Phase == "replaying" })
	w.wait("its end", 120*time.Second, said("as recorded to the last digit"))
	w.shoot("data.png")
	w.key("Escape")
	w.wait("the scene", 10*time.Second, func(e entry) bool { return e.Phase == "idle" })

	w.key("Delete")
	w.key("Tab")
	w.key("Return")
	w.wait("the deletion", 20*time.Second, said("Deleted 1 episode from"))
	w.click(place{x: 1163, y: 230}) // so that keys go to the episodes
	w.key("ctrl+z")
	w.wait("the undo", 20*time.Second, said("Brought back 1 episode."))
	if files, err := filepath.Glob(filepath.Join(w.home, "data", "*", "episode-*.npz")); err != nil || len(files) != 20 {
		t.Errorf("%d files, %v", len(files), err)
	}
	w.close()
}
