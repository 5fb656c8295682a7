package resources

import (
	"embed"
	"io/fs"
)

//go:embed models
var models embed.FS

// Models is the folder of bundled world models, one NAME.latco each.
func Models() fs.FS {
	sub, err := fs.Sub(models, "models")
	if err != nil {
		panic(err) // the name above is a constant
	}
	return sub
}
