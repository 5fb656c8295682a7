// Command latco is LatCo Studio. Without arguments it opens the window; its
// sub-commands do the same jobs without one (latco help).
package main

import (
	"fmt"
	"os"

	"github.com/latco-studio/latco/app"
	"github.com/latco-studio/latco/app/cli"
	_ "github.com/latco-studio/latco/app/locale" // before Fyne looks for a language
)

// Set by the Makefile.
var (
	version = "0.1.0"
	commit  = "unknown"
)

func main() {
	build := cli.Build{Version: version, Commit: commit}
	if len(os.Args) > 1 {
		os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr, build))
	}
	if err := app.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "latco: window:", err)
		os.Exit(1)
	}
}
