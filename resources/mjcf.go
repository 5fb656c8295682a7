package resources

import "embed"

// MJCF holds the tasks' MuJoCo models, under mjcf/.
//
//go:embed mjcf/*.xml
var MJCF embed.FS
