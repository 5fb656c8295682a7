package main

import (
	"bufio"
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/latco-studio/latco"

// rule is one row of the import law (ARCHITECTURE.md): what packages below a
// folder may import. What is not listed is forbidden; std is always allowed.
type rule struct {
	dir  string   // the longest matching prefix rules
	ours []string // folders of this module, with everything below
	outs []string // prefixes of other modules
	cgo  bool     // may import "C"
}

var law = []rule{
	{dir: ".", ours: []string{"app"}},
	{dir: "resources"},
	{dir: "render", ours: []string{"render"}},
	{dir: "render/gl", ours: []string{"render", "resources"}, outs: []string{"github.com/go-gl/gl/"}},
	{dir: "render/gl/egl", ours: []string{"render"}, outs: []string{"github.com/go-gl/gl/"}, cgo: true},
	{dir: "render/gl/glfw", ours: []string{"render"}, outs: []string{"github.com/go-gl/"}, cgo: true},
	{dir: "planning", ours: []string{"planning", "resources/setting", "resources/philox"}, outs: []string{"gonum.org/v1/gonum"}},
	{dir: "learning", ours: []string{"learning", "resources"}, outs: []string{
		"gorgonia.org/gorgonia", "gorgonia.org/tensor", "gorgonia.org/cu", "gonum.org/v1/",
		"github.com/chewxy/hm", "go4.org/unsafe/assume-no-moving-gc"}},
	{dir: "learning/device", ours: []string{"learning/device", "resources"}, outs: []string{
		"gorgonia.org/cu", "gonum.org/v1/"}, cgo: true},
	{dir: "sim", ours: []string{"sim", "render", "resources"}},
	{dir: "sim/mujoco", ours: []string{"render"}, cgo: true},
	{dir: "app", ours: []string{"app", "render/gl/glfw", "resources"}, outs: []string{"fyne.io/fyne/v2"}},
	{dir: "app/engine", ours: []string{"app/engine", "sim", "learning", "planning", "render", "resources"},
		outs: []string{"golang.org/x/sync/errgroup", "gonum.org/v1/"}},
	{dir: "app/ui", ours: []string{"app/ui", "app/engine", "planning", "learning", "render", "resources"},
		outs: []string{"fyne.io/fyne/v2"}},
	{dir: "app/cli", ours: []string{"app/cli", "app/engine", "sim", "learning", "planning", "render", "resources"}},
}

// TestImportLaw fails for every import that the law does not list.
func TestImportLaw(t *testing.T) {
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && file != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") {
			return nil
		}
		seen++
		checkFile(t, filepath.ToSlash(file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 20 {
		t.Fatalf("only %d Go files found: the walk is broken", seen)
	}
}

func checkFile(t *testing.T, file string) {
	r, ok := ruleFor(path.Dir(file))
	if !ok {
		t.Errorf("%s: no row of the import law covers this folder", file)
		return
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if !r.allows(name) {
			t.Errorf("%s imports %s, which the law forbids below %s", file, name, r.dir)
		}
	}
}

func ruleFor(dir string) (rule, bool) {
	for {
		for _, r := range law {
			if r.dir == dir {
				return r, true
			}
		}
		if dir == "." || !strings.Contains(dir, "/") {
			return rule{}, false
		}
		dir = path.Dir(dir)
	}
}

func (r rule) allows(name string) bool {
	if name == "C" {
		return r.cgo
	}
	if rest, ok := strings.CutPrefix(name, module+"/"); ok {
		return anyPrefix(rest+"/", r.ours, "/")
	}
	if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
		return true // std
	}
	return anyPrefix(name, r.outs, "")
}

func anyPrefix(name string, prefixes []string, end string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p+end) {
			return true
		}
	}
	return false
}

// TestTreeSpeaksOfItselfOnly keeps paths of one machine out of the sources.
func TestTreeSpeaksOfItselfOnly(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil || len(home) < 4 {
		home = "/home/"
	}
	err = filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" || d.Name() == "bin" || d.Name() == "dist" {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(file) {
		case ".go", ".md", ".c", ".h", ".toml", ".xml", ".glsl", ".sh", ".json":
		default:
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		for n := 1; lines.Scan(); n++ {
			if strings.Contains(lines.Text(), home+"/") {
				t.Errorf("%s:%d names a folder of one machine", file, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
