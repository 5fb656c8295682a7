// Package locale spares users of the C locale an error message.
//
// Fyne looks up the user's language while its packages are initialised and
// complains on stderr about C.UTF-8, the locale of most containers. A language
// has to be named before that happens. Go initialises packages that are ready
// in the order of their import paths, and this one comes before
// golang.org/x/text, which Fyne waits for; a test of the program checks it.
package locale

import (
	"os"
	"strings"
)

func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if strings.HasPrefix(value, "C.") && os.Getenv("LANGUAGE") == "" {
			os.Setenv("LANGUAGE", "en") // cannot fail: the name is valid
		}
		return
	}
}
