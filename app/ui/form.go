package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latco-studio/latco/resources/setting"
)

// form shows settings, one a row, the first few at once and the rest on
// request. It is rebuilt only when other fields come.
type form struct {
	root   *fyne.Container
	desk   *desk
	first  int // rows that are always shown
	keys   []string
	rows   []*fieldRow
	rest   *fyne.Container
	more   *button
	commit func(key, value string)
}

func newForm(d *desk, first int, commit func(key, value string)) *form {
	f := &form{desk: d, first: first, commit: commit}
	f.more = newButton(d, "", nil, "", f.toggle).quiet()
	f.more.Hide()
	f.root = container.New(layout.NewCustomPaddedVBoxLayout(0))
	return f
}

func (f *form) show(fields []setting.Field) {
	if !f.fits(fields) {
		f.build(fields)
		return
	}
	for i, field := range fields {
		f.rows[i].show(field)
	}
}

// fits reports whether the rows are those of the fields.
func (f *form) fits(fields []setting.Field) bool {
	if len(f.keys) != len(fields) {
		return false
	}
	for i, field := range fields {
		if f.keys[i] != rowKey(field) {
			return false
		}
	}
	return true
}

// rowKey changes whenever a row has to be built anew.
func rowKey(f setting.Field) string {
	return fmt.Sprint(f.Key, f.Title, f.Min, f.Max, f.Choices)
}

func (f *form) build(fields []setting.Field) {
	f.keys, f.rows = nil, nil
	f.root.RemoveAll()
	f.rest = container.New(layout.NewCustomPaddedVBoxLayout(0))
	for i, field := range fields {
		row := newFieldRow(f.desk, field, f.commit)
		f.keys, f.rows = append(f.keys, rowKey(field)), append(f.rows, row)
		if i < f.first {
			f.root.Add(row.root)
		} else {
			f.rest.Add(row.root)
		}
	}
	f.rest.Hide()
	f.root.Add(f.rest)
	f.relabel()
}

func (f *form) toggle() {
	f.rest.Hidden = !f.rest.Hidden
	f.relabel()
	f.root.Refresh()
}

func (f *form) relabel() {
	n := len(f.rest.Objects)
	setHidden(f.more, n == 0)
	switch {
	case !f.rest.Hidden:
		f.more.label("fewer settings ▾")
	case f.first == 0:
		f.more.label("show ▸")
	default:
		f.more.label(fmt.Sprintf("%d more settings ▸", n))
	}
}
