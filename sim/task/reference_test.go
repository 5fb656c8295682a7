package task

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
)

// readReference reads stored numbers of a public package, testdata/NAME.json.gz.
func readReference(t *testing.T, name string, into any) {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(into); err != nil {
		t.Fatal(err)
	}
}
