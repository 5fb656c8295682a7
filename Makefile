# LatCo Studio. `make run` opens the window, `make test` runs every test; both
# install what they need first (Debian 12, or a system with the same packages).

SHELL    := /bin/bash
VERSION  := $(shell sed -n 's/^ *Version = "\(.*\)"/\1/p' FyneApp.toml)
COMMIT   := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
TAGS     ?= migrated_fynedo
LDFLAGS  := -X main.version=$(VERSION) -X main.commit=$(COMMIT)
GOFLAGS_ = -tags '$(TAGS)'
GO       ?= go
BIN      ?= bin/latco

BUILD_PACKAGES := libmujoco-dev libdnnl-dev libopenblas-dev libgl1-mesa-dev libegl-dev xorg-dev pkg-config patchelf libgl1-mesa-dri libegl1
TEST_PACKAGES  := xvfb xauth xdotool imagemagick

# An unpacked official MuJoCo release instead of Debian's package:
#   make run MUJOCO_DIR=/path/to/mujoco-3.x
ifdef MUJOCO_DIR
export CGO_CFLAGS  := -O2 -g -I$(MUJOCO_DIR)/include
export CGO_LDFLAGS := -L$(MUJOCO_DIR)/lib -Wl,-rpath,$(MUJOCO_DIR)/lib
BUILD_PACKAGES := $(filter-out libmujoco-dev,$(BUILD_PACKAGES))
endif

# With CUDA's headers (of CUDA_INCLUDE, CUDA_HOME, the system, or `make cuda-deps`) the
# program is built for NVIDIA cards too; it runs without one, and without a driver.
CUDA_HEADERS := $(shell learning/device/cuda/headers/find.sh)
ifneq ($(CUDA_HEADERS),)
TAGS := $(TAGS),nvidia
export C_INCLUDE_PATH := $(CUDA_HEADERS)$(addprefix :,$(C_INCLUDE_PATH))
endif

.PHONY: run build test tested race lint bench quality pictures kernels package deps test-deps cuda-deps clean

run: build
	bin/latco

# The program opens these itself, with an error that says what to install, or does
# without: it must start where one is missing.
OPTIONAL := libGL.so.1 libX11.so.6 libdnnl.so.2 libdnnl.so.3 libopenblas.so.0 \
	libcuda.so.1 libcublas.so.11 libcublas.so.12 libcublas.so.13

build: deps
	$(GO) build $(GOFLAGS_) -ldflags '$(LDFLAGS)' -o $(BIN).linked .
	@if [ "$$(uname)" = Linux ]; then patchelf $(addprefix --remove-needed ,$(OPTIONAL)) $(BIN).linked; fi
	@mv $(BIN).linked $(BIN)

test: test-deps
	@$(MAKE) --no-print-directory cuda-deps || echo "No CUDA headers, see above: what runs on a GPU is neither compiled nor tested."
	@$(MAKE) --no-print-directory tested

tested: build
	$(GO) vet $(GOFLAGS_) ./...
	xvfb-run -a $(GO) test $(GOFLAGS_) -timeout 30m ./...

race: test-deps build
	xvfb-run -a $(GO) test $(GOFLAGS_) -race -timeout 60m ./...

lint: deps
	@bad=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "not gofmt-clean:"; echo "$$bad"; exit 1; fi
	$(GO) vet $(GOFLAGS_) ./...
	$(GO) test -run 'TestImportLaw|TestTreeSpeaks' .
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags '$(TAGS)' ./...

bench: build
	bin/latco bench

# The table "Quality of the models" of README: data sets, a model of every variant and
# task, the measurement. An hour on two cores; what is there is not made again.
QUALITY  ?= bin/quality
EPISODES ?= 150
HELD_OUT ?= 30
UPDATES  ?= 1500
VARIANT_NAMES := rssm ssm gru overshooting gru-overshooting
VARIANTS := "rssm" "ssm -set dynamics=ssm" "gru -set dynamics=gru" "overshooting -set overshooting=19" "gru-overshooting -set dynamics=gru -set overshooting=19"

quality: build
	@for t in "lottery -policy mixed" "cartpole-swingup -policy random" "reach -policy scripted -policy-set noise=0.5"; do \
	  dir=$(QUALITY)/$${t%% *}; mkdir -p $$dir; \
	  $(BIN) collect -task $$t -episodes $(EPISODES) -seed 1 -out $$dir/data || exit 1; \
	  $(BIN) collect -task $$t -episodes $(HELD_OUT) -seed 1001 -out $$dir/held-out || exit 1; \
	  for v in $(VARIANTS); do \
	    set -- $$v; run=$$dir/$$1; shift; resume=; [ ! -d $$run ] || resume=-resume; \
	    $(BIN) train -task $${t%% *} -preset class -data $$dir/data -frames 0 -updates $(UPDATES) -seed 1 "$$@" -out $$run $$resume || exit 1; \
	  done; \
	done
	@$(BIN) quality $(foreach t,lottery cartpole-swingup reach,-data $(QUALITY)/$(t)/held-out $(foreach v,$(VARIANT_NAMES),-model $(QUALITY)/$(t)/$(v)))

# The pictures of the task browser, drawn anew.
pictures: build
	@for t in $$($(BIN) tasks | cut -d' ' -f1); do \
	  $(BIN) render -task $$t -camera free -size 288x180 -out resources/pictures/$$t.png || exit 1; done

# The PTX of the CUDA kernels, compiled anew. Needs NVIDIA's run-time compiler, nvrtc
# 11.8 (Debian: libnvrtc11.2; pip: nvidia-cuda-nvrtc-cu11==11.8.89), no card: newer
# ones write PTX that driver 525 does not read. NVRTC=/path/to/libnvrtc.so.11.2 names one.
kernels:
	cd learning/device/cuda/kernels && $(GO) run ./compile

# A Debian package whose dependencies apt installs with it.
package: build
	GO=$(GO) VERSION=$(VERSION) resources/package/deb.sh

deps:
	@resources/package/need.sh $(BUILD_PACKAGES)

test-deps: deps
	@resources/package/need.sh $(TEST_PACKAGES)

# The smallest set of CUDA headers: 2 MB, read out of NVIDIA's Python packages.
cuda-deps:
ifeq ($(CUDA_HEADERS),)
	@python3 -m pip --version >/dev/null 2>&1 || resources/package/need.sh python3 python3-pip
	@$(GO) run ./learning/device/cuda/headers -out bin/cuda/include
endif

clean:
	rm -rf bin dist
