package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// names collects a flag that may be repeated.
type names []string

func (n *names) String() string { return strings.Join(*n, ", ") }

func (n *names) Set(text string) error {
	if text == "" {
		return fmt.Errorf("want a name")
	}
	*n = append(*n, text)
	return nil
}

func runQuality(ctx context.Context, c *call) error {
	fs := c.flags()
	o := engine.QualityOptions{}
	fs.Var((*names)(&o.Models), "model", "model `name`, file or run folder; repeat it for a table of several")
	fs.Var((*names)(&o.Data), "data", "`folder` of episodes that were not trained on; repeat it for models of several tasks")
	fs.IntVar(&o.Context, "context", 0, "`frames` seen before a prediction; 0 is 5")
	fs.IntVar(&o.Steps, "steps", 0, "`steps` foreseen; 0 is 50")
	fs.Int64Var(&o.Seed, "seed", 0, "`seed` of every random number")
	fs.IntVar(&o.Threads, "threads", 0, "`threads` to compute with; 0 is every core")
	device := addDevice(fs)
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	if len(o.Models) == 0 || len(o.Data) == 0 {
		return usagef("-model and -data are required")
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.Device = *device
	p := newProgress(c, "episodes")
	o.Computing = p.computing(o.Device)
	o.Warn = func(err error) { p.warn("latco: quality: skipped " + oneLine(err)) }
	res, err := engine.MeasureQuality(ctx, o, p.report)
	p.done()
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, res)
	}
	return c.printQuality(res)
}

// qualityColumns are the columns of the table.
var qualityColumns = []struct {
	title string
	cell  func(m engine.ModelQuality) string
}{
	{"task", func(m engine.ModelQuality) string { return m.Task }},
	{"model", func(m engine.ModelQuality) string { return m.Model }},
	{"dynamics", variant},
	{"updates", func(m engine.ModelQuality) string { return fmt.Sprint(m.Updates) }},
	{"episodes", func(m engine.ModelQuality) string { return fmt.Sprint(m.Episodes) }},
	{"image 1", func(m engine.ModelQuality) string { return ahead(m, 1) }},
	{"image 10", func(m engine.ModelQuality) string { return ahead(m, 10) }},
	{"image last", func(m engine.ModelQuality) string { return ahead(m, m.Steps) }},
	{"image mean", func(m engine.ModelQuality) string { return plusMinus("%.4f", m.MeanError) }},
	{"persistence", func(m engine.ModelQuality) string { return plusMinus("%.4f", m.MeanPersistent) }},
	{"image R²", func(m engine.ModelQuality) string { return optional("%.2f", m.ImageR2) }},
	{"R² ahead", func(m engine.ModelQuality) string { return optional("%.2f", m.Foreseen.R2) }},
	{"R² of return", func(m engine.ModelQuality) string { return optional("%.2f", m.Returns.R2) }},
	{"R² seen", func(m engine.ModelQuality) string { return optional("%.2f", m.Seen.R2) }},
	{"RMSE ahead", func(m engine.ModelQuality) string { return fmt.Sprintf("%.3g", m.Foreseen.RMSE.Mean) }},
	{"of mean", func(m engine.ModelQuality) string { return fmt.Sprintf("%.3g", m.Foreseen.MeanError) }},
	{"calibration", func(m engine.ModelQuality) string { return fmt.Sprintf("%.2g", m.Foreseen.Calibration) }},
	{"KL/step", func(m engine.ModelQuality) string { return optional("%.2f", m.KL) }},
}

// printQuality is the table, errors behind ± being standard errors over episodes.
func (c *call) printQuality(res *engine.QualityResult) error {
	tw := table(c.out)
	var titles []string
	for _, col := range qualityColumns {
		titles = append(titles, col.title)
	}
	fmt.Fprintln(tw, strings.Join(titles, "\t"))
	for _, m := range res.Models {
		var cells []string
		for _, col := range qualityColumns {
			cells = append(cells, col.cell(m))
		}
		fmt.Fprintln(tw, strings.Join(cells, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	for _, m := range res.Models {
		c.printFootnotes(m)
	}
	m := res.Models[0]
	_, err := fmt.Fprintf(c.out, `image: root mean square error of pixels in [0, 1], %d frames seen, 1 to %d steps ahead; persistence shows the last frame again.
image R²: 1 is perfect, 0 as good as the mean image.
R², RMSE, calibration: rewards foreseen like the images, beside predicting their mean; of return: their sums; seen: read from what is seen.
KL: nats, filtering whole episodes. ±: standard error over episodes.
`, m.Context, m.Steps)
	return err
}

func (c *call) printFootnotes(m engine.ModelQuality) {
	if m.TrainedOn != nil && *m.TrainedOn > 0 {
		fmt.Fprintf(c.out, "%s was trained on %d of these episodes.\n", m.Model, *m.TrainedOn)
	}
	if m.Short > 0 || m.Damaged > 0 {
		fmt.Fprintf(c.out, "%s: %d episodes too short, %d damaged.\n", m.Model, m.Short, m.Damaged)
	}
}

// ahead is the image error k steps ahead, or of the last step if there are fewer.
func ahead(m engine.ModelQuality, k int) string {
	return fmt.Sprintf("%.4f", m.ImageError[min(k, len(m.ImageError))-1].Mean)
}

// variant names what the model differs by.
func variant(m engine.ModelQuality) string {
	if m.Overshooting == 0 {
		return m.Dynamics
	}
	return fmt.Sprintf("%s, overshooting %d", m.Dynamics, m.Overshooting)
}

func plusMinus(format string, e learning.Estimate) string {
	return fmt.Sprintf(format+" ± "+format, e.Mean, e.Stderr)
}

func optional(format string, e *learning.Estimate) string {
	if e == nil {
		return "–"
	}
	return plusMinus(format, *e)
}
