package engine

import "errors"

// orReal is p, or this program's own parts if p is the zero value.
func (p Parts) orReal() (*Parts, error) {
	if p.NewRenderer != nil {
		return &p, nil
	}
	return Real()
}

// Real is what this program ships: its tasks, planners, renderer and models.
func Real() (*Parts, error) {
	return nil, errors.New("the parts of the engine are not joined yet")
}
