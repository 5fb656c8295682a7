// Package setting describes adjustable values: what they are called, what
// range they have, what they mean. A window draws a form from the description,
// the command line parses key=value with it, and both get the same errors.
package setting

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Field describes one value of a settings struct. Value points into the struct:
// *float64, *int, *bool or *string (a string always has Choices).
type Field struct {
	Key   string // stable identifier, used by -set key=value and in files
	Title string // label in a form
	Unit  string // "" when dimensionless
	Help  string // one sentence: what it is and what raising it does

	Min, Max float64  // inclusive range of a number
	Log      bool     // a slider should be logarithmic
	Choices  []string // the allowed strings

	Value any
}

// RangeError says which field was set to what, and what it may be.
type RangeError struct {
	Key   string
	Value string
	Want  string
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("setting %s = %s: want %s", e.Key, e.Value, e.Want)
}

// UnknownError names a key that no field has, and the keys there are.
type UnknownError struct {
	Key   string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no setting %q; known: %s", e.Key, strings.Join(e.Known, ", "))
}

// Want describes the allowed values in words.
func (f Field) Want() string {
	switch f.Value.(type) {
	case *bool:
		return "true or false"
	case *string:
		return "one of " + strings.Join(f.Choices, ", ")
	case *int:
		return fmt.Sprintf("a whole number in [%g, %g]", f.Min, f.Max)
	}
	return fmt.Sprintf("a number in [%g, %g]", f.Min, f.Max)
}

// String is the present value as Set would accept it.
func (f Field) String() string {
	switch v := f.Value.(type) {
	case *bool:
		return strconv.FormatBool(*v)
	case *string:
		return *v
	case *int:
		return strconv.Itoa(*v)
	case *float64:
		return strconv.FormatFloat(*v, 'g', -1, 64)
	}
	panic(fmt.Sprintf("setting: field %s points to a %T", f.Key, f.Value))
}

// Set parses text into the value, or leaves it alone and returns a *RangeError.
func (f Field) Set(text string) error {
	bad := &RangeError{f.Key, text, f.Want()}
	switch v := f.Value.(type) {
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return bad
		}
		*v = b
	case *string:
		for _, c := range f.Choices {
			if c == text {
				*v = text
				return nil
			}
		}
		return bad
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil || float64(n) < f.Min || float64(n) > f.Max {
			return bad
		}
		*v = n
	case *float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || x < f.Min || x > f.Max {
			return bad
		}
		*v = x
	}
	return nil
}

// Copy is the field with a value of its own.
func (f Field) Copy() Field {
	switch v := f.Value.(type) {
	case *bool:
		c := *v
		f.Value = &c
	case *string:
		c := *v
		f.Value = &c
	case *int:
		c := *v
		f.Value = &c
	case *float64:
		c := *v
		f.Value = &c
	}
	return f
}

// Check returns an error for the first field whose value is out of range. It
// only reads, so that goroutines that share a struct may check it together.
func Check(fields []Field) error {
	for _, f := range fields {
		if err := f.Copy().Set(f.String()); err != nil {
			return err
		}
	}
	return nil
}

// Set finds the field called key and sets it.
func Set(fields []Field, key, text string) error {
	known := make([]string, 0, len(fields))
	for _, f := range fields {
		if f.Key == key {
			return f.Set(text)
		}
		known = append(known, f.Key)
	}
	return &UnknownError{key, known}
}

// Map is every field's value as text, for files and reports.
func Map(fields []Field) map[string]string {
	m := make(map[string]string, len(fields))
	for _, f := range fields {
		m[f.Key] = f.String()
	}
	return m
}
