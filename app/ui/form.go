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
	first  int  // rows that are always shown
	lazy   bool // the rest is made when it is asked for
	fields []setting.Field
	keys   []string
	rows   []*fieldRow // of the first fields, as many as were made
	rest   *fyne.Container
	more   *button
	commit func(key, value string)
	opened func(all bool) // the rest was shown or hidden; nil: nobody asks
}

func newForm(d *desk, first int, commit func(key, value string)) *form {
	f := &form{desk: d, first: first, commit: commit}
	f.more = newButton(d, "", nil, "", f.toggle).quiet()
	f.more.Hide()
	f.root = container.New(layout.NewCustomPaddedVBoxLayout(0))
	return f
}

func (f *form) show(fields []setting.Field) {
	f.fields = fields
	if !f.fits(fields) {
		f.build()
		return
	}
	for i, row := range f.rows {
		row.show(fields[i])
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

// flawed says that something typed is not what a setting may be.
func (f *form) flawed() bool {
	for _, r := range f.rows {
		if !r.reason.Hidden {
			return true
		}
	}
	return false
}

func (f *form) build() {
	f.keys, f.rows = nil, nil
	f.root.RemoveAll()
	f.rest = container.New(layout.NewCustomPaddedVBoxLayout(0))
	f.rest.Hide()
	for _, field := range f.fields {
		f.keys = append(f.keys, rowKey(field))
	}
	f.make(f.first)
	f.root.Add(f.rest)
	if !f.lazy {
		f.make(len(f.fields))
	}
	f.relabel()
}

// make adds rows until there are n; the first come before the rest.
func (f *form) make(n int) {
	for i := len(f.rows); i < min(n, len(f.fields)); i++ {
		row := newFieldRow(f.desk, f.fields[i], f.commit)
		f.rows = append(f.rows, row)
		if i < f.first {
			f.root.Add(row.root)
		} else {
			f.rest.Add(row.root)
		}
	}
}

func (f *form) toggle() {
	f.make(len(f.fields))
	f.rest.Hidden = !f.rest.Hidden
	f.relabel()
	if f.opened != nil {
		f.opened(!f.rest.Hidden)
	}
	f.root.Refresh()
}

func (f *form) relabel() {
	n := max(0, len(f.fields)-f.first)
	setHidden(f.more, n == 0)
	switch {
	case !f.rest.Hidden:
		f.more.label("fewer settings ▾")
	case f.first == 0:
		f.more.label("show ▸")
	default:
		f.more.label(fmt.Sprintf("%d more setting%s ▸", n, unless(n == 1, "s")))
	}
}
