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
CUDA_HEADERS := $(shell CUDA_INCLUDE='$(CUDA_INCLUDE)' CUDA_HOME='$(CUDA_HOME)' CUDA_PATH='$(CUDA_PATH)' \
	learning/device/cuda/headers/find.sh)
ifneq ($(CUDA_HEADERS),)
TAGS := $(TAGS),nvidia
export C_INCLUDE_PATH := $(CUDA_HEADERS)$(addprefix :,$(C_INCLUDE_PATH))
endif

.PHONY: run build test tested race lint bench quality pictures kernels compiled package packaged bundle deps test-deps cuda-deps clean

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

# A server that begins anew when its last client leaves refuses the next one's call.
XVFB := xvfb-run -a -s '-screen 0 1280x1024x24 -noreset'

tested: build
	$(GO) vet $(GOFLAGS_) ./...
	$(XVFB) $(GO) test $(GOFLAGS_) -timeout 30m ./...

race: test-deps build
	$(XVFB) $(GO) test $(GOFLAGS_) -race -timeout 60m ./...

lint: deps
	@bad=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$bad" ]; then echo "not gofmt-clean:"; echo "$$bad"; exit 1; fi
	$(GO) vet $(GOFLAGS_) ./...
	$(GO) test -run 'TestImportLaw|TestTreeSpeaks' .
	$(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2 -tags '$(TAGS)' ./...

bench: build
	bin/latco bench

# The table "Quality of the models" of README: data sets, a model of every variant and
# task, the measurement. Two hours on two cores; what is there is not made again. Reach
# and cartpole take 5000 updates until the variants differ, and free nats. Fewer are
# enough to try it: make quality QUALITY_TASKS=lottery VARIANT_NAMES="rssm ssm"
QUALITY  ?= bin/quality
EPISODES ?= 150
HELD_OUT ?= 30
SEES_THIN := -set image_scale=16 -set free_nats=3 -set learning_rate=0.001
QUALITY_TASKS ?= lottery reach cartpole-swingup
COLLECT_lottery          := -policy mixed
COLLECT_reach            := -policy scripted -policy-set noise=0.5
COLLECT_cartpole-swingup := -policy random -set repeat=8
TRAIN_lottery          ?= -updates 1500
TRAIN_reach            ?= -updates 5000 $(SEES_THIN)
TRAIN_cartpole-swingup ?= -updates 5000 $(SEES_THIN)
VARIANT_rssm              :=
VARIANT_ssm               := -set dynamics=ssm
VARIANT_gru               := -set dynamics=gru
VARIANT_overshooting      := -set overshooting=19
VARIANT_gru-overshooting  := -set dynamics=gru -set overshooting=19
VARIANT_NAMES ?= rssm ssm gru overshooting gru-overshooting

quality: $(foreach t,$(QUALITY_TASKS),$(foreach v,$(VARIANT_NAMES),quality-$(t)-$(v)))
	@$(BIN) quality $(foreach t,$(QUALITY_TASKS),-data $(QUALITY)/$(t)/held-out $(foreach v,$(VARIANT_NAMES),-model $(QUALITY)/$(t)/$(v)))

# The data sets of a task, and a model of it.
define quality_data
.PHONY: quality-$(1)
quality-$(1): build
	@mkdir -p $(QUALITY)/$(1)
	@$(BIN) collect -task $(1) $(COLLECT_$(1)) -episodes $(EPISODES) -seed 1 -out $(QUALITY)/$(1)/data
	@$(BIN) collect -task $(1) $(COLLECT_$(1)) -episodes $(HELD_OUT) -seed 1001 -out $(QUALITY)/$(1)/held-out
endef
define quality_model
.PHONY: quality-$(1)-$(2)
quality-$(1)-$(2): quality-$(1)
	@run=$(QUALITY)/$(1)/$(2); resume=; [ ! -d $$$$run ] || resume=-resume; \
	$(BIN) train -task $(1) -preset class -data $(QUALITY)/$(1)/data -frames 0 -seed 1 $(TRAIN_$(1)) $(VARIANT_$(2)) -out $$$$run $$$$resume
endef
$(foreach t,$(QUALITY_TASKS),$(eval $(call quality_data,$(t)))$(foreach v,$(VARIANT_NAMES),$(eval $(call quality_model,$(t),$(v)))))

# The pictures of the task browser, drawn anew.
pictures: build
	@for t in $$($(BIN) tasks | cut -d' ' -f1); do \
	  $(BIN) render -task $$t -camera free -size 288x180 -out resources/pictures/$$t.png || exit 1; done

# The PTX of the CUDA kernels, compiled anew. Needs NVIDIA's run-time compiler, nvrtc
# 11.8 (Debian: libnvrtc11.2; pip: nvidia-cuda-nvrtc-cu11==11.8.89), no card: newer
# ones write PTX that driver 525 does not read. NVRTC=/path/to/libnvrtc.so.11.2 names one.
kernels:
	@$(MAKE) --no-print-directory cuda-deps
	@$(MAKE) --no-print-directory compiled

compiled:
	cd learning/device/cuda/kernels && $(GO) run $(GOFLAGS_) ./compile

# A Debian package whose dependencies apt installs with it, for NVIDIA cards too.
package:
	@$(MAKE) --no-print-directory cuda-deps || echo "No CUDA headers, see above: the package computes on the CPU only."
	@$(MAKE) --no-print-directory packaged

packaged: build
	GO=$(GO) VERSION=$(VERSION) resources/package/deb.sh

# The program and its libraries in one folder, for machines where nothing may be
# installed: a GPU node, say.
bundle: build
	VERSION=$(VERSION) MUJOCO_DIR=$(MUJOCO_DIR) resources/package/bundle.sh

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
