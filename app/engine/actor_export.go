package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// ExportsFolder takes what is exported nowhere else.
func ExportsFolder(home string) string { return filepath.Join(home, "exports") }

// Reports of an export.
type (
	exportGoesOn struct{ work Work }
	exported     struct {
		to     string
		result *ExportResult
		err    error
	}
)

// export writes episodes to files beside the live scene.
func (a *actor) export(c ExportEpisodes) error {
	if a.archive.exporting != nil {
		return errors.New("episodes are being exported: stop that first")
	}
	set := a.archive.set
	o := ExportOptions{Dir: set.Dir, Numbers: uniqueNumbers(c.Numbers), Format: c.Format, To: c.To}
	if o.To == "" {
		o.To = ExportsFolder(a.cfg.Home)
	}
	if err := checkNumbers(set, o.Numbers); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	a.archive.exporting = cancel
	a.draft.Data.Export = &Work{Total: len(o.Numbers)}
	a.group.Go(func() error {
		return inBackground(whilePlanning, func() error {
			r, err := WriteEpisodes(ctx, o, func(done, total int, note string) { a.report(exportGoesOn{Work{done, total, note}}) })
			a.report(exported{o.To, r, err})
			return nil
		})
	})
	return nil
}

// exportedData says what came of an export.
func (a *actor) exportedData(e exported) {
	a.archive.exporting()
	a.archive.exporting, a.draft.Data.Export, a.changed = nil, nil, true
	n := len(e.result.Files)
	to := e.to
	if n == 1 {
		to = e.result.Files[0]
	}
	switch {
	case e.err != nil && !errors.Is(e.err, context.Canceled):
		a.try(fmt.Sprintf("The export stopped after %s", counted(n, "episode")), e.err)
	case e.err != nil:
		a.tell(Info, fmt.Sprintf("The export was stopped: %s in %s.", counted(n, "file"), to))
	case len(e.result.Damaged) > 0:
		bad := e.result.Damaged
		a.tell(Warning, fmt.Sprintf("Exported %s to %s; left out %d damaged: %s.", counted(n, "episode"), to, len(bad), bad[0].Reason))
	default:
		a.tell(Info, fmt.Sprintf("Exported %s to %s.", counted(n, "episode"), to))
	}
}
