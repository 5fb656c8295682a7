package learning

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/latco-studio/latco/learning/rssm"
)

// someCheckpoint has random numbers everywhere.
func someCheckpoint(t testing.TB) *Checkpoint {
	t.Helper()
	cfg := tinyConfig(t)
	p, err := rssm.NewParams(cfg, 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	p.Updates = 12
	rng := rand.New(rand.NewSource(3))
	noise := func() []float32 {
		xs := make([]float32, len(p.Values))
		for i := range xs {
			xs[i] = rng.Float32()
		}
		return xs
	}
	return &Checkpoint{
		Run: Run{Task: "lottery", ActionDim: 2, Preset: "class", Config: cfg, Settings: DefaultSettings(),
			Seed: 4, Data: "data", Command: "latco train", Version: "v1"},
		Counters: Counters{Updates: 12, Frames: 300, Episodes: 2, SinceCollect: 3, WallS: 1.5},
		Replay:   []EpisodeRef{{"episode-000000.npz", "ab", true, true, 0}, {"episode-000001.npz", "cd", false, false, 0}},
		Evicted:  7,
		State:    rssm.TrainerState{Params: p, First: noise(), Second: noise(), Step: 12, Noise: []byte{1, 2, 3}},
	}
}

func encoded(t testing.TB, write func(path string) error) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := write(path); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func encodedCheckpoint(t testing.TB, c *Checkpoint) []byte {
	dir := t.TempDir()
	path, err := SaveCheckpoint(dir, c, 0)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCheckpointRoundTripAndRetention(t *testing.T) {
	dir := t.TempDir()
	want := someCheckpoint(t)
	for want.Updates = 8; want.Updates < 13; want.Updates++ {
		if _, err := SaveCheckpoint(dir, want, 3); err != nil {
			t.Fatal(err)
		}
	}
	want.Updates = 12
	all, err := Checkpoints(dir)
	if err != nil || len(all) != 3 || filepath.Base(all[0]) != "checkpoint-000000012.latco" {
		t.Fatalf("kept %v, %v", all, err)
	}
	got, path, err := LoadNewest(dir)
	if err != nil || path != all[0] {
		t.Fatal(path, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v\nwrote\n%+v", got, want)
	}
	stat, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	os.Truncate(path, stat.Size()-1)
	got, path, err = LoadNewest(dir)
	if err != nil || path != all[1] || got.Updates != 11 {
		t.Errorf("the newest is damaged: %s, %v", path, err)
	}
	for _, path := range all[1:] {
		os.Truncate(path, 20)
	}
	_, _, err = LoadNewest(dir)
	if !errors.Is(err, ErrTruncated) || !strings.Contains(err.Error(), all[0]) || !strings.Contains(err.Error(), "newest of 3") {
		t.Errorf("all are damaged: %v", err)
	}
	if _, at, err := LoadRun(dir); err != nil || at.Updates != 12 {
		t.Errorf("the run of a file that is cut short after its header: %+v, %v", at, err)
	}
}

func TestDamagedCheckpoints(t *testing.T) {
	file := encodedCheckpoint(t, someCheckpoint(t))
	rng := rand.New(rand.NewSource(5))
	for range 300 {
		n := rng.Intn(len(file))
		want := ErrTruncated
		if n == 0 {
			want = ErrForeign
		}
		if _, err := decodeCheckpoint(file[:n]); !errors.Is(err, want) {
			t.Fatalf("cut at %d of %d: %v, want %v", n, len(file), err, want)
		}
		bad := bytes.Clone(file)
		at := rng.Intn(len(bad))
		bad[at] ^= 1 << rng.Intn(8)
		if _, err := decodeCheckpoint(bad); err == nil {
			t.Fatalf("a bit changed at %d of %d went unnoticed", at, len(file))
		}
	}
	other := bytes.Clone(file)
	binary.LittleEndian.PutUint32(other[8:], 7)
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"png":         {[]byte("\x89PNG\r\n\x1a\n and so on"), ErrForeign},
		"version":     {other, ErrVersion},
		"appended":    {append(bytes.Clone(file), 0), ErrCorrupt},
		"number":      {flip(file, len(file)-40), ErrCorrupt},
		"newer":       {renamed(t, file, `"held_out"`, `"held_up!"`), ErrVersion},
		"newer model": {renamed(t, file, `"deter":`, `"deterr":`), ErrVersion},
		"range":       {renamed(t, file, `"keep_checkpoints":3`, `"keep_checkpoints":-3`), ErrCorrupt},
		"model file":  {encodedModel(t, false), ErrForeign},
		"bad moments": {momentless(t), ErrCorrupt},
	} {
		if _, err := decodeCheckpoint(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func flip(file []byte, at int) []byte {
	bad := bytes.Clone(file)
	bad[at] ^= 0x10
	return bad
}

// renamed is a sound file in whose header something is called otherwise.
func renamed(t testing.TB, file []byte, old, new string) []byte {
	n, err := parsePreamble(file)
	if err != nil {
		t.Fatal(err)
	}
	header := bytes.Replace(file[preambleSize:preambleSize+n], []byte(old), []byte(new), 1)
	if bytes.Equal(header, file[preambleSize:preambleSize+n]) {
		t.Fatalf("the header does not say %s", old)
	}
	return sealed(header, file[preambleSize+n:len(file)-32])
}

// momentless is a sound file whose moments do not fit its parameters.
func momentless(t testing.TB) []byte {
	c := someCheckpoint(t)
	c.State.First = c.State.First[1:]
	return encodedCheckpoint(t, c)
}

func TestModelHeaderRefusesOtherSizes(t *testing.T) {
	c := someCheckpoint(t)
	bigger := *c.State.Params
	bigger.Config.Deter++
	_, err := decodeModel(encoded(t, func(path string) error {
		return SaveModel(path, &Model{Params: &bigger}, false)
	}))
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "values") {
		t.Errorf("parameters that do not fit the configuration: %v", err)
	}
	m := &Model{Manifest{Task: "lottery"}, c.State.Params}
	if err := m.CheckFor("m.latco", "lottery", 2); err != nil {
		t.Error(err)
	}
	var mismatch *MismatchError
	if err := m.CheckFor("m.latco", "reach", 4); !errors.As(err, &mismatch) || len(mismatch.Differences) != 2 {
		t.Errorf("another task: %v", err)
	}
}

func encodedModel(t testing.TB, half bool) []byte {
	c := someCheckpoint(t)
	return encoded(t, func(path string) error {
		return SaveModel(path, &Model{Manifest{Name: "lottery", Task: "lottery", Seed: 4,
			Eval: []Evaluation{{Planner: "cem", Episodes: 100, Outcomes: map[string]int{"sure": 9}}}}, c.State.Params}, half)
	})
}

func TestModelFile(t *testing.T) {
	want := someCheckpoint(t).State.Params
	full, half := encodedModel(t, false), encodedModel(t, true)
	if ratio := float64(len(half)) / float64(len(full)); ratio > 0.6 {
		t.Errorf("float16 takes %.2f of the size", ratio)
	}
	bundle := fstest.MapFS{"models/full.latco": {Data: full}, "models/half.latco": {Data: half}}
	m, err := LoadModelFS(bundle, "models/full.latco")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(m.Params, want) || m.Manifest.Storage != "float32" || m.Manifest.Eval[0].Outcomes["sure"] != 9 {
		t.Errorf("read %+v", m.Manifest)
	}
	if m, err = LoadModelFS(bundle, "models/half.latco"); err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i, v := range want.Values {
		worst = max(worst, abs64(float64(v)-float64(m.Params.Values[i])))
	}
	if worst == 0 || worst != m.Manifest.MaxError || worst > 1.0/2048 {
		t.Errorf("weights moved by up to %g, the manifest says %g", worst, m.Manifest.MaxError)
	}
	manifest, err := ReadManifest(bundle, "models/half.latco")
	if err != nil || !reflect.DeepEqual(manifest, m.Manifest) {
		t.Errorf("manifest alone: %+v, %v", manifest, err)
	}
	if _, err := LoadModelFS(bundle, "models/none"); err == nil || !strings.Contains(err.Error(), "models/none") {
		t.Errorf("missing: %v", err)
	}
}

func abs64(x float64) float64 { return max(x, -x) }

func TestModelOfACheckpoint(t *testing.T) {
	c := someCheckpoint(t)
	path, err := SaveCheckpoint(t.TempDir(), c, 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := LoadModel(path)
	if err != nil || !reflect.DeepEqual(m.Params, c.State.Params) || m.Manifest.Task != "lottery" || m.Manifest.Updates != 12 {
		t.Fatalf("%+v, %v", m, err)
	}
	manifest, err := ReadManifestFile(path)
	if err != nil || !reflect.DeepEqual(manifest, m.Manifest) {
		t.Errorf("manifest alone: %+v, %v", manifest, err)
	}
	os.Truncate(path, 15)
	for _, err := range []error{func() error { _, err := ReadManifestFile(path); return err }(),
		func() error { _, err := LoadModel(path); return err }()} {
		if !errors.Is(err, ErrTruncated) || !strings.Contains(err.Error(), path) {
			t.Errorf("truncated: %v", err)
		}
	}
}

func TestTooLargeForHalf(t *testing.T) {
	p := someCheckpoint(t).State.Params
	p.Values[3] = 1e5
	path := filepath.Join(t.TempDir(), "m")
	if err := SaveModel(path, &Model{Params: p}, true); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was left")
	}
}

func FuzzDecodeModel(f *testing.F) {
	f.Add(encodedModel(f, true))
	f.Add(encodedCheckpoint(f, someCheckpoint(f)))
	f.Add([]byte(containerMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := decodeModel(data)
		if err != nil {
			if _, typed := err.(*FileError); !typed {
				t.Fatalf("untyped error %T %v", err, err)
			}
			return
		}
		if err := m.Params.Validate(); err != nil {
			t.Fatalf("accepted unsound parameters: %v", err)
		}
	})
}

// Fuzzing seldom finds a checksum, so here the body is fuzzed and sealed.
func FuzzSealedContainer(f *testing.F) {
	for _, file := range [][]byte{encodedModel(f, false), encodedCheckpoint(f, someCheckpoint(f))} {
		n := int(binary.LittleEndian.Uint32(file[12:]))
		f.Add(file[preambleSize:preambleSize+n], file[preambleSize+n:len(file)-32])
	}
	f.Fuzz(func(t *testing.T, header, body []byte) {
		file := sealed(header, body)
		if _, err := decodeModel(file); err != nil {
			if _, typed := err.(*FileError); !typed {
				t.Fatalf("untyped error %T %v", err, err)
			}
		}
	})
}

// sealed is a container with a sound preamble and checksum around anything.
func sealed(header, body []byte) []byte {
	file := []byte(containerMagic)
	file = binary.LittleEndian.AppendUint32(file, containerVersion)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(header)))
	file = binary.LittleEndian.AppendUint64(file, uint64(preambleSize+len(header)+len(body)+sha256.Size))
	file = append(append(file, header...), body...)
	sum := sha256.Sum256(file)
	return append(file, sum[:]...)
}

// Lists are made from headers alone, with the same errors as the whole file.
func TestHeadersOfDamagedFiles(t *testing.T) {
	file := encodedModel(t, false)
	version := bytes.Clone(file)
	version[8] = 9
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"empty":    {nil, ErrForeign},
		"text":     {[]byte("some text that is longer than a preamble is"), ErrForeign},
		"preamble": {file[:20], ErrTruncated},
		"header":   {file[:100], ErrTruncated},
		"version":  {version, ErrVersion},
		"json":     {sealed([]byte("{"), nil), ErrCorrupt},
		"kind":     {sealed([]byte(`{"kind":"plan"}`), nil), ErrForeign},
	} {
		bundle := fstest.MapFS{"m": {Data: c.file}}
		if _, err := ReadManifest(bundle, "m"); !errors.Is(err, c.want) {
			t.Errorf("%s: header alone: %v, want %v", name, err, c.want)
		}
		if _, err := LoadModelFS(bundle, "m"); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, _, err := LoadRun(t.TempDir()); !errors.Is(err, ErrNoRun) {
		t.Errorf("a folder without a run: %v", err)
	}
}

// Checkpoints from before there was a scratch file dropped episodes beyond their
// memory, and go on doing so.
func TestOldCheckpointsKeepTheirCapacity(t *testing.T) {
	c := someCheckpoint(t)
	c.Settings.CapacityMB, c.Settings.MemoryMB = 0, 2048
	dir := t.TempDir()
	path, err := SaveCheckpoint(dir, c, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := LoadCheckpoint(path)
	if err != nil || got.Settings.CapacityMB != 2048 {
		t.Errorf("capacity %d MB, %v", got.Settings.CapacityMB, err)
	}
	run, _, err := LoadRun(dir)
	if err != nil || run.Settings.CapacityMB != 2048 {
		t.Errorf("capacity %d MB, %v", run.Settings.CapacityMB, err)
	}
}
