// Command headers installs the C headers that gorgonia.org/cu needs to compile: 2 MB
// read out of the middle of NVIDIA's Python packages (CUDA 12.0), which are half a
// gigabyte. Nothing of them is needed to run the program.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// wheels are the packages and what gcc -M says is included of them. CUDA 12.0 is
// the interface of driver 525, the oldest one served.
var wheels = []wheel{
	{"nvidia-cuda-runtime-cu12", "12.0.146", map[string]string{
		"cuda.h":          "de37c3f9139ede5375831663175ff278542d23f607bf1d5f087eb9e666686c9f",
		"cuComplex.h":     "5a9720a5a88f854fe8f6c4cf31c353119bb25c321cf31deccf8754592ced2f68",
		"cuda_bf16.h":     "59d8e4eac5aa5f148f75a006334dedfd6c6b687d656755c73be4be26b75ef45b",
		"cuda_bf16.hpp":   "2652acd32399bc940f33ac853b7925c6b84f4cd37cddeeee9b76451cc95838a2",
		"cuda_fp16.h":     "a360d5520e929d770f68820d3a9a9380d09c56959a6093b334eebcc94ae8328e",
		"cuda_fp16.hpp":   "1ff1e8f9770e21444764a009e007c796bf8b71de51b42d009e359bb81e0cec65",
		"driver_types.h":  "07c35165b861c335cacc7032c8321d13dd757193e64ae8b5a1ee0b5862cfe512",
		"library_types.h": "c89be82c5c39a01751aa442012121a5feb2db0c1a5c505bdb19a09e2f6d01f02",
		"vector_types.h":  "aee545469f118a8591f66aef2d75fd4b5e59489f7bc2a4e303c39108928acce4",
	}},
	{"nvidia-cuda-nvcc-cu12", "12.0.140", map[string]string{
		"crt/host_defines.h": "73ba7da461ce5605663914c8e4d9d3c84e068816ad5a1fcdb8ee0740e093d631",
	}},
	{"nvidia-cuda-cccl-cu12", "12.4.127.post1", map[string]string{
		"nv/target":                 "0a3917f2bd97a36ff4fb5d1607bf04970f10cdddc99c4148c60bd26ed8998e9c",
		"nv/detail/__preprocessor":  "6ad076b0b6d458f60626997eeadcde486e59ffd68d9c37820f1cecca74b796ee",
		"nv/detail/__target_macros": "16ce9d2a77bc3b09ea3432f813ee6ac5dc3f5f13b5c10e6e700b28453682d796",
	}},
	{"nvidia-cuda-nvrtc-cu12", "12.0.140", map[string]string{
		"nvrtc.h": "044eabb95ba2deca65241392b13a36c80227e27bb89a8e5884ebd47df8dd9ed6",
	}},
	{"nvidia-cublas-cu12", "12.0.2.224", map[string]string{
		"cublas_api.h": "93da27815aa938559996a73a546b6046903022f4824100ca4a08237e75a20338",
		"cublas_v2.h":  "ab131d0798dbf7b96e11fc3ad4b10007e5a5afc03d0cb06f3b8ad1ca90c234ac",
	}},
}

func main() {
	out := flag.String("out", "", "folder to install the headers in")
	python := flag.String("python", "python3", "a Python with pip, which knows where packages are")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: headers -out FOLDER [-python PROGRAM]")
		os.Exit(2)
	}
	if err := install(*out, *python); err != nil {
		fmt.Fprintln(os.Stderr, "headers:", err)
		os.Exit(1)
	}
}

// install fills a new folder and puts it in place when it is whole.
func install(out, python string) error {
	if complete(out) {
		return nil
	}
	client, err := newClient()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(out), "headers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, w := range wheels {
		url, err := w.address(python)
		if err != nil {
			return err
		}
		n, err := w.extract(client, url, dir)
		if err != nil {
			return fmt.Errorf("reading %s %s: %w", w.name, w.version, err)
		}
		fmt.Printf("%s %s: %d headers, %d kB\n", w.name, w.version, len(w.files), n/1000)
	}
	if err := errors.Join(os.Chmod(dir, 0o755), os.RemoveAll(out)); err != nil {
		return err
	}
	return os.Rename(dir, out)
}

// complete says whether out has every header as it should be.
func complete(out string) bool {
	for _, w := range wheels {
		for name, want := range w.files {
			if sum, err := fileSum(filepath.Join(out, name)); err != nil || sum != want {
				return false
			}
		}
	}
	return true
}

// newClient trusts what the system trusts and what pip was told to.
func newClient() (*http.Client, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	if name := os.Getenv("PIP_CERT"); name != "" {
		pem, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading PIP_CERT: %w", err)
		}
		pool.AppendCertsFromPEM(pem)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	return &http.Client{Transport: transport, Timeout: 2 * time.Minute}, nil
}
