package peers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
)

// Peer is a program of Python that has opened its work. It belongs to one goroutine.
type Peer struct {
	About About

	name   string
	folder string // its sources and parameters, removed when it closes
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	errs   tail // to be read when it has ended
}

// About is what a peer says of itself.
type About struct {
	Version    string               `json:"version"` // of the framework
	Device     string               `json:"device"`  // in words
	Parameters int                  `json:"parameters"`
	Check      map[string][]float64 `json:"check"` // as in Reference
}

// request is what a peer is told.
type request struct {
	Device     string        `json:"device"`
	TF32       bool          `json:"tf32"`
	Threads    int           `json:"threads"`
	Variant    string        `json:"variant"`
	Double     bool          `json:"double"` // the check in float64
	Config     rssm.Config   `json:"config"`
	Actions    int           `json:"actions"`
	LatCo      Collocate     `json:"latco"`
	Layout     []rssm.Tensor `json:"layout"`
	Parameters string        `json:"parameters"` // file of float32
	Work       Work          `json:"work"`
}

// MissingError says which package of Python a peer needs.
type MissingError struct {
	Program Program
	Python  string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s has no %s; %s -m pip install %s", e.Python, e.Program.Title, e.Python, e.Program.Pip)
}

// Find returns a *MissingError if the interpreter does not have the program's
// framework, another error if it does not run.
func (p Program) Find(ctx context.Context, python string) error {
	const ask = "import importlib.util, sys; sys.exit(3 if any(importlib.util.find_spec(m) is None for m in sys.argv[1:]) else 0)"
	err := exec.CommandContext(ctx, python, "-c", ask, p.Module, "numpy").Run()
	var code *exec.ExitError
	if errors.As(err, &code) && code.ExitCode() == 3 {
		return &MissingError{p, python}
	}
	if err != nil {
		return fmt.Errorf("running %s: %w", python, err)
	}
	return nil
}

// Open starts the program and has it prepare work with the parameters, compiling
// what it compiles. It ends when ctx does or Close is called. What it computes has
// been compared with Reference.
func (p Program) Open(ctx context.Context, where Place, params *rssm.Params, work Work) (*Peer, error) {
	if err := Supported(&params.Config); err != nil {
		return nil, err
	}
	work.Actions = params.ActionDim
	peer, err := p.start(ctx, where.Python, params, request{
		Device: where.Device, TF32: where.TF32, Threads: where.Threads, Variant: p.variant,
		Config: params.Config, Actions: params.ActionDim, LatCo: made, Layout: params.Layout(), Work: work,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Title, err)
	}
	if err := peer.compare(params); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", p.Title, err), peer.Close())
	}
	return peer, nil
}

// start runs the program and reads what it says of itself.
func (p Program) start(ctx context.Context, python string, params *rssm.Params, r request) (*Peer, error) {
	folder, err := os.MkdirTemp("", "latco-peer-*")
	if err != nil {
		return nil, err
	}
	peer := &Peer{name: p.Name, folder: folder}
	r.Parameters = filepath.Join(folder, "parameters")
	if err := errors.Join(writeSources(folder), writeNumbers(r.Parameters, params.Values)); err != nil {
		return nil, errors.Join(err, peer.Close())
	}
	// -B: the folder goes away, byte code would be compiled for nothing.
	cmd := exec.CommandContext(ctx, python, "-B", "-m", p.folder+".program")
	cmd.Dir, cmd.Stderr = folder, &peer.errs
	cmd.Env = append(os.Environ(), fmt.Sprintf("OMP_NUM_THREADS=%d", r.Threads),
		"XLA_PYTHON_CLIENT_PREALLOCATE=false") // or JAX takes most of a card for itself
	cmd.WaitDelay = 10 * time.Second
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, errors.Join(err, peer.Close())
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, errors.Join(err, peer.Close())
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, peer.Close())
	}
	peer.cmd, peer.in, peer.out = cmd, in, bufio.NewReader(out)
	line, err := json.Marshal(r)
	if err == nil {
		err = peer.ask(line, &peer.About)
	}
	if err != nil {
		return nil, errors.Join(err, peer.Close())
	}
	return peer, nil
}

// Run does the work once and returns how long it took, by the peer's own clock.
func (p *Peer) Run() (time.Duration, error) {
	var answer struct{ MS float64 }
	if err := p.ask(nil, &answer); err != nil {
		return 0, fmt.Errorf("%s: %w", p.name, err)
	}
	return time.Duration(answer.MS * float64(time.Millisecond)), nil
}

// ask sends a line and reads the answer.
func (p *Peer) ask(line []byte, answer any) error {
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return p.died(err)
	}
	text, err := p.out.ReadBytes('\n')
	if err != nil {
		return p.died(err)
	}
	var failure struct{ Error string }
	if err := json.Unmarshal(text, &failure); err != nil {
		return fmt.Errorf("reading its answer: %w", err)
	}
	if failure.Error != "" {
		return errors.New(failure.Error)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("reading its answer: %w", err)
	}
	return nil
}

// died is why a program does not answer: the last line it wrote.
func (p *Peer) died(err error) error {
	p.end()
	if last := p.errs.last(); last != "" {
		return fmt.Errorf("the program ended: %s", last)
	}
	return fmt.Errorf("the program ended: %w", err)
}

// Close ends the program and waits for it.
func (p *Peer) Close() error {
	p.end()
	return os.RemoveAll(p.folder)
}

// end lets the program end and waits for it. What there was to say has been said.
func (p *Peer) end() {
	if p.cmd == nil {
		return
	}
	p.in.Close()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.cmd.Wait()
	p.cmd = nil
}

func writeSources(folder string) error {
	return fs.WalkDir(sources, "python", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(folder, strings.TrimPrefix(path, "python"))
		if d.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		text, err := sources.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o600)
	})
}

func writeNumbers(path string, values []float32) error {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, values); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// tail keeps the end of what a program writes to its standard error.
type tail struct{ text []byte }

func (t *tail) Write(b []byte) (int, error) {
	const most = 8 << 10
	t.text = append(t.text, b...)
	if n := len(t.text); n > most {
		t.text = append(t.text[:0], t.text[n-most:]...)
	}
	return len(b), nil
}

// last is the last line that is not empty.
func (t *tail) last() string {
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
