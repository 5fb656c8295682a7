package engine

import (
	"time"

	"github.com/latco-studio/latco/learning"
)

// runCommand is about training runs on disk.
type runCommand interface {
	Command
	ofRuns()
}

type (
	// ReadRuns reads which training runs there are.
	ReadRuns struct{}
	// PlotRuns reads curves and time-lapses of runs, to be looked at side by side; none
	// puts them away.
	PlotRuns struct{ Names []string }
	// NameRun gives a run another name, EraseRun removes it with everything it
	// collected. Both are refused while the run is being trained, and while another
	// learns from its episodes.
	NameRun  struct{ From, To string }
	EraseRun struct{ Name string }
)

func (ReadRuns) command() {}
func (PlotRuns) command() {}
func (NameRun) command()  {}
func (EraseRun) command() {}
func (ReadRuns) ofRuns()  {}
func (PlotRuns) ofRuns()  {}
func (NameRun) ofRuns()   {}
func (EraseRun) ofRuns()  {}

// RunsView is what is known of the training runs on disk.
type RunsView struct {
	Folder string              // that they are in
	Read   time.Time           // when List was; zero before
	List   []*learning.RunInfo // the last saved first

	Plotting bool           // curves are being read
	Plotted  *RunComparison // nil if none were asked for
}
