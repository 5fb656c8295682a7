package engine

type (
	// ListData reads which data sets there are: the user's, those of training runs,
	// and the folders named.
	ListData struct{ Folders []string }
	// OpenData shows the episodes of a data set, wherever it is.
	OpenData struct{ Dir string }
	// ShowThumbs says which episodes of the open set are looked at, by number, the
	// most wanted first. Others are forgotten.
	ShowThumbs struct{ Numbers []int }
	// ChooseEpisode reads the frames of an episode of the open set; −1 chooses none.
	ChooseEpisode struct{ Number int }
	// ReplayEpisode plays an episode of the open set again in the scene. What is on
	// the stage waits, and comes back with Stop or whatever else is done with it.
	ReplayEpisode struct{ Number int }
	// SeekReplay goes to a row of the episode in the scene.
	SeekReplay struct{ Row int }
	// DeleteEpisodes takes episodes out of the open set; UndoDelete brings back those
	// of the last time.
	DeleteEpisodes struct{ Numbers []int }
	UndoDelete     struct{}
	// ExportEpisodes writes episodes of the open set to files.
	ExportEpisodes struct {
		Numbers []int
		Format  string // ExportGIF or ExportNPZ
		To      string // a folder; a file if there is one episode and To has its ending; "" = exports in the user's data
	}
	StopExport struct{}
	// CollectEpisodes plays so many more episodes of the task on the stage in the
	// background, as it is set, and keeps them.
	CollectEpisodes struct {
		Policy   string // scripted, mixed or random; "" = what training collects
		Episodes int    // ≥ 1
	}
	StopCollecting struct{}
)

func (ListData) command()        {}
func (OpenData) command()        {}
func (ShowThumbs) command()      {}
func (ChooseEpisode) command()   {}
func (ReplayEpisode) command()   {}
func (SeekReplay) command()      {}
func (DeleteEpisodes) command()  {}
func (UndoDelete) command()      {}
func (ExportEpisodes) command()  {}
func (StopExport) command()      {}
func (CollectEpisodes) command() {}
func (StopCollecting) command()  {}
