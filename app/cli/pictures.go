package cli

import (
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/png"
	"io"
	"os"
	"path/filepath"
)

const (
	gap      = 2  // pixels between the frames of a strip
	zoom     = 2  // the frames of pictures are enlarged without smoothing, those of animations not
	gifDelay = 12 // hundredths of a second an iteration is shown
	lastHold = 200
)

// strip lays frames side by side, each pixel zoom×zoom.
func strip(frames []*image.RGBA, zoom int) *image.RGBA {
	if len(frames) == 0 {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	w, h := frames[0].Rect.Dx()*zoom, frames[0].Rect.Dy()*zoom
	out := image.NewRGBA(image.Rect(0, 0, len(frames)*(w+gap)-gap, h))
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{24}), image.Point{}, draw.Src)
	for i, f := range frames {
		enlarge(out, i*(w+gap), f, zoom)
	}
	return out
}

// enlarge paints f at x, each pixel zoom×zoom.
func enlarge(dst *image.RGBA, x0 int, f *image.RGBA, zoom int) {
	for y := range f.Rect.Dy() * zoom {
		for x := range f.Rect.Dx() * zoom {
			dst.SetRGBA(x0+x, y, f.RGBAAt(f.Rect.Min.X+x/zoom, f.Rect.Min.Y+y/zoom))
		}
	}
}

// writeFile makes a file by way of a temporary one, so that a full disk never
// leaves half a picture under the final name.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err = write(f); err != nil {
		f.Close()
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err = f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func writePNG(path string, im image.Image) error {
	return writeFile(path, func(w io.Writer) error { return png.Encode(w, im) })
}

// writeGIF animates strips; the last one is held.
func writeGIF(path string, strips []*image.RGBA) error {
	anim := &gif.GIF{}
	for i, s := range strips {
		p := image.NewPaletted(s.Rect, palette.Plan9)
		draw.FloydSteinberg.Draw(p, s.Rect, s, image.Point{})
		delay := gifDelay
		if i == len(strips)-1 {
			delay = lastHold
		}
		anim.Image = append(anim.Image, p)
		anim.Delay = append(anim.Delay, delay)
	}
	return writeFile(path, func(w io.Writer) error { return gif.EncodeAll(w, anim) })
}
