package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

func runRuns(_ context.Context, c *call) error {
	fs := c.flags()
	in := fs.String("in", "", "`folder` of the runs; without it runs in the data folder, where the window keeps its own")
	compare := fs.String("compare", "", "put two or more runs side by side: `names`, with commas between")
	rename := fs.String("rename", "", "give the run of this `name` another, with -to")
	to := fs.String("to", "", "new `name`, for -rename")
	remove := fs.String("delete", "", "delete the run of this `name`, with the episodes it collected")
	lapse := fs.String("timelapse", "", "write how the prediction of the run of this `name` sharpened as an animation to -out: truth above model")
	out := fs.String("out", "", "GIF `file` of -timelapse")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	switch jobs := chosen(*compare, *rename, *remove, *lapse); {
	case jobs > 1:
		return usagef("one of -compare, -rename, -delete and -timelapse at a time")
	case (*rename == "") != (*to == ""):
		return usagef("-rename and -to go together")
	case (*lapse == "") != (*out == ""):
		return usagef("-timelapse and -out go together")
	}
	if *in == "" {
		home, err := engine.Home()
		if err != nil {
			return err
		}
		*in = engine.RunsFolder(home)
	}
	switch {
	case *rename != "":
		return engine.RenameRun(*in, *rename, *to)
	case *remove != "":
		return engine.DeleteRun(*in, *remove)
	case *lapse != "":
		return writeTimeLapse(*in, *lapse, *out)
	case *compare != "":
		return compareRuns(c.out, *in, strings.Split(*compare, ","), *asJSON)
	}
	runs, err := engine.ListRuns(*in)
	if err != nil {
		return err
	}
	if *asJSON {
		if runs == nil {
			runs = []*learning.RunInfo{}
		}
		return printJSON(c.out, runs)
	}
	return printRuns(c.out, runs)
}

func chosen(texts ...string) int {
	n := 0
	for _, t := range texts {
		if t != "" {
			n++
		}
	}
	return n
}

func printRuns(w io.Writer, runs []*learning.RunInfo) error {
	tw := table(w)
	fmt.Fprintln(tw, "name\ttask\tpreset\tupdates\tframes\tepisodes\timage\treward\tKL\treturn\tsuccess\tevaluated\tbest\tMB\ttime\tsaved\tstate")
	for _, r := range runs {
		image, reward, kl := "–", "–", "–"
		if l := r.Losses; l != nil {
			image, reward, kl = short(l.Image), short(l.Reward), short(l.KL)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\t%s\t%.1f\t%s\t%s\t%s\n",
			r.Name, taskOf(r), r.Preset, r.Updates, r.Frames, r.Episodes, image, reward, kl,
			cameTo(r), float64(r.Bytes)/1e6,
			time.Duration(r.WallS*float64(time.Second)).Round(time.Second), r.Saved.Format("2006-01-02 15:04"), stateOf(r))
		for _, t := range r.ByTask {
			fmt.Fprintf(tw, "\t%s\t\t\t\t\t\t\t\t%s\t\t\t\t\n", t.Task, obtained(t.Obtains))
		}
	}
	return tw.Flush()
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// taskOf names the task of a run; several have lines of their own.
func taskOf(r *learning.RunInfo) string {
	if len(r.ByTask) > 0 {
		return fmt.Sprintf("%d tasks", len(r.ByTask))
	}
	return r.Task
}

// cameTo is what a run obtained. Returns of several tasks have no mean.
func cameTo(r *learning.RunInfo) string {
	if len(r.ByTask) > 0 {
		return "\t\t\t"
	}
	return obtained(r.Obtains)
}

func obtained(o learning.Obtains) string {
	return strings.Join([]string{returnOf(o.Collected), successOf(o.Collected), returnOf(o.Evaluation), returnOf(o.Best)}, "\t")
}

func returnOf(o *learning.Obtained) string {
	if o == nil {
		return "–"
	}
	return short(o.ReturnMean)
}

func successOf(o *learning.Obtained) string {
	if o == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*o.SuccessRate)
}

func stateOf(r *learning.RunInfo) string {
	switch {
	case r.Problem != "":
		return strings.Join(strings.Fields(r.Problem), " ")
	case r.InUse != "":
		return "in training"
	case r.Finished():
		return "finished"
	}
	return "stopped"
}

func compareRuns(w io.Writer, folder string, names []string, asJSON bool) error {
	if len(names) < 2 {
		return usagef("-compare wants two names or more, with commas between")
	}
	c, err := engine.CompareRuns(folder, names)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(w, c)
	}
	if err := printRuns(w, c.Runs); err != nil {
		return err
	}
	tw := table(w)
	fmt.Fprintf(tw, "\nsetting\t%s\n", strings.Join(names, "\t"))
	for _, d := range c.Differences {
		fmt.Fprintf(tw, "%s\t%s\n", d.Key, strings.Join(d.Values, "\t"))
	}
	fmt.Fprintf(tw, "\nnewest\t%s\n", strings.Join(names, "\t"))
	for _, name := range sortedKeys(c.Curves) {
		fmt.Fprint(tw, name)
		for _, points := range c.Curves[name] {
			text := "–"
			if n := len(points); n > 0 {
				text = fmt.Sprintf("%s at %d", short(points[n-1].Y), points[n-1].Updates)
			}
			fmt.Fprint(tw, "\t", text)
		}
		fmt.Fprintln(tw)
	}
	return tw.Flush()
}
