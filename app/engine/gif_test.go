package engine

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning"
)

// played decodes an animation into whole pictures and their times.
func played(t *testing.T, file []byte) (pictures []*image.RGBA, delays []int) {
	t.Helper()
	g, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	screen := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	for i, m := range g.Image {
		draw.Draw(screen, m.Rect, m, m.Rect.Min, draw.Src)
		copied := image.NewRGBA(screen.Rect)
		copy(copied.Pix, screen.Pix)
		pictures, delays = append(pictures, copied), append(delays, g.Delay[i])
	}
	return pictures, delays
}

func animation(t *testing.T, pixels []uint8) ([]*image.RGBA, []int) {
	t.Helper()
	var b bytes.Buffer
	if err := encodeGIF(&b, pixels); err != nil {
		t.Fatal(err)
	}
	return played(t, b.Bytes())
}

// Few colours come back exactly, every pixel a square of its own; frames without a
// change become time.
func TestGIFOfFewColours(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	colours := make([][3]uint8, 200)
	for i := range colours {
		// At least 4 apart in some component: what the palette tells apart.
		colours[i] = [3]uint8{uint8(i%16) * 16, uint8(i/16) * 16, uint8(rng.Intn(64)) * 4}
	}
	frame := make([]uint8, learning.FramePixels)
	for i := 0; i < len(frame); i += 3 {
		copy(frame[i:], colours[rng.Intn(len(colours))][:])
	}
	second := append([]uint8(nil), frame...)
	copy(second[3*(20*Pixels+33):], colours[7][:])
	copy(second[3*(40*Pixels+5):], colours[8][:])
	pixels := append(append(append([]uint8(nil), frame...), frame...), second...)
	pictures, delays := animation(t, pixels)
	if len(pictures) != 2 || delays[0] != 2*gifDelay || delays[1] != gifHold {
		t.Fatalf("%d pictures, shown for %v", len(pictures), delays)
	}
	for n, want := range [][]uint8{frame, second} {
		for y := range Pixels * gifZoom {
			for x := range Pixels * gifZoom {
				at := 3 * (y/gifZoom*Pixels + x/gifZoom)
				if got := pictures[n].RGBAAt(x, y); got != (color.RGBA{want[at], want[at+1], want[at+2], 255}) {
					t.Fatalf("picture %d at (%d, %d): %v, want %v", n, x, y, got, want[at:at+3])
				}
			}
		}
	}
}

// Pictures of many colours, as a renderer shades them, come back nearly so.
func TestGIFOfManyColours(t *testing.T) {
	const frames = 5
	pixels := make([]uint8, frames*learning.FramePixels)
	for i := 0; i < len(pixels); i += 3 {
		p := i / 3 % (Pixels * Pixels)
		x, y, n := float64(p%Pixels), float64(p/Pixels), float64(i/learning.FramePixels)
		shade := 0.5 + 0.5*math.Sin((x+3*n)/17)*math.Cos(y/23)
		pixels[i], pixels[i+1], pixels[i+2] = uint8(60+150*shade), uint8(80+100*shade+y/2), uint8(255-x-y)
	}
	pictures, _ := animation(t, pixels)
	if len(pictures) != frames {
		t.Fatalf("%d pictures", len(pictures))
	}
	sum := 0.0
	for n, m := range pictures {
		for p := range Pixels * Pixels {
			got := m.RGBAAt(p%Pixels*gifZoom, p/Pixels*gifZoom)
			at := n*learning.FramePixels + 3*p
			for c, v := range []uint8{got.R, got.G, got.B} {
				d := float64(v) - float64(pixels[at+c])
				sum += d * d
			}
		}
	}
	if psnr := 10 * math.Log10(255*255*float64(len(pixels))/sum); psnr < 36 {
		t.Errorf("peak signal to noise ratio %.1f dB", psnr)
	}
}
