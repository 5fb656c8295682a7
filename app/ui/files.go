package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// maxRecent scenes are offered again.
const maxRecent = 8

// fileMenu opens below the File button.
func (u *UI) fileMenu() {
	recent := fyne.NewMenuItem("Open recent", nil)
	var items []*fyne.MenuItem
	for _, path := range u.memory.recent() {
		items = append(items, fyne.NewMenuItem(shortPath(path), func() { u.openPath(path) }))
	}
	recent.ChildMenu = fyne.NewMenu("", items...)
	recent.Disabled = len(items) == 0
	keyed := func(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
		item := fyne.NewMenuItem(label, do)
		item.Shortcut = &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierControl}
		return item
	}
	menu := fyne.NewMenu("File",
		fyne.NewMenuItem("Choose a task … (B)", u.browse),
		keyed("Open scene …", fyne.KeyO, u.openScene),
		recent,
		fyne.NewMenuItem("Open data …", u.openData),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Keep this state (M)", func() { u.eng.Do(engine.SaveBookmark{}) }),
		fyne.NewMenuItem("Screenshot (S)", u.screenshot),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Quit", u.close))
	at := u.app.Driver().AbsolutePositionForObject(u.top.file)
	widget.ShowPopUpMenuAtPosition(menu, u.win.Canvas(), at.AddXY(0, u.top.file.Size().Height+2))
}

// shortPath shows the end of a path: the folder and the file.
func shortPath(path string) string {
	return filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
}

// openScene asks for an MJCF file.
func (u *UI) openScene() {
	if u.win.Canvas().Overlays().Top() != nil {
		return
	}
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil {
			dialog.ShowError(err, u.win)
			return
		}
		if file == nil { // cancelled
			return
		}
		path := file.URI().Path()
		file.Close() // only its name was wanted
		u.openPath(path)
	}, u.win)
	d.SetTitleText("Open a MuJoCo scene (MJCF)")
	d.SetFilter(storage.NewExtensionFileFilter([]string{".xml", ".mjcf", ".XML"}))
	if list := u.memory.recent(); len(list) > 0 {
		if folder, err := storage.ListerForURI(storage.NewFileURI(filepath.Dir(list[0]))); err == nil {
			d.SetLocation(folder)
		}
	}
	d.Resize(fyne.NewSize(min(800, u.win.Canvas().Size().Width-60), min(560, u.win.Canvas().Size().Height-60)))
	d.Show()
}

func (u *UI) openPath(path string) { u.eng.Do(engine.OpenScene{Path: path}) }

// dropped opens the first file that was dropped on the window: a model, a folder of
// episodes or a scene.
func (u *UI) dropped(_ fyne.Position, files []fyne.URI) {
	if len(files) == 0 {
		return
	}
	path := files[0].Path()
	if strings.EqualFold(filepath.Ext(path), ".latco") {
		u.eng.Do(engine.LoadModel{Name: path})
		return
	}
	if stat, err := os.Stat(path); err == nil && stat.IsDir() {
		u.showSide(tabData)
		u.side.data.openPath(path)
		return
	}
	u.openPath(path)
}

// openData asks for a folder of episodes.
func (u *UI) openData() {
	u.showSide(tabData)
	u.side.data.openFolder()
}

// dataFolders are the data sets that were opened by name, the newest first.
func (m memory) dataFolders() []string { return m.StringList(keyData) }

// openedData remembers one that could be opened.
func (m memory) openedData(dir string) {
	list := slices.DeleteFunc(slices.Clone(m.dataFolders()), func(p string) bool { return p == dir })
	list = append([]string{dir}, list...)
	m.SetStringList(keyData, list[:min(len(list), maxRecent)])
}

// recent are the scenes opened lately, the newest first.
func (m memory) recent() []string { return m.StringList(keyRecent) }

// opened remembers a scene that could be opened.
func (m memory) opened(path string) {
	list := slices.DeleteFunc(slices.Clone(m.recent()), func(p string) bool { return p == path })
	list = append([]string{path}, list...)
	m.SetStringList(keyRecent, list[:min(len(list), maxRecent)])
}
