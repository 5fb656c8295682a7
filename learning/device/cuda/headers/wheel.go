package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// wheel is a Python package of NVIDIA's and the files wanted of it.
type wheel struct {
	name, version string
	files         map[string]string // SHA-256 by path below its include folder
}

// address asks pip where the package lies. The headers of one platform serve all.
func (w wheel) address(python string) (string, error) {
	cmd := exec.Command(python, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-deps",
		"--only-binary", ":all:", "--platform", "manylinux1_x86_64", "--platform", "manylinux2014_x86_64", "--target", os.TempDir(), "--report", "-",
		w.name+"=="+w.version)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("asking pip for %s %s: %w\n%s", w.name, w.version, err, said.Bytes())
	}
	var report struct {
		Install []struct {
			DownloadInfo struct {
				URL string `json:"url"`
			} `json:"download_info"`
		} `json:"install"`
	}
	if err := json.Unmarshal(out, &report); err != nil || len(report.Install) != 1 {
		return "", fmt.Errorf("asking pip for %s %s: its report names no package (%v)", w.name, w.version, err)
	}
	return report.Install[0].DownloadInfo.URL, nil
}

// extract reads the wanted files out of the package, without the rest of it, and
// writes them into dir. It returns the number of bytes written.
func (w wheel) extract(client *http.Client, url, dir string) (int64, error) {
	file, err := open(client, url)
	if err != nil {
		return 0, err
	}
	archive, err := zip.NewReader(file, file.size)
	if err != nil {
		return 0, err
	}
	written, left := int64(0), len(w.files)
	for _, member := range archive.File {
		_, name, _ := strings.Cut(member.Name, "/include/")
		sum, wanted := w.files[name]
		if !wanted {
			continue
		}
		n, err := save(member, sum, filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", member.Name, err)
		}
		written += n
		left--
	}
	if left != 0 {
		return 0, fmt.Errorf("%d of %d files are not in it", left, len(w.files))
	}
	return written, nil
}

// save writes a member whose contents have the sum.
func save(member *zip.File, sum, name string) (int64, error) {
	r, err := member.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	if got := hexSum(text); got != sum {
		return 0, fmt.Errorf("its SHA-256 is %s, want %s", got, sum)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return 0, err
	}
	return int64(len(text)), os.WriteFile(name, text, 0o644)
}

func hexSum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func fileSum(name string) (string, error) {
	text, err := os.ReadFile(name)
	return hexSum(text), err
}
