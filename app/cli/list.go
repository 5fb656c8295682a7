package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
)

// printJSON writes exactly one JSON document.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// table starts aligned columns; call Flush at the end.
func table(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 4, 2, ' ', 0) }

// settingJSON is one adjustable value as CLI.md names its parts.
type settingJSON struct {
	Key     string   `json:"key"`
	Value   any      `json:"value"`
	Min     float64  `json:"min"`
	Max     float64  `json:"max"`
	Choices []string `json:"choices,omitempty"`
	Unit    string   `json:"unit"`
	Help    string   `json:"help"`
}

func settingsJSON(fields []setting.Field) []settingJSON {
	out := make([]settingJSON, 0, len(fields))
	for _, f := range fields {
		out = append(out, settingJSON{Key: f.Key, Value: value(f), Min: f.Min, Max: f.Max,
			Choices: f.Choices, Unit: f.Unit, Help: f.Help})
	}
	return out
}

// value is what the field points to.
func value(f setting.Field) any {
	switch v := f.Value.(type) {
	case *bool:
		return *v
	case *int:
		return *v
	case *float64:
		return *v
	}
	return f.String()
}

type plannerJSON struct {
	Name     string        `json:"name"`
	Title    string        `json:"title"`
	Needs    string        `json:"needs"`
	Help     string        `json:"help"`
	Settings []settingJSON `json:"settings"`
}

func runPlanners(_ context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	var list []plannerJSON
	for _, k := range planning.Kinds() {
		list = append(list, plannerJSON{k.Name, k.Title, k.Needs, k.Help, settingsJSON(k.New().Fields())})
	}
	if *asJSON {
		return printJSON(c.out, list)
	}
	tw := table(c.out)
	for _, p := range list {
		fmt.Fprintf(tw, "%s\t%s\t%s\n", p.Name, p.Title, p.Help)
		for _, s := range p.Settings {
			fmt.Fprintf(tw, "  -set %s=%v\t%s\t%s\n", s.Key, s.Value, rangeText(s), s.Help)
		}
	}
	return tw.Flush()
}

func rangeText(s settingJSON) string {
	switch {
	case len(s.Choices) > 0:
		return fmt.Sprint(s.Choices)
	case s.Min == s.Max:
		return ""
	}
	return fmt.Sprintf("[%g, %g] %s", s.Min, s.Max, s.Unit)
}
