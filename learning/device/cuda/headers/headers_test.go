package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// big is a package with 2 MB that nobody wants around what is wanted.
func big(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i, name := range []string{"lib/first", "nvidia/a/include/cuda.h", "lib/middle", "nvidia/a/include/nv/target", "lib/last"} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(name, "lib/") {
			w.Write(make([]byte, 1<<20))
		} else {
			fmt.Fprintf(w, "header %d", i)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHeadersAreReadOutOfTheMiddle(t *testing.T) {
	file, sent := big(t), 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(counted{w, &sent}, r, "x.whl", time.Time{}, bytes.NewReader(file))
	}))
	defer server.Close()
	w := wheel{"nvidia-a", "1", map[string]string{"cuda.h": hexSum([]byte("header 1")), "nv/target": hexSum([]byte("header 3"))}}
	dir := t.TempDir()
	n, err := w.extract(server.Client(), server.URL, dir)
	if err != nil || n != 16 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	for name, want := range map[string]string{"cuda.h": "header 1", "nv/target": "header 3"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	if sent > len(file)/10 {
		t.Errorf("%d of %d bytes crossed", sent, len(file))
	}
	w.files["cuda.h"] = hexSum([]byte("another"))
	if _, err := w.extract(server.Client(), server.URL, t.TempDir()); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("another header gave %v", err)
	}
	w.files = map[string]string{"missing.h": ""}
	if _, err := w.extract(server.Client(), server.URL, t.TempDir()); err == nil || !strings.Contains(err.Error(), "1 of 1 files are not in it") {
		t.Errorf("a header that is not there gave %v", err)
	}
}

func TestServersThatGiveNoParts(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "everything") }))
	defer server.Close()
	if _, err := open(server.Client(), server.URL); err == nil || !strings.Contains(err.Error(), "asked for a part") {
		t.Errorf("a server that sends the whole file gave %v", err)
	}
}

// counted counts what is sent.
type counted struct {
	http.ResponseWriter
	n *int
}

func (c counted) Write(p []byte) (int, error) {
	*c.n += len(p)
	return c.ResponseWriter.Write(p)
}
