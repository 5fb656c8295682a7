package cli

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/latco-studio/latco/app/engine"
)

// lapseColumns are shown of an episode; a longer one shows every n-th frame.
const lapseColumns = 10

// writeTimeLapse animates the shots of a run: what was seen above what was predicted.
func writeTimeLapse(folder, name, path string) error {
	runs, err := engine.CompareRuns(folder, []string{name})
	if err != nil {
		return err
	}
	lapse := runs.Lapses[0]
	if lapse == nil {
		if problem := runs.Runs[0].Problem; problem != "" {
			return fmt.Errorf("run %s: %s", name, problem)
		}
		return fmt.Errorf("run %s has no time-lapse: it was trained before there were any, or not at all", name)
	}
	var strips []*image.RGBA
	for i := range lapse.Shots {
		shot, err := lapse.Open(i)
		if err != nil {
			return fmt.Errorf("run %s: %w", name, err)
		}
		strips = append(strips, stacked(strip(everyNth(shot.Truth), 1), strip(everyNth(shot.Model), 1)))
	}
	return writeGIF(path, strips)
}

// stacked is one strip above another of the same size.
func stacked(above, below *image.RGBA) *image.RGBA {
	w, h := above.Rect.Dx(), above.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, 2*h+gap))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{24}), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, 0, w, h), above, image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, h+gap, w, 2*h+gap), below, image.Point{}, draw.Src)
	return out
}

// everyNth are at most lapseColumns frames, evenly spread.
func everyNth(frames []*image.RGBA) []*image.RGBA {
	stride := max(1, (len(frames)+lapseColumns-1)/lapseColumns)
	var out []*image.RGBA
	for i := 0; i < len(frames); i += stride {
		out = append(out, frames[i])
	}
	return out
}
