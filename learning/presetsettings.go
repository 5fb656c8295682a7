package learning

// PresetSettings is DefaultSettings with what goes with a preset of the world
// model. The class preset has minutes to learn from rare rewards, so half of its
// sequences hold one; the others keep the papers' uniform rule.
func PresetSettings(preset string) Settings {
	s := DefaultSettings()
	if preset == "class" {
		s.RewardShare = 0.5
	}
	return s
}
