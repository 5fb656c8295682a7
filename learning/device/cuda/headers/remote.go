package main

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// remote is a file on a web server, read in parts.
type remote struct {
	client *http.Client
	url    string
	size   int64
}

// open asks for the size of the file and whether the server gives parts of it.
func open(client *http.Client, url string) (*remote, error) {
	r := &remote{client: client, url: url}
	resp, err := r.get(0, 1)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var first, last int64
	if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &r.size); err != nil {
		return nil, fmt.Errorf("the size of the file is not said: Content-Range %q", resp.Header.Get("Content-Range"))
	}
	return r, nil
}

// get asks for n bytes from offset on.
func (r *remote) get(offset, n int64) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, r.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Range", "bytes="+strconv.FormatInt(offset, 10)+"-"+strconv.FormatInt(offset+n-1, 10))
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusPartialContent {
		resp.Body.Close()
		return nil, fmt.Errorf("asked for a part of a file, the server answered %s", resp.Status)
	}
	return resp, nil
}

// ReadAt is io.ReaderAt: one request a call.
func (r *remote) ReadAt(p []byte, offset int64) (int, error) {
	n := min(int64(len(p)), r.size-offset)
	if n <= 0 {
		return 0, io.EOF
	}
	resp, err := r.get(offset, n)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	read, err := io.ReadFull(resp.Body, p[:n])
	if err == nil && n < int64(len(p)) {
		err = io.EOF
	}
	return read, err
}
