package mujoco

/*
#include <stdlib.h>
#include "mj.h"
*/
import "C"

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"unsafe"
)

// Load compiles MJCF text; name is for messages. The errors are *LoadError and
// *VersionError.
func Load(name string, xml []byte) (*Model, error) {
	return compile(name, []file{{"model.xml", xml}})
}

// LoadFS compiles an MJCF file that may include other files of its folder by
// their plain names. Errors as for Load.
func LoadFS(folder fs.FS, name string) (*Model, error) {
	files, err := readFolder(folder, name)
	if err != nil {
		return nil, err
	}
	return compile(path.Base(name), files)
}

// LoadPhysics is LoadFS without what is only seen: geoms that touch nothing. Bodies,
// joints and sites are numbered alike, inertias are the same to the bit, and every
// geom less makes every step faster. NewScene needs the model of LoadFS.
func LoadPhysics(folder fs.FS, name string) (*Model, error) {
	files, err := readFolder(folder, name)
	if err != nil {
		return nil, err
	}
	const wrap = `<mujoco><include file=%q/><compiler discardvisual="true"/></mujoco>`
	physics := file{"physics of " + path.Base(name), []byte(fmt.Sprintf(wrap, path.Base(name)))}
	m, err := compile(path.Base(name), append([]file{physics}, files...))
	if err != nil {
		// Some 3.x releases discard materials that sites still name. The whole model
		// has the same physics, and says what else may be wrong.
		return compile(path.Base(name), files)
	}
	return m, nil
}

// readFolder reads an MJCF file, which comes first, and those beside it.
func readFolder(folder fs.FS, name string) ([]file, error) {
	names, err := fs.Glob(folder, path.Join(path.Dir(name), "*.xml"))
	if err != nil {
		return nil, &LoadError{name, err.Error()}
	}
	xml, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, &LoadError{name, err.Error()}
	}
	files := []file{{path.Base(name), xml}}
	for _, other := range names {
		if other == name {
			continue
		}
		text, err := fs.ReadFile(folder, other)
		if err != nil {
			return nil, &LoadError{name, err.Error()}
		}
		files = append(files, file{path.Base(other), text})
	}
	return files, nil
}

// file is one that the compiler may read.
type file struct {
	name string
	text []byte
}

// compile makes a model of the first file. A warning of the compiler is an error:
// the program's own files have no business causing one.
func compile(name string, files []file) (*Model, error) {
	if err := install(); err != nil {
		return nil, err
	}
	if len(files[0].text) == 0 {
		return nil, &LoadError{name, "the file is empty"}
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	table := make([]C.mjx_file, 0, len(files))
	for _, f := range files {
		if len(f.text) == 0 {
			continue
		}
		text := C.CString(f.name)
		defer C.free(unsafe.Pointer(text))
		pin.Pin(&f.text[0])
		table = append(table, C.mjx_file{name: text, data: unsafe.Pointer(&f.text[0]), size: C.int(len(f.text))})
	}
	var message [1024]C.char
	compiler.Lock()
	p := C.mjx_load(&table[0], C.int(len(table)), &message[0], C.int(len(message)))
	compiler.Unlock()
	if text := C.GoString(&message[0]); p == nil || text != "" {
		if p != nil {
			C.mjx_delete_model(p)
		}
		return nil, &LoadError{name, text}
	}
	return newModel(name, p), nil
}

// LoadFile compiles an MJCF file on disk; meshes, textures and includes are found
// relative to it. What the compiler warns of is in Warnings. Errors as for Load. A
// file that would crash the compiler, or ask too much of the computer, is an error:
// it is first tried in a process of its own.
func LoadFile(file string) (*Model, error) {
	if err := install(); err != nil {
		return nil, err
	}
	switch info, err := os.Stat(file); {
	case err != nil:
		return nil, &LoadError{file, err.Error()}
	case !info.Mode().IsRegular():
		return nil, &LoadError{file, "it is not a file"}
	case info.Size() == 0:
		return nil, &LoadError{file, "the file is empty"}
	case info.Size() > largestFile:
		return nil, &LoadError{file, fmt.Sprintf("it has %d MB: want at most %d MB", info.Size()>>20, largestFile>>20)}
	}
	if err := try(file); err != nil {
		return nil, err
	}
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	var message [1024]C.char
	compiler.Lock()
	p := C.mjx_load_path(name, &message[0], C.int(len(message)))
	compiler.Unlock()
	text := C.GoString(&message[0])
	if p == nil {
		return nil, &LoadError{file, text}
	}
	m := newModel(file, p)
	if text != "" {
		m.Warnings = []string{text}
	}
	return m, nil
}

// largestFile is more than any MJCF text should have, in bytes.
const largestFile = 64 << 20

func newModel(name string, p *C.mjModel) *Model {
	m := &Model{name: name, p: p}
	m.users.Store(1)
	m.describe()
	m.images = readImages(p)
	m.surfaces = readSurfaces(p)
	return m
}
