package learning

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// frameStore keeps the images of episodes: in memory as long as they fit, else
// uncompressed in a scratch file, from which a sequence is one read. The page
// cache makes that as fast as memory where memory is free, and a run never needs
// more of its own than it was given. One goroutine at a time may put and drop;
// any number may read meanwhile, but not what is being dropped.
type frameStore struct {
	limit int64  // bytes of images in memory
	dir   string // folder of the scratch file, made when first needed; "" = the system's

	used int64 // bytes in memory
	file scratchFile
	free extents
	size int64 // of the file

	create func(path string) (scratchFile, error) // nil = openScratch
}

// scratchFile is what of an *os.File the store uses.
type scratchFile interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// frames are the images of one episode.
type frames struct {
	pixels []uint8 // rows×64×64×3 if in memory
	at     extent  // in the file, if not
}

// put keeps pixels, in memory without copying them. A lack of room on the disk
// is an ErrDiskFull and leaves the store as it was.
func (s *frameStore) put(pixels []uint8) (frames, error) {
	n := int64(len(pixels))
	if s.used+n <= s.limit {
		s.used += n
		return frames{pixels: pixels}, nil
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return frames{}, err
		}
	}
	at, ok := s.free.take(n)
	if !ok {
		at = extent{s.size, n}
	}
	if _, err := s.file.WriteAt(pixels, at.from); err != nil {
		if ok {
			s.free.give(at)
		}
		return frames{}, writeError(s.path(), err)
	}
	s.size = max(s.size, at.from+n)
	return frames{at: at}, nil
}

// drop forgets f, whose room is used again.
func (s *frameStore) drop(f frames) {
	if f.pixels != nil {
		s.used -= int64(len(f.pixels))
		return
	}
	s.free.give(f.at)
}

// read fills dst with the images of f from the given row on.
func (s *frameStore) read(dst []uint8, f frames, row int) error {
	from := row * FramePixels
	if f.pixels != nil {
		copy(dst, f.pixels[from:])
		return nil
	}
	if _, err := s.file.ReadAt(dst, f.at.from+int64(from)); err != nil {
		return fmt.Errorf("reading images from %s: %w", s.path(), err)
	}
	return nil
}

// scratch is the number of bytes on disk that hold images.
func (s *frameStore) scratch() int64 { return s.size - s.free.sum() }

func (s *frameStore) path() string {
	dir := s.dir
	if dir == "" {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "frames"+tempMark+strconv.Itoa(os.Getpid()))
}

func (s *frameStore) open() (err error) {
	create := s.create
	if create == nil {
		create = openScratch
	}
	if s.file, err = create(s.path()); err != nil {
		s.file = nil
		return writeError(s.path(), err)
	}
	return nil
}

// openScratch makes a file that disappears with the process, however it ends.
// Where open files cannot be removed, the sweep of the next session finds it.
func openScratch(path string) (scratchFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) { // two buffers of one process in one folder
		f, err = os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	}
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name())
	return f, nil
}

// close frees the file. What was in it cannot be read any more.
func (s *frameStore) close() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}
