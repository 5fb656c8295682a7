package learning

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

// The container of checkpoints and model files, little-endian:
//
//	magic    8 bytes "LATCO\r\n\x1a" (a text-mode copy damages it visibly)
//	version  uint32
//	header   uint32, its length in bytes
//	total    uint64, length of the whole file
//	header   JSON: kind, the contents' own header, the table of blobs
//	blobs    one after the other, as the table says
//	sum      SHA-256 of everything before it
const (
	containerMagic   = "LATCO\r\n\x1a"
	containerVersion = 1
	preambleSize     = 8 + 4 + 4 + 8
)

// container is a JSON header with runs of float32, of one kind of file.
type container[H any] struct {
	Kind   string
	Header H
	Blobs  []blob
}

// blob is a named run of float32. Half stores it as float16.
type blob struct {
	Name   string
	Half   bool
	Values []float32
}

type containerHeader[H any] struct {
	Kind     string      `json:"kind"`
	Contents H           `json:"contents"`
	Blobs    []blobEntry `json:"blobs"`
}

type blobEntry struct {
	Name  string `json:"name"`
	Type  string `json:"type"` // float32 or float16
	Count int    `json:"count"`
}

func (e blobEntry) bytes() (int, bool) {
	size := map[string]int{"float32": 4, "float16": 2}[e.Type]
	if size == 0 || e.Count < 0 || e.Count > math.MaxInt/8 {
		return 0, false
	}
	return size * e.Count, true
}

