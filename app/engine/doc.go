// Package engine joins simulation, rendering, learning and planning: commands
// go in, immutable states and frames come out. It knows nothing of windows.
//
// The same parts serve two ways of use. Engine runs everything beside a live
// scene (engine.go says which goroutine does what and in which order they
// stop). The jobs Collect, Train, Evaluate, MeasureQuality, PlanOnce, Rollout and
// RenderOne do the same work headless, one call each.
//
// # Seeds
//
// Every random number comes from a seed. Episodes for training, collected
// offline or online, start from learning.EpisodeSeed(S, i), which is never
// negative. Evaluation with seed S starts its episode i from
//
//	−1 − 1,000,000·S − i,   0 ≤ S, i < 1,000,000,
//
// always negative, so that no episode is ever both trained and evaluated on. The
// evaluations during a training run take S = 999,999.
// Rollout, RenderOne and PlanOnce use the seed they are given as it is, and so
// does the window, which shows it and starts with 0.
package engine
