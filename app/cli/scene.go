package cli

import (
	"flag"
	"fmt"

	"github.com/latco-studio/latco/app/engine"
)

func addScene(fs *flag.FlagSet) *string {
	return fs.String("scene", "", "MJCF `file`, instead of a task")
}

// choose returns the name of the task that a command is about: one of the list, or
// the scene file, which then joins the list.
func choose(parts *engine.Parts, task, scene string) (string, error) {
	if scene == "" {
		return task, nil
	}
	t, err := parts.OpenFile(scene)
	if err != nil {
		return "", err
	}
	parts.Tasks = append(parts.Tasks, t)
	return t.Name, nil
}

// notice tells on stderr what a user should know of a scene.
func (c *call) notice(sentence string) { fmt.Fprintf(c.err, "latco: %s: %s\n", c.cmd.name, sentence) }
