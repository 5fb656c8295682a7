package engine

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// gather collects n episodes of a fake task into a folder.
func gather(t *testing.T, task, policy, dir string, n int) {
	t.Helper()
	parts := collectParts(new(props))
	for i := range parts.Tasks {
		parts.Tasks[i].Scripted = newRunner
	}
	o := CollectOptions{Parts: parts, Task: task, Policy: policy, Episodes: n, Seed: 3, Workers: 1, Out: dir}
	if _, err := Collect(t.Context(), o, nil); err != nil {
		t.Fatal(err)
	}
}

// spoil cuts the file of an episode short.
func spoil(t *testing.T, dir string, n int) (file string) {
	t.Helper()
	set, err := learning.OpenDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, set.Entries[n].File)
	if err := os.Truncate(file, 100); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestFindData(t *testing.T) {
	home := t.TempDir()
	gather(t, "one", "scripted", filepath.Join(home, "data", "mine"), 3)
	run := filepath.Join(home, "runs", "one-1")
	gather(t, "two", "random", filepath.Join(run, "episodes", "two"), 2)
	if err := os.WriteFile(filepath.Join(run, "checkpoint-000000001.latco"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "else")
	gather(t, "bare", "random", elsewhere, 1)
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, learning.ManifestName), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	lock, err := learning.LockFolder(run, "latco train")
	if err != nil {
		t.Fatal(err)
	}
	tasks := []sim.Task{{Name: "one", Title: "The one", Sparse: true}}
	sets := FindData(home, []string{elsewhere, broken, filepath.Join(home, "data", "mine")}, tasks)
	byName := map[string]DataSet{}
	for _, s := range sets {
		byName[s.Name] = s
	}
	if len(sets) != 4 {
		t.Fatalf("found %+v", sets)
	}
	if s := byName["mine"]; s.Title != "The one" || s.Episodes != 3 || s.Successes != 3 || s.Reward != learning.RewardSparse || s.Run != "" || s.InUse != "" || s.Bytes == 0 {
		t.Errorf("the user's set is %+v", s)
	}
	if s := byName["one-1/episodes/two"]; s.Run != run || !strings.Contains(s.InUse, "latco train") || s.Title != "two" {
		t.Errorf("the set of a run in training is %+v", s)
	}
	if s := byName["else"]; s.Task != "bare" || s.Problem != "" {
		t.Errorf("a set elsewhere is %+v", s)
	}
	if s := byName[filepath.Base(broken)]; !strings.Contains(s.Problem, "corrupt") {
		t.Errorf("a broken set is %+v", s)
	}
	if _, err := RemoveEpisodes(home, filepath.Join(run, "episodes", "two"), "test", []int{0}); err == nil {
		t.Error("deleted from a run in training")
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	set, err := RemoveEpisodes(home, filepath.Join(run, "episodes", "two"), "test", []int{0})
	if err != nil || set.Episodes() != 1 {
		t.Errorf("after the training: %v", err)
	}
	if FindData(filepath.Join(home, "nothing"), nil, nil) != nil {
		t.Error("found data where there is no folder")
	}
}

// browsing is an engine of fakes with a data set of n episodes of task one, of which
// number 2 is damaged.
func browsing(t *testing.T, n int) (l *live, dir string) {
	t.Helper()
	home := t.TempDir()
	dir = filepath.Join(home, "data", "mine")
	gather(t, "one", "scripted", dir, n)
	spoil(t, dir, 2)
	l = beginLive(t, new(props), func(c *Config) { c.Home = home })
	l.Do(ListData{})
	l.Do(OpenData{dir})
	l.until("the open set", func(s *State) bool { return s.Data.Listed && s.Data.Open != nil && s.Data.Opening == "" })
	return l, dir
}

func TestBrowsing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, dir := browsing(t, 5)
		defer l.stop()
		d := l.State().Data
		if len(d.Sets) != 1 || len(d.Open.Episodes) != 5 || d.Open.Title != "Rail one" || d.Open.Successes != 5 {
			t.Fatalf("data %+v", d)
		}
		if e := d.Open.Episodes[4]; e.Number != 4 || e.Policy != "scripted" || e.Steps != railSteps || !e.Success || e.Seed != learning.EpisodeSeed(3, 4) {
			t.Errorf("episode %+v", e)
		}
		l.Do(ShowThumbs{[]int{4, 2, 99, -1}})
		s := l.until("pictures", func(s *State) bool { return len(s.Data.Open.Thumbs) == 2 })
		if th := s.Data.Open.Thumbs[4]; th.Err != "" || th.Row != railSteps || th.Picture.Pix[0] != 255 { // the bead is beyond 1
			t.Errorf("picture of row %d, colour %d, %q", th.Row, th.Picture.Pix[0], th.Err)
		}
		if th := s.Data.Open.Thumbs[2]; th.Picture != nil || !strings.Contains(th.Err, "episode-000002.npz: truncated") {
			t.Errorf("the damaged one says %q", th.Err)
		}
		l.Do(ShowThumbs{[]int{1}})
		l.until("only what is wanted", func(s *State) bool { _, ok := s.Data.Open.Thumbs[1]; return ok && len(s.Data.Open.Thumbs) == 1 })

		l.Do(ChooseEpisode{1})
		s = l.until("frames", func(s *State) bool { c := s.Data.Chosen; return c != nil && !c.Reading })
		c := s.Data.Chosen
		if len(c.Frames) != railSteps+1 || len(c.Rewards) != railSteps+1 || c.Rewards[0] != 0 || c.Number != 1 || c.Err != "" {
			t.Errorf("%d frames, %d rewards, %+v", len(c.Frames), len(c.Rewards), c.DataEpisode)
		}
		if got, want := c.Returns[railSteps], c.Return; got < want-1e-6 || got > want+1e-6 {
			t.Errorf("the rewards sum up to %g, the manifest says %g", got, want)
		}
		l.Do(ChooseEpisode{2})
		s = l.until("the damage", func(s *State) bool { c := s.Data.Chosen; return c.Number == 2 && !c.Reading })
		if s.Data.Chosen.Frames != nil || !strings.Contains(s.Data.Chosen.Err, "truncated") {
			t.Errorf("the damaged one: %+v", s.Data.Chosen)
		}

		// Somebody goes on collecting.
		gather(t, "one", "scripted", dir, 7)
		l.until("the new ones", func(s *State) bool { return len(s.Data.Open.Episodes) == 7 && s.Data.Sets[0].Episodes == 7 })

		l.Do(OpenData{t.TempDir()})
		s = l.until("refusal", func(s *State) bool { return s.Status.Level == Failure })
		if !strings.Contains(s.Status.Text, "not a data set") || s.Data.Open.Dir != dir || s.Data.Opening != "" {
			t.Errorf("status %q, open %s, opening %q", s.Status.Text, s.Data.Open.Dir, s.Data.Opening)
		}
	})
}

