package learning

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
)

// An episode is one compressed .npz, the layout LatCo's offline sets use
// (REFERENCE D3): image, action, reward, sparse_reward, discount, state, row 0
// the reset. np.load opens it; the member metadata.json holds an episodeHeader.

const (
	episodeFormat = 1
	metadataName  = "metadata.json"
	// maxDeflate is the best ratio deflate can reach. A member that claims more
	// is damaged, and must not make the reader allocate what it claims.
	maxDeflate = 1032
)

type episodeHeader struct {
	Format    int `json:"format"`
	Rows      int `json:"rows"`
	ActionDim int `json:"action_dim"`
	StateDim  int `json:"state_dim"`
	EpisodeInfo
}

// WriteEpisode writes e to path, whole or not at all.
func WriteEpisode(path string, e *Episode) error {
	p, err := PackEpisode(e)
	if err != nil {
		return err
	}
	return disk{}.replaceBytes(path, p.file)
}

func hashOf(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

func encodeEpisode(e *Episode) ([]byte, error) {
	n := e.Rows()
	header, err := json.MarshalIndent(episodeHeader{episodeFormat, n, e.ActionDim, e.StateDim, e.Info}, "", "  ")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	// Neighbouring frames are nearly equal and fit the window, so the fastest
	// level already finds them.
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	for _, m := range []struct {
		name string
		data []byte
	}{
		{metadataName, append(header, '\n')},
		{"image.npy", appendNPY(nil, e.Pixels, n, ImageSize, ImageSize, 3)},
		{"action.npy", appendNPY(nil, e.Actions, n, e.ActionDim)},
		{"reward.npy", appendNPY(nil, e.Rewards, n)},
		{"sparse_reward.npy", appendNPY(nil, e.SparseRewards, n)},
		{"discount.npy", appendNPY(nil, e.Discounts, n)},
		{"state.npy", appendNPY(nil, e.States, n, e.StateDim)},
	} {
		w, err := z.Create(m.name)
		if err == nil {
			_, err = w.Write(m.data)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// ReadEpisode reads an episode file. Whatever is wrong with it is a *FileError
// that wraps ErrForeign, ErrTruncated, ErrCorrupt or ErrVersion.
func ReadEpisode(path string) (*Episode, error) {
	e, _, err := readEpisode(path)
	return e, err
}

// readEpisode also returns the SHA-256 of the file.
func readEpisode(path string) (*Episode, string, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, "", atPath(path, err)
	}
	e, err := decodeEpisode(file)
	if err != nil {
		return nil, "", atPath(path, err)
	}
	return e, hashOf(file), nil
}

func decodeEpisode(file []byte) (*Episode, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		// A zip's index is at its end: one that starts like a zip lost its tail.
		if bytes.HasPrefix(file, []byte("PK\x03\x04")) {
			return nil, flaw(ErrTruncated, "an .npz without its index")
		}
		return nil, flaw(ErrForeign, "not an .npz file")
	}
	r := memberReader{z: z}
	header := r.header()
	e := &Episode{Info: header.EpisodeInfo, ActionDim: header.ActionDim, StateDim: header.StateDim}
	n := header.Rows
	e.Pixels = readArray[uint8](&r, "image.npy", n, ImageSize, ImageSize, 3)
	e.Actions = readArray[float32](&r, "action.npy", n, e.ActionDim)
	e.Rewards = readArray[float32](&r, "reward.npy", n)
	e.SparseRewards = readArray[float32](&r, "sparse_reward.npy", n)
	e.Discounts = readArray[float32](&r, "discount.npy", n)
	e.States = readArray[float64](&r, "state.npy", n, e.StateDim)
	if r.err != nil {
		return nil, r.err
	}
	if err := e.Validate(); err != nil {
		return nil, flaw(ErrCorrupt, "%v", err)
	}
	return e, nil
}

// memberReader reads the members of a zip; after the first error it does nothing.
type memberReader struct {
	z   *zip.Reader
	err error
}

func (r *memberReader) bytes(name string) []byte {
	if r.err != nil {
		return nil
	}
	for _, f := range r.z.File {
		if f.Name != name {
			continue
		}
		if f.UncompressedSize64 > maxDeflate*(f.CompressedSize64+1) {
			r.err = flaw(ErrCorrupt, "%s claims %d bytes", name, f.UncompressedSize64)
			return nil
		}
		data, err := readMember(f)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			r.err = flaw(ErrTruncated, "%s", name)
		} else if err != nil {
			r.err = flaw(ErrCorrupt, "%s: %v", name, err)
		}
		return data
	}
	r.err = flaw(ErrForeign, "not an episode: an .npz without %s", name)
	return nil
}

// readMember checks the member's CRC-32 on the way.
func readMember(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(in, data); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	// Only the read that meets the end compares checksums.
	if n, err := in.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		if err == nil {
			err = errors.New("longer than its index says")
		}
		return nil, err
	}
	return data, nil
}

func (r *memberReader) header() (h episodeHeader) {
	data := r.bytes(metadataName)
	if r.err != nil {
		return h
	}
	if err := json.Unmarshal(data, &h); err != nil {
		r.err = flaw(ErrCorrupt, "%s: %v", metadataName, err)
	} else if h.Format != episodeFormat {
		r.err = flaw(ErrVersion, "episode format %d, this program reads %d", h.Format, episodeFormat)
	}
	return h
}

func readArray[N npyNumber](r *memberReader, name string, shape ...int) []N {
	file := r.bytes(name)
	if r.err != nil {
		return nil
	}
	data, got, err := parseNPY[N](file)
	if err == nil && !slices.Equal(got, shape) {
		err = flaw(ErrCorrupt, "shape %v, %s says %v", got, metadataName, shape)
	}
	if err != nil {
		r.err = atPath(name, err)
		return nil
	}
	return data
}
