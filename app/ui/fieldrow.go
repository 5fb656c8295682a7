package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/resources/setting"
)

// fieldRow is one setting of a form: its title, a control for its kind, and
// below, if what was typed is wrong, why. It works on a copy of the field.
type fieldRow struct {
	root   fyne.CanvasObject
	field  setting.Field
	scale  fieldScale
	slide  *slider
	number *entry
	list   *choice
	tick   *check
	reason *text
	commit func(key, value string)
}

func newFieldRow(d *desk, f setting.Field, commit func(key, value string)) *fieldRow {
	r := &fieldRow{field: copyField(f), commit: commit, reason: newCaption("")}
	r.reason.color = theme.ColorNameError
	r.reason.cut = true
	r.reason.Hide()
	title := newHint(d, f.Title, fieldTip(f))
	row := container.New(fieldLayout{}, append([]fyne.CanvasObject{title}, r.controls(d)...)...)
	r.root = container.New(layout.NewCustomPaddedVBoxLayout(0), row, r.reason)
	r.display(f.String())
	return r
}

// controls makes the one or two objects beside the title.
func (r *fieldRow) controls(d *desk) []fyne.CanvasObject {
	tip := fieldTip(r.field)
	switch r.field.Value.(type) {
	case *bool:
		r.tick = newCheck(d, "", tip, func(on bool) { r.try(fmt.Sprint(on)) })
		return []fyne.CanvasObject{r.tick}
	case *string:
		r.list = newChoice(d, r.field.Choices, tip, r.try)
		return []fyne.CanvasObject{tight(r.list)}
	}
	r.number = newEntry(d, tip, r.try)
	scale, bounded := scaleOf(r.field)
	if !bounded || unwieldy(r.field) {
		return []fyne.CanvasObject{tight(r.number)}
	}
	r.scale = scale
	r.slide = newSlider(d, tip, scale.steps())
	r.slide.OnChanged = func(at float64) { r.number.setText(scale.text(at)) }
	r.slide.OnChangeEnded = func(at float64) { r.try(scale.text(at)) }
	return []fyne.CanvasObject{blue(r.slide), tight(r.number)}
}

// unwieldy numbers have a range so wide that a slider cannot set them.
func unwieldy(f setting.Field) bool { return !f.Log && f.Max-f.Min > 5000 }

// try takes what was entered if the field allows it, else says why not and
// leaves the value alone.
func (r *fieldRow) try(value string) {
	before := r.field.String()
	if err := r.field.Set(value); err != nil {
		r.complain(fmt.Sprintf("%s is not %s", quoted(value), wanted(r.field)))
		return
	}
	r.complain("")
	r.display(r.field.String())
	if r.field.String() != before {
		r.commit(r.field.Key, r.field.String())
	}
}

func quoted(s string) string {
	if s == "" {
		return "an empty field"
	}
	return "“" + s + "”"
}

func (r *fieldRow) complain(why string) {
	r.reason.set(why)
	if hidden := why == ""; hidden != r.reason.Hidden {
		r.reason.Hidden = hidden
		r.root.Refresh()
	}
}

// show follows the state. A complaint stays until the value changes.
func (r *fieldRow) show(f setting.Field) {
	if f.String() == r.field.String() {
		return
	}
	if err := r.field.Set(f.String()); err != nil {
		r.complain(err.Error())
		return
	}
	r.complain("")
	r.display(f.String())
}

// display puts a value into the controls without reporting it.
func (r *fieldRow) display(value string) {
	switch v := r.field.Value.(type) {
	case *bool:
		r.tick.setChecked(*v)
		return
	case *string:
		r.list.setChosen(*v)
		return
	case *int:
		r.position(float64(*v))
	case *float64:
		r.position(*v)
		value = plain(*v)
	}
	r.number.setText(value)
}

func (r *fieldRow) position(v float64) {
	if r.slide == nil {
		return
	}
	if at := r.scale.position(v); r.slide.Value != at {
		r.slide.Value = at
		r.slide.Refresh()
	}
}

// copyField gives a field a value of its own; those of a state are immutable.
func copyField(f setting.Field) setting.Field {
	switch v := f.Value.(type) {
	case *bool:
		f.Value = own(v)
	case *int:
		f.Value = own(v)
	case *float64:
		f.Value = own(v)
	case *string:
		f.Value = own(v)
	}
	return f
}

func own[T any](v *T) *T {
	c := *v
	return &c
}

// fieldTip explains a setting: name and unit, what it does, what it may be.
func fieldTip(f setting.Field) string {
	head := f.Title
	if f.Unit != "" {
		head += " (" + f.Unit + ")"
	}
	want := wanted(f)
	if f.Log {
		want += ", logarithmic"
	}
	return head + "\n" + f.Help + "\n" + want
}

// wanted is what a field may be, in words.
func wanted(f setting.Field) string { return power(f.Want()) }

// fieldLayout is title | control over the rest, or title | slider | number.
type fieldLayout struct{}

const (
	fieldTitle  = 0.36 // of the row
	fieldNumber = 74   // width of a number
)

func (fieldLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(27)
	for _, c := range o {
		h = max(h, c.MinSize().Height)
	}
	return fyne.NewSize(220, h)
}

func (fieldLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	place := func(c fyne.CanvasObject, x, w float32) {
		h := min(c.MinSize().Height, size.Height)
		c.Move(fyne.NewPos(x, (size.Height-h)/2))
		c.Resize(fyne.NewSize(w, h))
	}
	title := size.Width * fieldTitle
	place(o[0], 0, title-6)
	if len(o) == 3 {
		place(o[1], title, size.Width-title-fieldNumber-6)
		place(o[2], size.Width-fieldNumber, fieldNumber)
		return
	}
	place(o[1], title, size.Width-title)
}
