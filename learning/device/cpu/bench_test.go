package cpu_test

import (
	"fmt"
	"math/rand"
	"runtime"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
)

// layer is one layer of a benchmark network, its tensors and their gradients.
type layer struct {
	shape      device.ConvShape
	transposed bool
	act        device.Activation

	x, w, b, y     device.Buffer
	dx, dw, db, dy device.Buffer
}

// network is the encoder and the decoder of REFERENCE A1 without dense layers,
// its channel counts given: 4 convolutions k4, 4 transposed k5 k5 k6 k6, stride 2.
func network(b *testing.B, d device.Device, images int, encoder [4]int, dense int, decoder [3]int) []*layer {
	in := [4]int{3, encoder[0], encoder[1], encoder[2]}
	var layers []*layer
	for i, h := range []int{64, 31, 14, 6} {
		layers = append(layers, &layer{act: device.ReLU, shape: device.ConvShape{
			N: images, H: h, W: h, In: in[i], Out: encoder[i], K: 4, Stride: 2}})
	}
	out := [4]int{dense, decoder[0], decoder[1], decoder[2]}
	to := [4]int{decoder[0], decoder[1], decoder[2], 3}
	for i, h := range []int{5, 13, 30, 64} {
		l := &layer{act: device.ReLU, transposed: true, shape: device.ConvShape{
			N: images, H: h, W: h, In: to[i], Out: out[i], K: []int{5, 5, 6, 6}[i], Stride: 2}}
		if i == 3 {
			l.act = device.Identity
		}
		layers = append(layers, l)
	}
	r := rand.New(rand.NewSource(1))
	for i, l := range layers {
		z := l.shape
		src, dst := z.N*z.H*z.W*z.In, z.N*z.OutH()*z.OutW()*z.Out
		biases := z.Out
		if l.transposed {
			src, dst, biases = dst, src, z.In
		}
		alloc := func(n int) device.Buffer {
			buf, err := d.Alloc(n)
			if err != nil {
				b.Fatal(err)
			}
			for i := range buf.Host {
				buf.Host[i] = float32(r.NormFloat64() * 0.05)
			}
			return buf
		}
		weights := z.K * z.K * z.In * z.Out
		l.x, l.w, l.b, l.y = alloc(src), alloc(weights), alloc(biases), alloc(dst)
		l.dw, l.db, l.dy = alloc(weights), alloc(biases), alloc(dst)
		if i > 0 { // images need no gradient
			l.dx = alloc(src)
		}
	}
	return layers
}

func (l *layer) forward(d device.Device) {
	if l.transposed {
		d.Deconv(l.shape, l.act, l.x, l.w, l.b, l.y)
		return
	}
	d.Conv(l.shape, l.act, l.x, l.w, l.b, l.y)
}

func (l *layer) backward(d device.Device) {
	if l.transposed {
		d.DeconvBackward(l.shape, l.act, l.x, l.w, l.y, l.dy, l.dx, l.dw, l.db)
		return
	}
	d.ConvBackward(l.shape, l.act, l.x, l.w, l.y, l.dy, l.dx, l.dw, l.db)
}

// networks are the two of the world model's presets.
var networks = []struct {
	name    string
	encoder [4]int
	dense   int
	decoder [3]int
}{
	{"paper", [4]int{32, 64, 128, 256}, 1024, [3]int{128, 64, 32}},
	{"class", [4]int{16, 32, 64, 128}, 256, [3]int{64, 32, 16}},
}

// BenchmarkImages times encoder and decoder, forward and backward.
func BenchmarkImages(b *testing.B) {
	for _, images := range []int{1, 64, 320} {
		for _, n := range networks {
			b.Run(fmt.Sprintf("%s/%d", n.name, images), func(b *testing.B) {
				d := open(b)
				train(b, d, network(b, d, images, n.encoder, n.dense, n.decoder))
			})
		}
	}
}

// open makes a device with as many threads as -cpu says.
func open(b *testing.B) device.Device {
	d, err := cpu.New(runtime.GOMAXPROCS(0))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}

func train(b *testing.B, d device.Device, layers []*layer) {
	pass := func() {
		for _, l := range layers {
			l.forward(d)
		}
		for i := len(layers) - 1; i >= 0; i-- {
			layers[i].backward(d)
		}
	}
	pass()
	b.ReportAllocs()
	for b.Loop() {
		pass()
	}
}

// BenchmarkLayers times every layer with 64 images.
func BenchmarkLayers(b *testing.B) {
	for _, n := range networks {
		d := open(b)
		for i, l := range network(b, d, 64, n.encoder, n.dense, n.decoder) {
			name := fmt.Sprintf("%s/conv%d", n.name, i+1)
			if l.transposed {
				name = fmt.Sprintf("%s/deconv%d", n.name, i-3)
			}
			timeLayer(b, d, name+"/forward", l.forward)
			timeLayer(b, d, name+"/backward", l.backward)
		}
	}
}

func timeLayer(b *testing.B, d device.Device, name string, run func(device.Device)) {
	b.Run(name, func(b *testing.B) {
		run(d)
		for b.Loop() {
			run(d)
		}
	})
}

// BenchmarkGemm times the products of an RSSM step and of a batch of rollouts.
func BenchmarkGemm(b *testing.B) {
	d := open(b)
	for _, z := range [][3]int{{1, 600, 200}, {16, 240, 80}, {16, 80, 80}, {50, 200, 230}, {50, 600, 200}, {1000, 600, 200}, {1000, 240, 80}, {320, 1024, 230}, {1024, 230, 320}} {
		m, n, k := z[0], z[1], z[2]
		for bits, name := range []string{"NN", "TN", "NT"} {
			b.Run(fmt.Sprintf("%dx%dx%d/%s", m, n, k, name), func(b *testing.B) {
				alloc := func(n int) device.Buffer {
					buf, err := d.Alloc(n)
					if err != nil {
						b.Fatal(err)
					}
					d.Fill(buf, 0.1)
					return buf
				}
				x, y, out := alloc(m*k).Mat(m, k), alloc(n*k).Mat(k, n), alloc(m*n).Mat(m, n)
				if bits == 1 {
					x.Rows, x.Cols, x.Stride = k, m, m
				}
				if bits == 2 {
					y.Rows, y.Cols, y.Stride = n, k, k
				}
				for b.Loop() {
					d.Gemm(bits == 1, bits == 2, 1, x, y, 0, out)
				}
				b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
	}
}
