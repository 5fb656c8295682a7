package resources

import _ "embed"

// Icon is the application's icon, a PNG of 256×256 pixels.
//
//go:embed icon.png
var Icon []byte
