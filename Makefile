# `make` prints what there is. Tools and Python packages are installed under .ci at first use; nothing goes elsewhere.

GO       ?= go
PACKAGES := ./events/... ./lambda/...
# The function's main package and the command line's.
FUNCTION := ./lambda
COMMAND  := ./lambda/cmd/invbridge
# Of both. Small and reproducible: no RPC mode of old runtimes, no HTTP/2 (the services speak 1.1), no paths of this machine, no symbols, no
# build ID.
FLAGS    := -tags lambda.norpc,nethttpomithttp2 -trimpath -buildvcs=false -ldflags "-s -w -buildid="

# The CDK's command line. SETTINGS names the file of settings, where it is not inventory-bridge.yaml. CONTEXT holds arguments for one run,
# for example CONTEXT="-c rate=0.5".
CDK      := .ci/cdk
SETTINGS ?=
CONTEXT  ?=
override CONTEXT += $(if $(SETTINGS),-c settings="$(SETTINGS)")

# What a release calls itself.
VERSION  ?= v0.0.0

# An event for `make invoke`.
EVENT    ?= testevents/s3-sqs.json

# What a busy machine keeps, too; go test's own 10 minutes it does not.
TIMEOUT  ?= 30m
# A line a package, failures whole, and at the end how many tests ran and how many were skipped (those that read ../shared, where it is absent).
TESTS    := $(GO) run gotest.tools/gotestsum@v1.13.0 --format pkgname-and-test-fails
FUZZTIME ?= 5m
SEEDS    ?= 20000
FORGED   ?= 10000
# Of `make race`: all, or goroutines (what begins some, as .ci/run has it); histories, and rounds of three writers.
RACE      ?= all
RACESEEDS ?= 40
HOSTILE  ?= 10000
WRITERS  ?= 10000
CUTS     ?= 1000
RECORDS  ?= 200000
FLEET    ?= 100000
ORGANIZATION ?= 200,500,2500
SIZE     ?= 1g
FORMATS  ?= nessus servicenow ndjson
ROUNDS   ?= 5
HOSTS    ?= 300
# Made inputs and the peer to compare with stand beside the checkout, where they are there at all.
SHARED   ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help demo generate test test-infra bench fuzz soak power hostile forged race mutants fleet lint conformance build synth target release released check diff deploy destroy template consumers chain page invoke invoke-every scale scale-organization constant memory compare rie clean ci

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## the whole way of five documents into a local AWS, in one process: needs Go and nothing else
	$(GO) run $(COMMAND) demo

generate: ## what is made of the built-in mappings and types: their index, the description of the types, the tables in the READMEs: formats, words, commands, settings and limits
	$(GO) test ./lambda/mapping/yamlfile -run '^TestTypesAsJSON$$' -update
	$(GO) test ./lambda/mapping/load -run '^TestIndexIsCurrent$$' -update
	$(GO) test ./lambda/mapping/typepage -run '^(TestTypesDocument|TestFormatsInReadme)$$' -update
	$(GO) test ./lambda/mapping/choose -run '^TestWhichMappingTakesWhat$$' -update
	$(GO) test ./lambda/mapping/load -run '^TestWordsInReadme$$' -update
	$(GO) test ./lambda/cmd/invbridge -run '^TestCommandsInReadme$$' -update
	$(GO) test ./infra/settings -run '^TestSettingsInReadme$$' -update
	$(GO) test ./lambda/limit -run '^TestLimitsInReadme$$' -update

test: ## the Go tests that need Go alone
	$(TESTS) --hide-summary skipped -- -timeout $(TIMEOUT) $(PACKAGES)

test-infra: ## the tests of the stack: need Node, and neither Docker nor an account
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 $(GO) test -timeout $(TIMEOUT) ./infra/...

bench: build ## one table: reading beside the standard library, putting beside the peers that ../shared has, in one run
	GO=$(GO) .ci/python .ci/bench dist/invbridge $(SHARED)

fuzz: ## every fuzz target, FUZZTIME each (5m)
	.ci/fuzz $(FUZZTIME) $(PACKAGES)

soak: ## random histories against the sandbox (SEEDS), rounds of three writers of the same nodes (WRITERS), RECORDS whose machine is known
	GOGC=400 INVBRIDGE_SEEDS=$(SEEDS) $(GO) test -count=1 -timeout 60m -v -run '^TestHistories$$' ./lambda/bridge/simulation
	GOGC=400 INVBRIDGE_RECORDS=$(RECORDS) $(GO) test -count=1 -timeout 60m -v -run '^TestTruth$$' ./lambda/bridge/truth
	GOGC=400 INVBRIDGE_ROUNDS=$(WRITERS) $(GO) test -count=1 -timeout 60m -v -run '^(TestThreeWriters.*|TestKilledAtEveryStep)$$' ./lambda/bridge

power: ## a directory as state loses its power CUTS times during each kind of work
	INVBRIDGE_CUTS=$(CUTS) $(GO) test -count=1 -timeout 60m -v -run '^TestPowerCuts' ./lambda/bridge

forged: ## FORGED deliveries as a taken-over intake could write them (10,000): nothing changes but what the mapping may state that they name
	INVBRIDGE_FORGED=$(FORGED) $(GO) test -count=1 -timeout 60m -v -run '^TestATakenOverIntakeChangesNothingElse$$' ./lambda/bridge/forged

race: ## Go's race detector over all packages: needs a C compiler, and for the stack Node
	INVBRIDGE_SEEDS=$(RACESEEDS) INVBRIDGE_ROUNDS=$(RACESEEDS) JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 GO=$(GO) .ci/race $(RACE) $(PACKAGES) $(if $(filter all,$(RACE)),./infra/...)