func TestDeletingInTheBrowser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, dir := browsing(t, 6)
		defer l.stop()
		l.Do(ChooseEpisode{3})
		l.Do(DeleteEpisodes{[]int{3, 2, 3}})
		s := l.until("deletion", func(s *State) bool { return len(s.Data.Open.Episodes) == 4 })
		if s.Data.Undo != 2 || s.Data.Chosen != nil || s.Data.Sets[0].Episodes != 4 || s.Status.Text != "Deleted 2 episodes from mine." {
			t.Errorf("undo %d, chosen %v, sets %+v, status %q", s.Data.Undo, s.Data.Chosen, s.Data.Sets, s.Status.Text)
		}
		if n := []int{s.Data.Open.Episodes[2].Number, s.Data.Open.Episodes[3].Number}; !slices.Equal(n, []int{4, 5}) {
			t.Errorf("the last ones are %v", n)
		}
		l.Do(UndoDelete{})
		s = l.until("undo", func(s *State) bool { return len(s.Data.Open.Episodes) == 6 })
		if s.Data.Undo != 0 || s.Status.Text != "Brought back 2 episodes." {
			t.Errorf("undo %d, status %q", s.Data.Undo, s.Status.Text)
		}
		l.Do(UndoDelete{})
		l.until("nothing to undo", func(s *State) bool { return s.Status.Level == Failure })
		l.Do(DeleteEpisodes{[]int{9}})
		l.until("refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "no episode 9") })

		lock, err := learning.LockFolder(dir, "latco collect")
		if err != nil {
			t.Fatal(err)
		}
		l.Do(DeleteEpisodes{[]int{0}})
		s = l.until("refusal in use", func(s *State) bool { return strings.Contains(s.Status.Text, "in use by") })
		if len(s.Data.Open.Episodes) != 6 || !strings.Contains(s.Status.Text, "latco collect") {
			t.Errorf("%d episodes, status %q", len(s.Data.Open.Episodes), s.Status.Text)
		}
		l.until("use", func(s *State) bool {
			return strings.Contains(s.Data.Open.InUse, "latco collect") && s.Data.Sets[0].InUse != ""
		})
		if err := lock.Release(); err != nil {
			t.Fatal(err)
		}
		l.until("no use", func(s *State) bool { return s.Data.Open.InUse == "" })
		l.Do(DeleteEpisodes{[]int{0}})
		l.until("deletion", func(s *State) bool { return len(s.Data.Open.Episodes) == 5 })
		l.stop()
		// What was not brought back is gone for good.
		if files, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(files) != 6 || exists(filepath.Join(dir, ".deleted")) {
			t.Errorf("left %v, %v", files, err)
		}
	})
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}

