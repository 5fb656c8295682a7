package cli

import (
	"reflect"
	"strings"
	"testing"
)

func TestActionsAreParsed(t *testing.T) {
	for text, want := range map[string][][]float64{
		"1,2\n-0.5,1e-3\n":                {{1, 2}, {-0.5, 1e-3}},
		"# push forward\n 1 , 2\r\n\n3,4": {{1, 2}, {3, 4}},
		"0.25":                            {{0.25}},
		"\"1\",\"2\"\n":                   {{1, 2}},
	} {
		if got, err := parseActions(strings.NewReader(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":             "no actions",
		"# nothing\n":  "no actions",
		"1,2\n3\n":     "line 2: 1 numbers, the first action has 2",
		"1,2\n\n3,x\n": `line 3, column 2: "x" is not a finite number`,
		"1,NaN\n":      `line 1, column 2: "NaN" is not a finite number`,
		"x,y\n1,2\n":   `line 1, column 1: "x"`,
		"1,\n":         `line 1, column 2: ""`,
		"1,1e999\n":    "line 1, column 2",
		"1,2\n\"3,4\n": "line 2",
		"1;2\n":        `"1;2" is not a finite number`,
	} {
		if got, err := parseActions(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want an error with %q", text, got, err, want)
		}
	}
}

// Whatever a file holds, actions are rows of one length of finite numbers.
func FuzzActions(f *testing.F) {
	for _, seed := range []string{"1,2\n3,4\n", "#\n1", "\"1\n\",2", "1,\xff\n", "nan"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		actions, err := parseActions(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, a := range actions {
			if len(a) != len(actions[0]) || len(a) == 0 {
				t.Fatalf("%q: rows of %d and %d numbers", text, len(actions[0]), len(a))
			}
			for _, x := range a {
				if x-x != 0 {
					t.Fatalf("%q: %g", text, x)
				}
			}
		}
	})
}
