package ui

// Explanations that appear in more than one place.
const (
	violationTip = "Dynamics violation of each step (logarithmic)\n‖z(t+1) − μ(z(t), a(t))‖²: how far the imagined next latent is from what the model predicts."
)
