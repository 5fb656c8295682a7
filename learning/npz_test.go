package learning

import (
	"archive/zip"
	"bytes"
	"errors"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestEpisodeFileRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 10 {
		want := randomEpisode(t, rng, rng.Intn(6), 1+rng.Intn(4), rng.Intn(4))
		path := filepath.Join(t.TempDir(), "e.npz")
		if err := WriteEpisode(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := ReadEpisode(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatal("what was read is not what was written")
		}
	}
}

// testdata/numpy.npz was written by numpy.savez_compressed (make_npz.py there).
func TestReadsWhatNumPyWrote(t *testing.T) {
	e, err := ReadEpisode("testdata/numpy.npz")
	if err != nil {
		t.Fatal(err)
	}
	if e.Steps() != 2 || e.ActionDim != 2 || e.StateDim != 3 {
		t.Fatalf("steps %d, action %d, state %d", e.Steps(), e.ActionDim, e.StateDim)
	}
	for i, p := range e.Pixels {
		if p != uint8(i%251) {
			t.Fatalf("pixel %d is %d, want %d", i, p, i%251)
		}
	}
	if !reflect.DeepEqual(e.Actions, []float32{0, 0, 0.5, -0.5, 1, -1}) || e.Return(RewardShaped) != 21 {
		t.Errorf("actions %v, return %g", e.Actions, e.Return(RewardShaped))
	}
}

// Every file cut short, and every file with one byte changed, is an error or,
// where the byte carries no data (a zip's dates), the same episode.
func TestDamagedEpisodeFiles(t *testing.T) {
	rng := rand.New(rand.NewSource(2))
	want := randomEpisode(t, rng, 2, 2, 1)
	file, err := encodeEpisode(want)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bad.npz")
	for range 200 {
		cut := rng.Intn(len(file))
		os.WriteFile(path, file[:cut], 0o644)
		_, err := ReadEpisode(path)
		if !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrForeign) {
			t.Fatalf("cut at %d of %d: %v", cut, len(file), err)
		}
		if !strings.Contains(err.Error(), path) {
			t.Fatalf("error does not name the file: %v", err)
		}
	}
	for range 400 {
		bad := bytes.Clone(file)
		at := rng.Intn(len(bad))
		bad[at] ^= 1 << rng.Intn(8)
		got, err := decodeEpisode(bad)
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("a bit changed at %d gave another episode", at)
		}
		if _, typed := err.(*FileError); err != nil && !typed {
			t.Fatalf("untyped error %v", err)
		}
	}
}

func TestForeignEpisodeFiles(t *testing.T) {
	var foreign bytes.Buffer
	z := zip.NewWriter(&foreign)
	w, _ := z.Create("weights.npy")
	w.Write(appendNPY(nil, []float32{1, 2}, 2))
	z.Close()
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"text":          {[]byte("hello, this is not an episode"), "not an .npz file"},
		"empty":         {nil, "not an .npz file"},
		"other npz":     {foreign.Bytes(), "an .npz without metadata.json"},
		"other version": {rewrite(t, `"format": 1`, `"format": 7`), "episode format 7"},
		"other rows":    {rewrite(t, `"rows": 3`, `"rows": 4`), "metadata.json says [4"},
		"bad metadata":  {rewrite(t, `"rows": 3`, `"rows": x`), "metadata.json"},
	} {
		_, err := decodeEpisode(c.file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.want)
		}
	}
}

// rewrite is a sound episode file in whose metadata from is replaced by to.
func rewrite(t *testing.T, from, to string) []byte {
	t.Helper()
	file, err := encodeEpisode(countingEpisode(t, 1, 2, 2))
	if err != nil {
		t.Fatal(err)
	}
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		data, err := readMember(f)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == metadataName {
			if !bytes.Contains(data, []byte(from)) {
				t.Fatalf("no %q in %s", from, data)
			}
			data = bytes.Replace(data, []byte(from), []byte(to), 1)
		}
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
	}
	z.Close()
	return out.Bytes()
}

func FuzzReadEpisode(f *testing.F) {
	file, err := encodeEpisode(countingEpisode(f, 1, 1, 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := decodeEpisode(data)
		if err != nil {
			if _, typed := err.(*FileError); !typed {
				t.Fatalf("untyped error %T %v", err, err)
			}
			return
		}
		if err := e.Validate(); err != nil {
			t.Fatalf("accepted an unsound episode: %v", err)
		}
	})
}

func FuzzParseNPY(f *testing.F) {
	f.Add(appendNPY(nil, []float32{1, 2, 3, 4}, 2, 2))
	f.Add(appendNPY(nil, []float32{}, 3, 0))
	f.Add([]byte(npyMagic + "\x02\x00\x10\x00\x00\x00{'descr': '<f4'}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		xs, shape, err := parseNPY[float32](data)
		if err != nil {
			return
		}
		n := 1
		for _, d := range shape {
			n *= d
		}
		if n != len(xs) {
			t.Fatalf("shape %v with %d numbers", shape, len(xs))
		}
	})
}
