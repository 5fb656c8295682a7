package learning

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// NumPy's array format, version 1.0 (NEP 1): a magic string, a header that is a
// Python dictionary, the numbers in C order.

const npyMagic = "\x93NUMPY"

// npyNumber are the element types an episode has, with their NumPy names.
type npyNumber interface{ uint8 | float32 | float64 }

func npyType[N npyNumber]() string {
	switch any(*new(N)).(type) {
	case uint8:
		return "|u1"
	case float32:
		return "<f4"
	}
	return "<f8"
}

// appendNPY appends the .npy file of data with the given shape to buf.
func appendNPY[N npyNumber](buf []byte, data []N, shape ...int) []byte {
	dims := make([]string, len(shape))
	for i, n := range shape {
		dims[i] = strconv.Itoa(n)
	}
	tuple := strings.Join(dims, ", ")
	if len(shape) == 1 {
		tuple += ","
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", npyType[N](), tuple)
	// Magic, version, length and header together fill whole 64-byte blocks.
	pad := 63 - (len(npyMagic)+4+len(header))%64
	header += strings.Repeat(" ", pad) + "\n"

	buf = append(buf, npyMagic...)
	buf = append(buf, 1, 0)
	buf = binary.LittleEndian.AppendUint16(buf, uint16(len(header)))
	buf = append(buf, header...)
	switch d := any(data).(type) {
	case []uint8:
		buf = append(buf, d...)
	case []float32:
		for _, x := range d {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
	case []float64:
		for _, x := range d {
			buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(x))
		}
	}
	return buf
}

// parseNPY reads a .npy file whose element type must be N. The returned error
// is a *FileError without a path.
func parseNPY[N npyNumber](file []byte) (data []N, shape []int, err error) {
	descr, shape, body, err := parseNPYHeader(file)
	if err != nil {
		return nil, nil, err
	}
	if want := npyType[N](); descr != want {
		return nil, nil, flaw(ErrForeign, "element type %s, want %s", descr, want)
	}
	size := 1
	switch any(*new(N)).(type) {
	case float32:
		size = 4
	case float64:
		size = 8
	}
	n, ok := elements(shape, len(body)/size)
	if !ok || len(body) != n*size {
		return nil, nil, flaw(ErrTruncated, "shape %v does not fit %d bytes", shape, len(body))
	}
	data = make([]N, n)
	switch d := any(data).(type) {
	case []uint8:
		copy(d, body)
	case []float32:
		for i := range d {
			d[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
		}
	case []float64:
		for i := range d {
			d[i] = math.Float64frombits(binary.LittleEndian.Uint64(body[8*i:]))
		}
	}
	return data, shape, nil
}

// elements is the product of shape, if it is at most limit.
func elements(shape []int, limit int) (n int, ok bool) {
	if slices.Contains(shape, 0) {
		return 0, true
	}
	n = 1
	for _, d := range shape {
		if n > limit/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

func parseNPYHeader(file []byte) (descr string, shape []int, body []byte, err error) {
	if len(file) < 10 || string(file[:6]) != npyMagic {
		return "", nil, nil, flaw(ErrForeign, "not a NumPy array")
	}
	start, n := 10, int(binary.LittleEndian.Uint16(file[8:]))
	if major := file[6]; major == 2 || major == 3 {
		if len(file) < 12 {
			return "", nil, nil, flaw(ErrTruncated, "array header")
		}
		start, n = 12, int(binary.LittleEndian.Uint32(file[8:]))
	} else if major != 1 {
		return "", nil, nil, flaw(ErrForeign, "NumPy array format %d", major)
	}
	if n > len(file)-start {
		return "", nil, nil, flaw(ErrTruncated, "array header")
	}
	text := string(file[start : start+n])
	descr, ok1 := dictValue(text, "descr")
	order, ok2 := dictValue(text, "fortran_order")
	tuple, ok3 := dictValue(text, "shape")
	if !ok1 || !ok2 || !ok3 {
		return "", nil, nil, flaw(ErrForeign, "array header %.80q", text)
	}
	if order != "False" {
		return "", nil, nil, flaw(ErrForeign, "array is in Fortran order")
	}
	for _, d := range strings.Split(strings.Trim(tuple, "()"), ",") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		k, err := strconv.Atoi(d)
		if err != nil || k < 0 {
			return "", nil, nil, flaw(ErrForeign, "array shape %.40q", tuple)
		}
		shape = append(shape, k)
	}
	return strings.Trim(descr, "'\""), shape, file[start+n:], nil
}

// dictValue finds key in the text of a Python dictionary of strings, names and
// tuples.
func dictValue(text, key string) (string, bool) {
	i := strings.Index(text, "'"+key+"'")
	if i < 0 {
		return "", false
	}
	rest := strings.TrimLeft(text[i+len(key)+2:], " ")
	rest, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return "", false
	}
	rest = strings.TrimLeft(rest, " ")
	end := strings.IndexAny(rest, ",}")
	if strings.HasPrefix(rest, "(") {
		end = strings.Index(rest, ")") + 1
	}
	if end <= 0 {
		return "", false
	}
	return strings.TrimSpace(rest[:end]), true
}