func TestExporting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, dir := browsing(t, 4)
		defer l.stop()
		to := t.TempDir()
		l.Do(ExportEpisodes{Numbers: []int{1, 2, 0}, Format: ExportNPZ, To: to})
		s := l.until("the report", func(s *State) bool { return s.Status.Level == Warning })
		if !strings.HasPrefix(s.Status.Text, "Exported 2 episodes to "+to+"; left out 1 damaged: ") || !strings.Contains(s.Status.Text, "episode-000002.npz") {
			t.Errorf("status %q", s.Status.Text)
		}
		if s.Data.Export != nil {
			t.Error("the export goes on")
		}
		mine, err1 := os.ReadFile(filepath.Join(dir, "episode-000001.npz"))
		copied, err2 := os.ReadFile(filepath.Join(to, "mine-episode-000001.npz"))
		if err := errors.Join(err1, err2); err != nil || !slices.Equal(mine, copied) {
			t.Errorf("the copy differs: %v", err)
		}
		file := filepath.Join(to, "film.GIF")
		l.Do(ExportEpisodes{Numbers: []int{3}, Format: ExportGIF, To: file})
		l.until("the film", func(s *State) bool { return strings.HasSuffix(s.Status.Text, file+".") })
		if !exists(file) {
			t.Error("there is no film")
		}
		l.Do(ExportEpisodes{Numbers: []int{3}, Format: "mp4"})
		l.until("refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "known: gif, npz") })
	})
}

func TestCollectingInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		home := t.TempDir()
		l := beginLive(t, new(props), func(c *Config) { c.Home = home })
		defer l.stop()
		l.Do(SetTaskField{"gain", "2"})
		l.Do(CollectEpisodes{Policy: "scripted", Episodes: 3})
		s := l.until("the end", func(s *State) bool { return s.Data.Collect != nil && !s.Data.Collect.Running })
		if c := s.Data.Collect; c.Done != 3 || c.Err != "" || c.Policy != "scripted" || c.Title != "Rail one" {
			t.Errorf("%+v", c)
		}
		s = l.until("the set", func(s *State) bool {
			return s.Data.Open != nil && len(s.Data.Open.Episodes) == 3 && len(s.Data.Sets) == 1
		})
		if s.Data.Open.Settings["gain"] != "2" || s.Data.Open.InUse != "" {
			t.Errorf("settings %v, in use: %s", s.Data.Open.Settings, s.Data.Open.InUse)
		}
		l.Do(CollectEpisodes{Policy: "scripted", Episodes: 2}) // two more
		l.until("more", func(s *State) bool { return len(s.Data.Open.Episodes) == 5 && !s.Data.Collect.Running })
		l.Do(CollectEpisodes{Episodes: 0})
		l.until("refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "episodes cannot be 0") })
		l.Do(CollectEpisodes{Policy: "dreamt", Episodes: 1})
		s = l.until("refusal", func(s *State) bool { return s.Data.Collect.Err != "" })
		if s.Status.Level != Failure {
			t.Errorf("status %q", s.Status.Text)
		}
	})
}

// A collection is stopped at once and keeps what it has. Its folder is where training
// looks for data. (Time is real here: collecting never waits for it.)
func TestStoppingACollection(t *testing.T) {
	home := t.TempDir()
	l := beginLive(t, new(props), func(c *Config) { c.Home = home })
	l.Do(CollectEpisodes{Episodes: 5000})
	l.until("a few", func(s *State) bool { return s.Data.Collect != nil && s.Data.Collect.Done > 2 })
	l.Do(CollectEpisodes{Episodes: 1})
	l.until("refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "stop that first") })
	l.Do(StopCollecting{})
	s := l.until("stop", func(s *State) bool { return !s.Data.Collect.Running })
	if c := s.Data.Collect; c.Err != "" || c.Done < 3 || c.Done > 4000 || c.Policy != "random" ||
		c.Dir != filepath.Join(home, "data", dataName("one", map[string]string{"gain": "1"})) {
		t.Errorf("%+v", c)
	}
	l.until("the set", func(s *State) bool { return s.Data.Open != nil && len(s.Data.Open.Episodes) >= 3 })
	l.Do(CollectEpisodes{Episodes: 5000})
	l.until("more", func(s *State) bool { return s.Data.Collect.Running && s.Data.Collect.Done > 0 })
	l.stop() // in the middle
}

// The cache holds what was asked for lately, and not more than it may.
func TestThumbCacheIsBounded(t *testing.T) {
	var c thumbCache
	name := func(i int) string { return string(rune('a')) + time.Duration(i).String() }
	for i := range 5 * maxYoung {
		c.put(name(i), Thumb{Row: i})
		if _, ok := c.get(name(0)); !ok { // looked at all the time
			t.Fatalf("the first was forgotten after %d", i)
		}
	}
	if n := len(c.young) + len(c.old); n > 2*maxYoung {
		t.Errorf("%d pictures are kept", n)
	}
	if th, ok := c.get(name(5*maxYoung - 1)); !ok || th.Row != 5*maxYoung-1 {
		t.Error("the newest is not there")
	}
	if _, ok := c.get(name(1)); ok {
		t.Error("the oldest is still there")
	}
}
