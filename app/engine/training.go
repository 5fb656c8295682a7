package engine

// TrainingParts make what training needs.
type TrainingParts struct{}
