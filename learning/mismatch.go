package learning

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latco-studio/latco/resources/setting"
)

// Difference is one respect in which a file is not what was asked for.
type Difference struct{ Field, Have, Want string }

// MismatchError says in what a sound file differs from what was asked for: the
// file has Have, the caller wants Want.
type MismatchError struct {
	Path        string
	Differences []Difference
}

func (e *MismatchError) Error() string {
	parts := make([]string, len(e.Differences))
	for i, d := range e.Differences {
		parts[i] = fmt.Sprintf("%s is %s, want %s", d.Field, d.Have, d.Want)
	}
	return e.Path + ": made for something else: " + strings.Join(parts, "; ")
}

// compare notes a difference if have and want do not print alike.
func (e *MismatchError) compare(field string, have, want any) {
	if h, w := fmt.Sprint(have), fmt.Sprint(want); h != w {
		e.Differences = append(e.Differences, Difference{field, h, w})
	}
}

// compareFields notes every field whose value differs, but for the given keys.
func (e *MismatchError) compareFields(have, want []setting.Field, but []string) {
	wanted := setting.Map(want)
	for _, f := range have {
		if !slices.Contains(but, f.Key) {
			e.compare(f.Key, f.String(), wanted[f.Key])
		}
	}
}

// compareMaps notes every key of either map whose value differs, or is missing. A
// file that has no map at all says nothing about it.
func (e *MismatchError) compareMaps(kind string, have, want map[string]string) {
	if have == nil {
		return
	}
	keys := maps.Clone(have)
	maps.Copy(keys, want)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		e.compare(kind+key, cmp.Or(have[key], "unset"), cmp.Or(want[key], "unset"))
	}
}

// compareKnown is compareMaps for the keys that the file has: what came to be
// settable later has its default in both.
func (e *MismatchError) compareKnown(kind string, have, want map[string]string) {
	known := map[string]string{}
	for key := range have {
		if text, ok := want[key]; ok {
			known[key] = text
		}
	}
	e.compareMaps(kind, have, known)
}

// at is the error for the file at path, nil if nothing differs.
func (e *MismatchError) at(path string) error {
	if len(e.Differences) == 0 {
		return nil
	}
	e.Path = path
	return e
}
