package purego

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// UploadLevels stores (⌊src/2^(8−bits)⌋ + u)/2^bits − 0.5.
func (*Device) UploadLevels(dst device.Buffer, src []uint8, bits int, seed uint64) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if bits < 1 || bits > 8 {
		return fmt.Errorf("uploading pixels of %d bits, want 1 to 8", bits)
	}
	scale := 1 / float32(int(1)<<bits)
	for i, v := range src {
		u := float32(0.5)
		if seed != 0 {
			u = uniform(uint32(i), seed)
		}
		dst.Host[i] = (float32(v>>(8-bits))+u)*scale - 0.5
	}
	return nil
}

// uniform is the i-th number in [0, 1) of the stream that seed names: the bits of
// i mixed twice, with one half of the seed each (the finaliser of MurmurHash3
// with the constants of Wang's lowbias32).
func uniform(i uint32, seed uint64) float32 {
	x := mixed(mixed(i+uint32(seed)) ^ uint32(seed>>32))
	return float32(x>>8) * (1.0 / (1 << 24))
}

func mixed(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x21f0aaad
	x ^= x >> 15
	x *= 0x735a2d97
	return x ^ x>>15
}
