package resources

import "embed"

//go:embed pictures/*.png
var pictures embed.FS

// Picture is a PNG of 288×180 pixels that shows a task as the window does (make
// pictures), nil if there is none.
func Picture(task string) []byte {
	data, err := pictures.ReadFile("pictures/" + task + ".png")
	if err != nil {
		return nil
	}
	return data
}
