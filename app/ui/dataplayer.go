package ui

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// episodePlayer shows the chosen episode as it was seen, 16 frames a second, with the
// return so far. While the episode is played in the scene, both go together and the
// scene's clock counts. It is an alarm of the pump.
type episodePlayer struct {
	root    fyne.CanvasObject
	desk    *desk
	picture *pixels
	title   *text
	facts   *text
	numbers *text
	scene   *hint         // how the scene compares
	trouble *widget.Label // why it cannot be read
	why     *container.Scroll
	track   *fyne.Container
	curve   *plot
	play    *button
	slider  *slider

	of     *engine.EpisodeView
	replay *engine.ReplayView // of this episode, nil if it is not played in the scene
	paused bool               // the scene
	at     int                // row
	xy     []paint.Vec        // the return so far
	next   atomic.Int64       // when the next frame is due, Unix nanoseconds; 0 stopped
	quiet  bool               // the slider is set, not moved
	small  bool
}

const (
	episodePicture = 128
	episodeCurve   = 34
	episodeSmall   = 80 // the picture where there is little room
	episodeBeat    = time.Second / 16
)

func newEpisodePlayer(d *desk) *episodePlayer {
	p := &episodePlayer{desk: d, picture: newPixels(episodePicture), title: newBold(""), facts: newCaption(""), numbers: newCaption(""),
		scene: newHint(d, "", replayTip), trouble: newParagraph(), curve: newPlot(episodeCurve)}
	for _, t := range []*text{p.title, p.facts, p.numbers} {
		t.cut = true
	}
	p.scene.size = theme.SizeNameCaptionText
	p.trouble.Importance = widget.DangerImportance
	p.trouble.Hide()
	p.play = newButton(d, "", theme.MediaPlayIcon(), "Play the recorded images (Space)", p.toggle).quiet()
	p.slider = newSlider(d, "Step of the episode", 1)
	p.slider.OnChanged = func(v float64) {
		if !p.quiet {
			p.seek(int(math.Round(v * float64(p.last()))))
		}
	}
	facts := container.New(layout.NewCustomPaddedVBoxLayout(1), p.title, p.facts, p.numbers, p.scene)
	p.why = container.NewVScroll(tight(p.trouble))
	p.why.Hide()
	p.track = container.NewBorder(nil, nil, tight(p.play), nil, p.slider)
	below := container.New(layout.NewCustomPaddedVBoxLayout(0), p.curve, p.track)
	p.root = container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedVBoxLayout(0), container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), p.picture)),
		nil, container.NewBorder(facts, below, nil, nil, p.why))
	return p
}

const replayTip = "How the scene compares with the recording\nThe episode is simulated again from its seed with the recorded actions; every state and reward is compared with what was recorded."

// compact makes the player smaller, or as large as it should be.
func (p *episodePlayer) compact(on bool) {
	if on == p.small {
		return
	}
	p.small, p.picture.side = on, episodePicture
	if on {
		p.picture.side = episodeSmall
	}
	setHidden(p.facts, on)
	setHidden(p.curve, on || p.of != nil && p.of.Err != "")
	p.root.Refresh()
}

// last is the last row of the episode.
func (p *episodePlayer) last() int {
	if p.of == nil {
		return 0
	}
	return max(0, len(p.of.Frames)-1)
}

// show follows the state.
func (p *episodePlayer) show(s *engine.State) {
	v, r := s.Data.Chosen, s.Data.Replay
	if r != nil && (v == nil || r.Dir != v.Dir || r.Number != v.Number || r.Opening) {
		r = nil
	}
	if v != p.of {
		p.take(v)
	}
	started := r != nil && p.replay == nil
	same := r == p.replay && p.paused == s.Paused
	p.replay, p.paused = r, s.Paused
	if started {
		p.stop()
	}
	if r != nil {
		p.at = min(r.Row, p.last())
	}
	p.scene.set(replayWords(s.Data.Replay))
	if !same {
		p.draw()
	}
}

