package ui

import (
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// buttons follow what can be done.
func (t *dataTab) buttons(s *engine.State) {
	some := len(t.grid.picked) > 0
	t.replay.able(s.Data.Replay != nil || s.Data.Chosen != nil && s.Data.Chosen.Err == "")
	t.save.able(some || s.Data.Export != nil)
	export, save := "Export", theme.DocumentSaveIcon()
	if w := s.Data.Export; w != nil {
		export, save = fmt.Sprintf("Stop at %d of %d", w.Done, w.Total), theme.MediaStopIcon()
	}
	t.save.label(export)
	t.save.icon(save)
	t.erase.able(some)
	label, icon := "Play in 3D", theme.MediaPlayIcon()
	if s.Data.Replay != nil {
		label, icon = "Back to the scene", theme.NavigateBackIcon()
	}
	t.replay.label(label)
	t.replay.icon(icon)
	t.undone.set(episodes(s.Data.Undo) + " deleted")
}

// count says how many are picked, if more than one.
func (t *dataTab) count() {
	n := len(t.grid.picked)
	t.picked.set(unless(n < 2, whole(n)+" picked"))
	if t.state != nil {
		t.buttons(t.state)
	}
}

// toggleReplay plays the chosen episode in the scene, or brings the scene back.
func (t *dataTab) toggleReplay() {
	switch {
	case t.state != nil && t.state.Data.Replay != nil:
		t.desk.send(engine.Stop{})
	case t.grid.chosen() >= 0:
		t.desk.send(engine.ReplayEpisode{Number: t.grid.chosen()})
	}
}

// follow plays the episode that was chosen where the last one was played.
func (t *dataTab) follow(number int) {
	if t.state != nil && t.state.Data.Replay != nil {
		t.desk.send(engine.ReplayEpisode{Number: number})
	}
}

// confirm asks before the picked episodes are deleted.
func (t *dataTab) confirm() {
	numbers := t.grid.selection()
	if len(numbers) == 0 || t.state == nil || t.state.Data.Open == nil {
		return
	}
	set := t.state.Data.Open
	if set.InUse != "" {
		ask(t.desk, "Read only", "Nothing can be deleted from this data set now: "+set.InUse, "", nil)
		return
	}
	title := fmt.Sprintf("Delete %s?", episodes(len(numbers)))
	if len(numbers) == 1 {
		title = fmt.Sprintf("Delete episode %d?", numbers[0])
	}
	ask(t.desk, title, "From “"+dataLabel(set.DataSet)+"”. Undo brings back what was deleted last, until the window is closed.", "Delete",
		func() { t.desk.send(engine.DeleteEpisodes{Numbers: numbers}) })
}

// exportMenu opens above the Export button, which stops an export that goes on.
func (t *dataTab) exportMenu() {
	if t.state != nil && t.state.Data.Export != nil {
		t.desk.send(engine.StopExport{})
		return
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t.save)
	t.popUp(at.AddXY(0, -4), true, t.exportItems())
}

// menu is what a right click offers.
func (t *dataTab) menu(at fyne.Position) {
	replay := "Play in 3D"
	if t.state != nil && t.state.Data.Replay != nil {
		replay = "Back to the scene"
	}
	items := append([]*fyne.MenuItem{fyne.NewMenuItem(replay, t.toggleReplay), fyne.NewMenuItemSeparator()}, t.exportItems()...)
	t.popUp(at, false, append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem("Delete …", t.confirm)))
}

// popUp shows a menu below a place, or above it.
func (t *dataTab) popUp(at fyne.Position, above bool, items []*fyne.MenuItem) {
	t.desk.tips.drop()
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), t.desk.canvas)
	if above {
		at.Y -= menu.MinSize().Height
	}
	menu.ShowAtPosition(at)
}

func (t *dataTab) exportItems() []*fyne.MenuItem {
	return []*fyne.MenuItem{
		fyne.NewMenuItem("Animated GIF", func() { t.export(engine.ExportGIF, "") }),
		fyne.NewMenuItem("NumPy archive (.npz)", func() { t.export(engine.ExportNPZ, "") }),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Animated GIF to …", func() { t.exportTo(engine.ExportGIF) }),
		fyne.NewMenuItem("NumPy archive to …", func() { t.exportTo(engine.ExportNPZ) }),
	}
}

// export writes the picked episodes; "" is the folder for exports.
func (t *dataTab) export(format, to string) {
	if numbers := t.grid.selection(); len(numbers) > 0 {
		t.desk.send(engine.ExportEpisodes{Numbers: numbers, Format: format, To: to})
	}
}

// exportTo asks where to: for a file if one episode is picked, else for a folder.
func (t *dataTab) exportTo(format string) {
	numbers := t.grid.selection()
	if len(numbers) != 1 {
		d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
			if err != nil {
				dialog.ShowError(err, t.desk.window)
			} else if folder != nil {
				t.export(format, folder.Path())
			}
		}, t.desk.window)
		t.place(d)
		return
	}
	d := dialog.NewFileSave(func(file fyne.URIWriteCloser, err error) {
		if err != nil {
			dialog.ShowError(err, t.desk.window)
		} else if file != nil {
			path := file.URI().Path()
			file.Close() // only its name was wanted
			if filepath.Ext(path) == "" {
				path += "." + format
			}
			t.export(format, path)
		}
	}, t.desk.window)
	d.SetFileName(fmt.Sprintf("%s-%06d.%s", engine.ExportName(t.dir), numbers[0], format))
	t.place(d)
}

// place shows a file dialog where exports go.
func (t *dataTab) place(d *dialog.FileDialog) {
	if folder, err := storage.ListerForURI(storage.NewFileURI(t.exports)); err == nil {
		d.SetLocation(folder)
	}
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}

// openPath opens a data set that a person named.
func (t *dataTab) openPath(dir string) {
	t.asked, t.tried = filepath.Clean(dir), true
	t.desk.send(engine.OpenData{Dir: t.asked})
}

// openFolder asks for a data set anywhere.
func (t *dataTab) openFolder() {
	if t.desk.canvas.Overlays().Top() != nil {
		return
	}
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err != nil {
			dialog.ShowError(err, t.desk.window)
		} else if folder != nil {
			t.openPath(folder.Path())
		}
	}, t.desk.window)
	d.SetTitleText("Open a folder of episodes")
	if folder, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(t.dir))); t.dir != "" && err == nil {
		d.SetLocation(folder)
	}
	d.Resize(fyne.NewSize(760, 520))
	d.Show()
}
