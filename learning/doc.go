// Package learning keeps what was experienced and turns it into a world model:
// episodes and data sets on disk, the replay buffer, checkpoints and model
// files, metrics, and the Trainer that runs PlaNet's Algorithm 1 (Hafner et al.
// 2019) over them.
//
// Everything here is exact: the same seed, settings and device give the same
// parameters, whether or not the run was interrupted. That rests on three
// habits. Chance is drawn from counters (batch n of a run is a function of seed
// and n), so a sampler has no hidden state. Files are replaced whole or not at
// all. And what happens next is a function of the counters that a checkpoint
// holds.
package learning
