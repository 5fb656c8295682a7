// Package rssm is the recurrent state-space model of PlaNet (Hafner et al.
// 2019, arXiv:1811.04551) in the form that Dreamer and LatCo (Rybkin et al.
// 2021, arXiv:2106.13229) use: a GRU carries a deterministic state h, a
// diagonal Gaussian a stochastic state s; an encoder reads 64×64 images, a
// decoder and a reward head read the feature [s, h].
//
//	h_t = GRU(h_{t−1}, [s_{t−1}, a_t])     a_t led to the observation at t
//	s_t ~ p(s | h_t)                       prior
//	s_t ~ q(s | h_t, e_t)                  posterior, e_t the encoded image
//
// Config chooses among the models of both papers: where the GRU resets, which
// activation the layers have, how free nats are granted, whether images are
// quantised, and Dynamics: the above (RSSM), the same without chance (GRU), or a
// random state alone in either paper's form (SSM, SSMLatCo). Latent overshooting,
// a global prior and normalised rewards are settings. Presets are such choices:
// paper is LatCo's program, planet and planet-v1 are PlaNet's, class is small.
// testdata/torch_reference.py is the same in PyTorch.
//
// Params is an immutable snapshot of the weights. Trainer turns batches of
// sequences into better Params; Model is what a planner and an actor use; the
// rewards it predicts are in the units of Params.Rewards. Each
// Trainer and Model owns memory on its device and belongs to one goroutine at a
// time.
package rssm