// write streams the file to w.
func (c *container[H]) write(w io.Writer) error {
	h := containerHeader[H]{Kind: c.Kind, Contents: c.Header, Blobs: make([]blobEntry, len(c.Blobs))}
	total := preambleSize + sha256.Size
	for i, b := range c.Blobs {
		h.Blobs[i] = blobEntry{b.Name, "float32", len(b.Values)}
		if b.Half {
			h.Blobs[i].Type = "float16"
		}
		n, _ := h.Blobs[i].bytes()
		total += n
	}
	header, err := json.Marshal(h)
	if err != nil {
		return err
	}
	total += len(header)

	sum := sha256.New()
	out := io.MultiWriter(w, sum)
	pre := append([]byte(nil), containerMagic...)
	pre = binary.LittleEndian.AppendUint32(pre, containerVersion)
	pre = binary.LittleEndian.AppendUint32(pre, uint32(len(header)))
	pre = binary.LittleEndian.AppendUint64(pre, uint64(total))
	if _, err := out.Write(append(pre, header...)); err != nil {
		return err
	}
	buf := make([]byte, 0, 1<<16)
	for _, b := range c.Blobs {
		for rest := b.Values; len(rest) > 0; {
			n := min(len(rest), 1<<14)
			buf = appendFloats(buf[:0], rest[:n], b.Half)
			if _, err := out.Write(buf); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

func appendFloats(buf []byte, xs []float32, half bool) []byte {
	for _, x := range xs {
		if half {
			buf = binary.LittleEndian.AppendUint16(buf, toHalf(x))
		} else {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
	}
	return buf
}

// parseContainer reads a whole file. kinds are the acceptable ones. What is
// wrong with it is a *FileError without a path.
func parseContainer[H any](file []byte, kinds ...string) (*container[H], error) {
	headerLen, err := parsePreamble(file)
	if err != nil {
		return nil, err
	}
	body, sum := file[:len(file)-sha256.Size], file[len(file)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(sum, want[:]) {
		return nil, flaw(ErrCorrupt, "checksum differs")
	}
	h, err := parseContainerHeader[H](file[preambleSize:preambleSize+headerLen], kinds)
	if err != nil {
		return nil, err
	}
	c := &container[H]{Kind: h.Kind, Header: h.Contents}
	rest := body[preambleSize+headerLen:]
	for _, e := range h.Blobs {
		n, ok := e.bytes()
		if !ok || n > len(rest) {
			return nil, flaw(ErrCorrupt, "blob %.40q: %d of %.20q do not fit", e.Name, e.Count, e.Type)
		}
		b := blob{Name: e.Name, Half: e.Type == "float16", Values: make([]float32, e.Count)}
		for i := range b.Values {
			if b.Half {
				b.Values[i] = fromHalf(binary.LittleEndian.Uint16(rest[2*i:]))
			} else {
				b.Values[i] = math.Float32frombits(binary.LittleEndian.Uint32(rest[4*i:]))
			}
		}
		c.Blobs = append(c.Blobs, b)
		rest = rest[n:]
	}
	if len(rest) > 0 {
		return nil, flaw(ErrCorrupt, "%d bytes that no blob owns", len(rest))
	}
	return c, nil
}

// parsePreamble checks what needs no checksum and returns the header's length.
func parsePreamble(file []byte) (headerLen int, err error) {
	n := min(len(file), len(containerMagic))
	if string(file[:n]) != containerMagic[:n] || len(file) == 0 {
		return 0, flaw(ErrForeign, "neither a checkpoint nor a model file")
	}
	if len(file) < preambleSize {
		return 0, flaw(ErrTruncated, "%d bytes", len(file))
	}
	if v := binary.LittleEndian.Uint32(file[8:]); v != containerVersion {
		return 0, flaw(ErrVersion, "format %d, this program reads %d", v, containerVersion)
	}
	header := uint64(binary.LittleEndian.Uint32(file[12:]))
	total := binary.LittleEndian.Uint64(file[16:])
	switch have := uint64(len(file)); {
	case have < total:
		return 0, flaw(ErrTruncated, "%d of %d bytes", have, total)
	case have > total:
		return 0, flaw(ErrCorrupt, "%d bytes, should be %d", have, total)
	case header > total || total < preambleSize+sha256.Size+header:
		return 0, flaw(ErrCorrupt, "header of %d bytes in a file of %d", header, total)
	}
	return int(header), nil
}

func parseContainerHeader[H any](text []byte, kinds []string) (h containerHeader[H], err error) {
	// The kind first: another kind's contents need not fit H.
	var only struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(text, &only); err != nil {
		return h, flaw(ErrCorrupt, "header: %v", err)
	}
	found := false
	for _, k := range kinds {
		found = found || k == only.Kind
	}
	if !found {
		return h, flaw(ErrForeign, "a %.40q file, want %v", only.Kind, kinds)
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return h, flaw(ErrCorrupt, "header: %v", err)
	}
	return h, nil
}

// blob finds a blob by name.
func (c *container[H]) blob(name string) ([]float32, error) {
	for _, b := range c.Blobs {
		if b.Name == name {
			return b.Values, nil
		}
	}
	return nil, flaw(ErrCorrupt, "no blob %s", name)
}

// readContainerHeader reads no more of r than preamble and header, without the
// checksum: enough to list what there is.
func readContainerHeader[H any](r io.Reader, kinds ...string) (h containerHeader[H], err error) {
	pre := make([]byte, preambleSize)
	if n, err := io.ReadFull(r, pre); err != nil {
		if _, bad := parsePreamble(pre[:n]); bad != nil {
			return h, bad
		}
		return h, fmt.Errorf("read header: %w", err)
	}
	if string(pre[:len(containerMagic)]) != containerMagic {
		return h, flaw(ErrForeign, "neither a checkpoint nor a model file")
	}
	if v := binary.LittleEndian.Uint32(pre[8:]); v != containerVersion {
		return h, flaw(ErrVersion, "format %d, this program reads %d", v, containerVersion)
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(binary.LittleEndian.Uint32(pre[12:]))))
	if err != nil {
		return h, err
	}
	if len(text) < int(binary.LittleEndian.Uint32(pre[12:])) {
		return h, flaw(ErrTruncated, "header")
	}
	return parseContainerHeader[H](text, kinds)
}
