package engine

import "image"

// DataView is what the data browser shows.
type DataView struct {
	Listed  bool      // Sets have been read
	Sets    []DataSet // those known, the last changed first
	Opening string    // folder that is being opened; "" if none
	Open    *OpenSet  // nil if none is open

	Chosen  *EpisodeView // nil if none is
	Replay  *ReplayView  // nil if none is played in the scene
	Undo    int          // deleted episodes that UndoDelete brings back to Open
	Export  *Work        // nil if nothing is exported
	Collect *Collecting  // nil if nothing was collected yet
}

// OpenSet is the data set being looked at.
type OpenSet struct {
	DataSet
	Settings map[string]string // of the task
	Episodes []DataEpisode     // in the order in which they were collected, without the deleted
	Thumbs   map[int]Thumb     // those asked for last that have been read, by number
}

// DataEpisode is an episode as the manifest of its set lists it.
type DataEpisode struct {
	Number  int // in the set, from 0; deleting others does not change it
	File    string
	Policy  string
	Seed    int64
	Steps   int
	Return  float64 // of the task's reward: OpenSet.Reward
	Success bool
	Outcome string
}

// Thumb is an episode as one picture.
type Thumb struct {
	Picture *image.RGBA // 64×64; nil if the episode cannot be read
	Row     int         // that it shows: where the task was solved first, else the last
	Err     string      // why it cannot be read, naming the file
}

// EpisodeView is the chosen episode.
type EpisodeView struct {
	DataEpisode
	Dir     string
	Reading bool          // the frames are on their way
	Frames  []*image.RGBA // T+1, 64×64
	Rewards []float64     // T+1, of the task's reward
	Returns []float64     // T+1, their sum so far
	Err     string        // why it cannot be read, naming the file
}

// ReplayView is an episode that is played again in the scene.
type ReplayView struct {
	Dir     string
	Number  int
	Title   string // of its task
	Opening bool   // its stage is being set

	Row, Steps     int
	Reward, Return float64     // as played again, of the task's reward
	Recorded       float64     // the return so far in the recording
	Success        bool        // as played again
	Frame          *image.RGBA // the recorded image of this row
	Deviates       int         // first row at which it is clearly not as recorded; −1 so far none
	Difference     float64     // largest of a state's number so far, relative to 1 + its size
	Unchecked      bool        // the episode has no states to compare with
	Over           bool        // the last row is reached
}

// Work is how far something is that goes on in the background.
type Work struct {
	Done, Total int
	Note        string
}

// Collecting is how far a collection of episodes is, or how it ended.
type Collecting struct {
	Work
	Task, Title, Policy string
	Dir                 string
	Running             bool
	Err                 string // why it failed
}