// take shows another episode from its start, or the frames of the same.
func (p *episodePlayer) take(v *engine.EpisodeView) {
	again := v != nil && p.of != nil && v.Dir == p.of.Dir && v.Number == p.of.Number && len(p.of.Frames) > 0
	p.of, p.xy = v, nil
	if !again {
		p.stop()
		p.at = 0
	}
	if v == nil {
		p.picture.show(nil)
		return
	}
	for t, sum := range v.Returns {
		p.xy = append(p.xy, paint.Vec{X: float64(t), Y: sum})
	}
	p.slider.Step = 1 / float64(max(p.last(), 1))
	p.title.set(fmt.Sprintf("Episode %d · %s", v.Number, outcomeWords(v.DataEpisode)))
	p.facts.set(fmt.Sprintf("%s policy · seed %d", v.Policy, v.Seed))
	setLabel(p.trouble, strings.TrimPrefix(v.Err, v.Dir+string(filepath.Separator)))
	setHidden(p.why, v.Err == "")
	setHidden(p.curve, p.small || v.Err != "")
	setHidden(p.track, v.Err != "")
	if !again {
		p.begin()
	}
	p.draw()
}

// begin plays from the present row.
func (p *episodePlayer) begin() {
	if p.last() > 0 {
		p.next.Store(time.Now().UnixNano())
	}
}

// playing says that images change, by themselves or with the scene.
func (p *episodePlayer) playing() bool {
	if p.replay != nil {
		return !p.paused && !p.replay.Over
	}
	return p.next.Load() != 0
}

func (p *episodePlayer) stop() { p.next.Store(0) }

// toggle starts or stops; at the end it starts from the beginning.
func (p *episodePlayer) toggle() {
	switch {
	case p.replay != nil:
		p.desk.send(engine.Pause{On: p.playing()})
		return
	case p.playing():
		p.stop()
	default:
		if p.at >= p.last() {
			p.at = 0
		}
		p.begin()
	}
	p.draw()
}

// seek goes to a row, in the scene as well if the episode is played there.
func (p *episodePlayer) seek(row int) {
	p.at = min(max(row, 0), p.last())
	if p.replay != nil {
		p.desk.send(engine.SeekReplay{Row: p.at})
	}
	p.stop()
	p.draw()
}

func (p *episodePlayer) ripe(now time.Time) bool {
	at := p.next.Load()
	return at != 0 && now.UnixNano() >= at
}

func (p *episodePlayer) ring(now time.Time) {
	if p.next.Load() == 0 {
		return
	}
	due := time.Unix(0, p.next.Load()).Add(episodeBeat)
	if due.Before(now) { // the window was busy
		due = now.Add(episodeBeat / 2)
	}
	p.next.Store(due.UnixNano())
	if p.at++; p.at >= p.last() {
		p.at = p.last()
		p.stop()
	}
	p.draw()
}

// draw shows the present row.
func (p *episodePlayer) draw() {
	v := p.of
	if v == nil {
		return
	}
	icon := theme.MediaPlayIcon()
	if p.playing() {
		icon = theme.MediaPauseIcon()
	}
	p.play.icon(icon)
	p.play.able(p.last() > 0)
	if len(v.Frames) == 0 {
		p.picture.show(nil)
		p.numbers.set(emptyEpisode(v))
		p.curve.set(nil, math.NaN())
		return
	}
	p.picture.show(v.Frames[p.at])
	p.numbers.set(fmt.Sprintf("step %d / %d · return %s · reward %s", p.at, p.last(), figure(v.Returns[p.at]), figure(v.Rewards[p.at])))
	p.curve.set([]curve{{color: colorReturn, xy: p.xy}}, float64(p.at))
	p.quiet = true
	p.slider.SetValue(float64(p.at) / float64(max(p.last(), 1)))
	p.quiet = false
}

// emptyEpisode says why there is nothing to see.
func emptyEpisode(v *engine.EpisodeView) string {
	if v.Err != "" {
		return "damaged"
	}
	return "reading …"
}
