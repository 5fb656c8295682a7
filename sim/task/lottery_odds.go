package task

import "github.com/latco-studio/latco/resources/setting"

// lotteryOdds are the settings of the lottery. What the goals pay has two
// published sets: the paper's (mean of the lottery −1) and the one the released
// environment hard-codes (mean −0.4). Numbers set by hand win over the set.
type lotteryOdds struct {
	name  string  // paper or released
	pLoss float64 // probability in [0, 1] that the lottery loses
	loss  float64 // what it then takes, ≥ 0
	win   float64 // what it pays otherwise
	sure  float64 // what the other goal pays

	settled *lotteryOdds // the published set these numbers started from
}

var (
	paperOdds    = lotteryOdds{name: "paper", pLoss: 0.35, loss: 40, win: 20, sure: 1}
	releasedOdds = lotteryOdds{name: "released", pLoss: 0.20, loss: 10, win: 2, sure: 1}
)

// set applies -set pairs; the choice of a set comes first, then its exceptions.
func (o *lotteryOdds) set(settings map[string]string) error {
	if name, ok := settings["odds"]; ok {
		if err := setting.Set(o.fields(), "odds", name); err != nil {
			return err
		}
	}
	fields := o.fields()
	for key, text := range settings {
		if err := setting.Set(fields, key, text); err != nil {
			return err
		}
	}
	return nil
}

// settle follows a change of the set's name: numbers that are still those of the
// former set become those of the new one.
func (o *lotteryOdds) settle() {
	former, now := o.settled, &paperOdds
	if former == nil {
		former = &paperOdds
	}
	if o.name == releasedOdds.name {
		now = &releasedOdds
	}
	o.settled = now
	if former == now {
		return
	}
	for _, n := range []struct{ value, was, is *float64 }{
		{&o.pLoss, &former.pLoss, &now.pLoss}, {&o.loss, &former.loss, &now.loss},
		{&o.win, &former.win, &now.win}, {&o.sure, &former.sure, &now.sure},
	} {
		if *n.value == *n.was {
			*n.value = *n.is
		}
	}
}

func (o *lotteryOdds) fields() []setting.Field {
	o.settle()
	return []setting.Field{
		{Key: "odds", Title: "Odds", Choices: []string{paperOdds.name, releasedOdds.name}, Value: &o.name,
			Help: "The paper's lottery (35 % −40, else +20) or that of its released code (20 % −10, else +2); sets the numbers below."},
		{Key: "p_loss", Title: "Chance of a loss", Min: 0, Max: 1, Value: &o.pLoss,
			Help: "Probability that the lottery goal takes instead of pays; raising it makes the sure goal wiser."},
		{Key: "loss", Title: "Loss", Min: 0, Max: 1000, Value: &o.loss,
			Help: "What a lost lottery takes; raising it lowers the lottery's mean, not its best case."},
		{Key: "win", Title: "Win", Min: 0, Max: 1000, Value: &o.win,
			Help: "What a won lottery pays; raising it tempts planners that hope."},
		{Key: "sure", Title: "Sure pay", Min: 0, Max: 1000, Value: &o.sure,
			Help: "What the other goal always pays."},
	}
}

// pay is what entering a goal brings in an episode with that draw.
func (o *lotteryOdds) pay(goal int, draw float64) (outcome int, reward float64) {
	switch {
	case goal == goalSure:
		return outcomeSure, o.sure
	case draw < o.pLoss:
		return outcomeLoss, -o.loss
	default:
		return outcomeWin, o.win
	}
}