hostile: ## HOSTILE made documents that a stranger could send (10,000), and how the time of reading grows with the size
	INVBRIDGE_HOSTILE=$(HOSTILE) $(GO) test -count=1 -timeout 60m -v ./lambda/bridge/hostile

mutants: ## fifteen builds that break the protocol: each must be found by the histories
	INVBRIDGE_MUTANTS=1 $(GO) test -count=1 -timeout 60m -v -run '^TestMutants$$' ./lambda/bridge/simulation

fleet: ## a register of FLEET nodes, twice, in 64 and in 1,024 partitions: heads read and written, time, memory; what a night of feeds calls
	INVBRIDGE_FLEET=$(FLEET) $(GO) test -count=1 -timeout 60m -v -run '^(TestALargeFleet|TestCallsOfANight)$$' ./lambda/bridge

lint: ## formatting, vet, golangci-lint, dead code
	.ci/lint format vet golangci deadcode

conformance: build ## the sandbox under boto3, rule by rule
	INVBRIDGE=$(CURDIR)/dist/invbridge .ci/python -m unittest discover -s lambda/sandbox/conformance

build: ## the function for both architectures into dist/<arch>/bootstrap, and dist/invbridge
	@CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) build $(FLAGS) -o dist/arm64/bootstrap $(FUNCTION)
	@CGO_ENABLED=0 GOOS=linux GOARCH=amd64 $(GO) build $(FLAGS) -o dist/amd64/bootstrap $(FUNCTION)
	@CGO_ENABLED=0 $(GO) build $(FLAGS) -o dist/invbridge $(COMMAND)

synth: build ## the CloudFormation template into cdk.out: needs Node, and neither Docker nor an account
	@$(CDK) synth --quiet $(CONTEXT)

target: ## into dist/target.template.json: the role that each account needs whose nodes are served, too (`targets`); needs Node and no account
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 $(GO) run ./infra target dist/target.template.json $(CONTEXT)

release: build ## into dist/release: the command line for each platform, what deploys without the CDK (a template with parameters, the function's zips), what the programs are made of, checksums
	rm -rf dist/release
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20 $(GO) run ./infra release dist/release
	GO=$(GO) VERSION=$(VERSION) python3 .ci/release dist/release $(FLAGS)

released: build ## that a release is the same when it is made twice, for this platform, and that the bridge takes in what it says it is made of
	GO=$(GO) python3 .ci/release --check dist $(FLAGS)

diff: build check ## what a deployment would change
	$(CDK) diff $(CONTEXT)

check: ## whether the account has what the settings take up, and whether something would be lost: asks only; `deploy` and `diff` begin with it
	$(GO) run ./infra/check $(CONTEXT)

deploy: build check ## deploys the whole service with your AWS credentials
	$(CDK) deploy $(CONTEXT)

destroy: build ## removes it; buckets with data stay
	$(CDK) destroy $(CONTEXT)

template: build ## cfn-lint and checkov on the synthesised template
	.ci/template $(CDK)

consumers: build ## the saved queries of `consumers`, over made objects of a data sync, against the synthesised tables
	$(CDK) synth --quiet --output cdk.out/consumers -c settings=infra/testdata/consumers.yaml
	TEMPLATE=cdk.out/consumers/InventoryBridge.template.json .ci/python -m unittest discover -s .ci/consumers

chain: build ## the stack as its template describes it, in moto and the sandbox, behind its own permissions: files, events, kills, dead letters
	CHAIN_UPDATE=$(CHAIN_UPDATE) .ci/chain/run env $(CDK)

page: ## the pages of receipts and nodes in a headless Chromium, which apt installs where it can; screenshots into cdk.out/page
	GO=$(GO) python3 .ci/page cdk.out/page

invoke: build ## one EVENT through the function in Lambda's container, into a sandbox: needs Docker and the SAM command line
	rm -rf cdk.out/local
	$(CDK) synth --quiet --output cdk.out/local $(CONTEXT) -c local=true
	.ci/invoke cdk.out/local/*.template.json $(EVENT)

invoke-every: ## every file in testevents/ by the commands of testevents/README.md, compared with `invbridge invoke`; makes what is not there
	$(MAKE) --no-print-directory synth CONTEXT="-c local=true"
	.ci/docker .ci/python .ci/invoke cdk.out/InventoryBridge.template.json --every

scale: build ## made files of SIZE (1g) in eight shapes through `invbridge put`: 64 MiB of memory, nothing lost
	.ci/scale dist/invbridge $(SHARED) $(SIZE)

scale-organization: ## a register of ORGANIZATION (accounts,nodes of each region,bytes of a row) into two regions of each: calls, time by a virtual clock, CPU, memory, objects
	INVBRIDGE_ORGANIZATION=$(ORGANIZATION) $(GO) test -count=1 -timeout 120m -v -run '^TestAnOrganization$$' ./lambda/bridge

constant: build ## one file about 1,000, 10,000 and FLEET nodes, twice: CPU time and calls of each node stay what they are
	.ci/scale dist/invbridge $(SHARED) nodes 1000 10000 $(FLEET)

memory: build ## intake and delivery of FLEET nodes under Lambda's runtime emulator in 128 MB
	.ci/memory $(SHARED) $(FLEET)

compare: build ## CPU and memory against a boto3 script on the same files: FORMATS, ROUNDS, HOSTS
	set -e; for f in $(FORMATS); do \
	  .ci/python $(SHARED)/tools/compare.py dist/invbridge $$f --rounds $(ROUNDS) --hosts $(HOSTS); done

rie: build ## every file in testevents/ through the function under Lambda's runtime emulator; start time and size
	.ci/rie

clean: ## remove what was built, the tools included
	rm -rf dist cdk.out .ci/bin .ci/venv .ci/cache

ci: ## everything that must hold, as it runs after each push
	.ci/run
