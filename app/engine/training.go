package engine

import "errors"

// TrainingParts make what training needs.
type TrainingParts struct{}

// trainingModel is the name under which the model in training is loaded.
const trainingModel = "training"

func (a *actor) train(Command) error   { return errors.New("training is not built yet") }
func (a *actor) followTraining() error { return errors.New("nothing is being trained") }
func (a *actor) learned(event)         {}
