package learning

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// TimeLapseName is the file of a run folder with its TimeLapse, little-endian:
//
//	magic    8 bytes "LATCOTL\x1a"
//	version  uint32
//	header   uint32, its length in bytes
//	header   JSON
//	truth    its frames
//	shots    one after the other
//	sum      32 bytes, SHA-256 of all before
//
// Frames are differences from the frame before, deflated (RFC 1951).
const TimeLapseName = "timelapse" + fileSuffix

const (
	lapseMagic    = "LATCOTL\x1a"
	lapseVersion  = 1
	lapsePreamble = len(lapseMagic) + 8
)

// LoadTimeLapse reads the time-lapse of a run folder. If there is none the error
// wraps fs.ErrNotExist.
func LoadTimeLapse(dir string) (*TimeLapse, error) {
	path := filepath.Join(dir, TimeLapseName)
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, atPath(path, err)
	}
	l, err := parseTimeLapse(file)
	return l, atPath(path, err)
}

// write streams the file to w.
func (l *TimeLapse) write(w io.Writer) error {
	header, err := json.Marshal(l.header)
	if err != nil {
		return err
	}
	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	pre := binary.LittleEndian.AppendUint32([]byte(lapseMagic), lapseVersion)
	pre = binary.LittleEndian.AppendUint32(pre, uint32(len(header)))
	for _, part := range append([][]byte{pre, header, l.truth}, l.shots...) {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

// parseTimeLapse reads a whole file. What is wrong with it is a *FileError without a
// path. Frames are unpacked only when they are wanted.
func parseTimeLapse(file []byte) (*TimeLapse, error) {
	if n := min(len(file), len(lapseMagic)); n == 0 || string(file[:n]) != lapseMagic[:n] {
		return nil, flaw(ErrForeign, "not a time-lapse")
	}
	if len(file) < lapsePreamble+sha256.Size {
		return nil, flaw(ErrTruncated, "%d bytes", len(file))
	}
	if v := binary.LittleEndian.Uint32(file[len(lapseMagic):]); v != lapseVersion {
		return nil, flaw(ErrVersion, "format %d, this program reads %d", v, lapseVersion)
	}
	body, sum := file[:len(file)-sha256.Size], file[len(file)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(sum, want[:]) {
		return nil, flaw(ErrCorrupt, "checksum differs")
	}
	n, rest := binary.LittleEndian.Uint32(file[len(lapseMagic)+4:]), body[lapsePreamble:]
	if uint64(n) > uint64(len(rest)) {
		return nil, flaw(ErrCorrupt, "header of %d bytes in a file of %d", n, len(file))
	}
	l := &TimeLapse{}
	if err := json.Unmarshal(rest[:n], &l.header); err != nil {
		return nil, flaw(ErrCorrupt, "header: %v", err)
	}
	return l, l.take(rest[n:])
}

// take cuts the blobs into truth and shots, and checks that all fits together.
func (l *TimeLapse) take(blobs []byte) error {
	h := &l.header
	switch {
	case h.Rows < 1 || h.Rows > maxPredicted || h.Context < 0 || h.Context > h.Rows,
		h.ActionDim < 1 || len(h.Actions) != h.Rows*h.ActionDim || len(h.Rewards) != h.Rows,
		h.Doubled < 0 || h.Doubled > 30 || h.Task < 0 || len(h.Shots) > mostShots:
		return flaw(ErrCorrupt, "%d rows, %d of context, %d actions of %d, %d rewards, %d shots dropped %d times",
			h.Rows, h.Context, len(h.Actions), h.ActionDim, len(h.Rewards), len(h.Shots), h.Doubled)
	}
	cut := func(n int) ([]byte, bool) {
		if n < 0 || n > len(blobs) {
			return nil, false
		}
		part := blobs[:n:n]
		blobs = blobs[n:]
		return part, true
	}
	var ok bool
	if l.truth, ok = cut(h.Truth); !ok {
		return flaw(ErrCorrupt, "truth of %d bytes", h.Truth)
	}
	last := 0
	for _, s := range h.Shots {
		shot, ok := cut(s.Bytes)
		if !ok || s.Updates <= last {
			return flaw(ErrCorrupt, "shot of %d bytes after %d updates", s.Bytes, s.Updates)
		}
		l.shots, last = append(l.shots, shot), s.Updates
	}
	if len(blobs) > 0 {
		return flaw(ErrCorrupt, "%d bytes that belong to no shot", len(blobs))
	}
	pixels, err := unpackFrames(l.truth, h.Rows)
	if err != nil {
		return err
	}
	l.episode = &Episode{Info: h.Info, ActionDim: h.ActionDim, Pixels: pixels, Actions: h.Actions,
		Rewards: h.Rewards, SparseRewards: h.Rewards}
	return nil
}

// maxPredicted is the greatest open_loop_length.
const maxPredicted = 1000

// openLapse finds the time-lapse of a run that goes on. One that is damaged is set
// aside and begun anew.
func (s *session) openLapse() error {
	s.lapse = &TimeLapse{}
	if !s.opts.Resume {
		return nil
	}
	l, err := LoadTimeLapse(s.opts.Out)
	var bad *FileError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.As(err, &bad) && (isDamage(err) || errors.Is(err, ErrVersion)):
		aside := bad.Path + damagedSuffix
		if err := os.Rename(bad.Path, aside); err != nil {
			return err
		}
		s.skipped = append(s.skipped, &FileError{bad.Path, bad.Reason, bad.Detail + "; kept as " + filepath.Base(aside) + ", begun anew"})
		return nil
	case err != nil:
		return err
	}
	l.cut(s.counters.Updates)
	s.lapse = l
	return nil
}
