package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/latco-studio/latco/learning"
)

// parseNumbers reads 3,7-9, each once and in order, or all.
func parseNumbers(text string, set *learning.Dataset) ([]int, error) {
	wanted := map[int]bool{}
	for _, part := range strings.Split(text, ",") {
		from, to, isRange := strings.Cut(part, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		switch {
		case text == "all":
			first, last = 0, len(set.Entries)-1
		case err1 != nil || err2 != nil || last < first:
			return nil, usagef("%q: want numbers of episodes such as 3,7-9, or all", text)
		case last >= len(set.Entries):
			return nil, fmt.Errorf("data set %s: no episode %d, the last is %d", set.Dir, last, len(set.Entries)-1)
		}
		for n := first; n <= last; n++ {
			wanted[n] = true
		}
	}
	var numbers []int
	for n, e := range set.Entries {
		switch {
		case !wanted[n]:
		case !e.Dropped:
			numbers = append(numbers, n)
		case text != "all":
			return nil, fmt.Errorf("data set %s: episode %d was removed already", set.Dir, n)
		}
	}
	return numbers, nil
}
