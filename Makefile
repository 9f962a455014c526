# make demo    the main job, in one process, nothing to install
# make test    every test; installs the servers that it needs on Debian as root
# make bench   speed, beside a reference in the same run (N=1000 mails)
# make fuzz    every fuzz target for FUZZTIME each
# make lint    go vet and staticcheck

GO ?= go
N ?= 1000
FUZZTIME ?= 30s
OUT ?= $(CURDIR)/out

.PHONY: build demo test servers lint race bench fuzz clean

build:
	$(GO) build -o dpobot ./cmd/dpobot

demo:
	$(GO) run ./cmd/dpobot demo --out $(OUT)

test: servers lint
	$(GO) test -timeout 15m ./...

# Tests that need a server skip where it is missing; here nothing is to be skipped.
servers:
	@sh .ci/servers

lint:
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

race:
	$(GO) test -race -timeout 30m ./...

bench:
	$(GO) run ./cmd/dpobot/bench -n $(N)
	$(GO) test -run '^$$' -bench . -benchtime 200ms ./inbox/reading ./inbox/sorting ./workflow/redisstore

fuzz:
	FUZZTIME=$(FUZZTIME) sh .ci/fuzz

clean:
	rm -rf dpobot out
