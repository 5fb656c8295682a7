package engine

import (
	"fmt"
	"os"
	"path/filepath"
)

// Home is the folder of the user's data: $LATCO_HOME, else latco in the XDG
// data folder.
func Home() (string, error) {
	if dir := os.Getenv("LATCO_HOME"); dir != "" {
		return filepath.Abs(dir)
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "latco"), nil
	}
	user, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("finding the data folder (LATCO_HOME can name one): %w", err)
	}
	return filepath.Join(user, ".local", "share", "latco"), nil
}
