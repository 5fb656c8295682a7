// Package engine joins simulation, rendering, learning and planning: commands
// go in, immutable states and frames come out. It knows nothing of windows.
//
// The same parts serve two ways of use. Engine runs everything beside a live
// scene (engine.go says which goroutine does what and in which order they
// stop). The jobs Collect, Train, Evaluate, PlanOnce, Rollout and RenderOne do
// the same work headless, one call each.
//
// # Seeds
//
// Every random number comes from a seed, and no two uses share episodes:
//
//	collect  episode i of data set S:    1_000_000·S + i
//	train    episode i collected online: 500_000_000_000 + 1_000_000·S + i
//	eval     episode i:                  1_000_000_000_000 + 1_000_000·S + i
//
// with 0 ≤ S, i < 1_000_000. The window shows the seed of its episode and starts
// with 0; it is the user's choice.
package engine
