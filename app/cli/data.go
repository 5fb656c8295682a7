package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

func runData(ctx context.Context, c *call) error {
	fs := c.flags()
	in := fs.String("in", "", "`folder` of the data set; without it the sets in the data folder are listed")
	list := fs.Bool("list", false, "list the episodes instead of checking them")
	remove := fs.String("delete", "", "delete the episodes with these `numbers`, such as 3,7-9")
	export := fs.String("export", "", "write the episodes with these `numbers`, or all, to -out")
	replay := fs.String("replay", "", "simulate the episodes with these `numbers` again, or all, and compare")
	format := fs.String("format", engine.ExportGIF, "what -export writes: gif or npz")
	out := fs.String("out", "", "`folder` for -export, or file if it is one episode")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	listed := ""
	if *list {
		listed = "list"
	}
	switch jobs := chosen(listed, *remove, *export, *replay); {
	case jobs > 1:
		return usagef("one of -list, -delete, -export and -replay at a time")
	case *in == "" && jobs > 0:
		return usagef("-in is required")
	case (*export == "") != (*out == ""):
		return usagef("-export and -out go together")
	case *in == "":
		return listData(c.out, *asJSON)
	case *list:
		return listEpisodes(c.out, *in, *asJSON)
	case *remove != "":
		return c.deleteEpisodes(*in, *remove, *asJSON)
	case *replay != "":
		return c.replayEpisodes(ctx, *in, *replay, *asJSON)
	case *export != "":
		return c.exportEpisodes(ctx, *in, *export, *format, *out, *asJSON)
	}
	return c.checkData(ctx, *in, *asJSON)
}

// checkData reads every episode and sums the set up.
func (c *call) checkData(ctx context.Context, dir string, asJSON bool) error {
	p := newProgress(c, "episodes")
	res, err := engine.Inspect(ctx, dir, p.report)
	p.done()
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.out, res)
	}
	fmt.Fprintf(c.out, "%s: %d episodes of %s under %s, %d frames, %.1f MB, made by: %s\n", res.Out, res.Episodes,
		res.Task, res.Policy, res.Frames, float64(res.Bytes)/1e6, orNone(res.Command))
	if err := c.printSuccess(res.SuccessRate, res.SuccessCI95, res.Floor, res.Reward, res.ReturnMean, res.Outcomes); err != nil {
		return err
	}
	for _, d := range res.Damaged {
		fmt.Fprintf(c.out, "damaged: %s\n", d.Reason)
	}
	fmt.Fprintf(c.out, "%d damaged\n", len(res.Damaged))
	return nil
}

// listData lists what the window's browser offers.
func listData(w io.Writer, asJSON bool) error {
	home, err := engine.Home()
	if err != nil {
		return err
	}
	parts, err := engine.Real()
	if err != nil {
		return err
	}
	sets := engine.FindData(home, nil, parts.Tasks)
	if asJSON {
		if sets == nil {
			sets = []engine.DataSet{}
		}
		return printJSON(w, sets)
	}
	tw := table(w)
	fmt.Fprintln(tw, "name\ttask\tpolicy\tepisodes\tsolved\treturn\tMB\tchanged\tstate\tfolder")
	for _, s := range sets {
		state := ""
		switch {
		case s.Problem != "":
			state = strings.Join(strings.Fields(s.Problem), " ")
		case s.InUse != "":
			state = "in use"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%d\t%s\t%.1f\t%s\t%s\t%s\n", s.Name, s.Task, s.Policy, s.Episodes, s.Successes,
			short(s.Return), float64(s.Bytes)/1e6, s.Changed.Format("2006-01-02 15:04"), state, s.Dir)
	}
	return tw.Flush()
}

// listEpisodes lists the episodes of a set without reading them.
func listEpisodes(w io.Writer, dir string, asJSON bool) error {
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return err
	}
	type episode struct {
		Number int `json:"number"`
		learning.DatasetEntry
	}
	list := []episode{}
	for i, e := range set.Entries {
		if !e.Dropped {
			list = append(list, episode{i, e})
		}
	}
	if asJSON {
		return printJSON(w, list)
	}
	tw := table(w)
	fmt.Fprintln(tw, "number\tseed\tsteps\treturn\tsparse\tsolved\toutcome\tfile")
	for _, e := range list {
		solved := ""
		if e.Success {
			solved = "yes"
		}
		fmt.Fprintf(tw, "%d\t%d\t%d\t%s\t%s\t%s\t%s\t%s\n", e.Number, e.Seed, e.Steps, short(e.Return), short(e.SparseReturn), solved, e.Outcome, e.File)
	}
	return tw.Flush()
}

func (c *call) deleteEpisodes(dir, text string, asJSON bool) error {
	home, err := engine.Home()
	if err != nil {
		return err
	}
	numbers, err := numbersIn(dir, text)
	if err != nil {
		return err
	}
	set, err := engine.RemoveEpisodes(home, dir, c.typed(), numbers)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.out, map[string]int{"deleted": len(numbers), "episodes": set.Episodes(), "successes": set.Successes()})
	}
	fmt.Fprintf(c.out, "deleted %d of %d episodes, %d are left\n", len(numbers), len(numbers)+set.Episodes(), set.Episodes())
	return nil
}

// numbersIn are the episodes of a data set that the text names.
func numbersIn(dir, text string) ([]int, error) {
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return nil, err
	}
	return parseNumbers(text, set)
}

func (c *call) exportEpisodes(ctx context.Context, dir, text, format, out string, asJSON bool) error {
	numbers, err := numbersIn(dir, text)
	if err != nil {
		return err
	}
	p := newProgress(c, "episodes")
	res, err := engine.WriteEpisodes(ctx, engine.ExportOptions{Dir: dir, Numbers: numbers, Format: format, To: out}, p.report)
	p.done()
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.out, res)
	}
	for _, f := range res.Files {
		fmt.Fprintln(c.out, f)
	}
	for _, d := range res.Damaged {
		fmt.Fprintf(c.out, "damaged: %s\n", d.Reason)
	}
	return nil
}

func (c *call) replayEpisodes(ctx context.Context, dir, text string, asJSON bool) error {
	numbers, err := numbersIn(dir, text)
	if err != nil {
		return err
	}
	p := newProgress(c, "episodes")
	list, err := engine.ReplayEpisodes(ctx, engine.Parts{}, dir, numbers, p.report)
	p.done()
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.out, list)
	}
	tw := table(c.out)
	fmt.Fprintln(tw, "number\tsteps\treturn\trecorded\tdifference\tdeviates\t")
	for _, r := range list {
		deviates := "no"
		if r.Deviates >= 0 {
			deviates = fmt.Sprintf("from step %d", r.Deviates)
		}
		fmt.Fprintf(tw, "%d\t%d/%d\t%s\t%s\t%.2g\t%s\t%s\n", r.Number, r.Played, r.Steps, short(r.Return), short(r.Recorded), r.Difference, deviates, r.Err)
	}
	return tw.Flush()
}
