# help (default) · setup · build · run · test · accuracy · loss-table · fused-programs · bench · peers · lint · format · docs · consumer · clean
#
# A thin list of commands: every line can be typed by hand. The scripts in .ci do what does not fit on a line.

.DEFAULT_GOAL := help
.PHONY: help setup build run test accuracy loss-table fused-programs bench peers lint format docs consumer clean

# Testable imports, which no test here needs, would compile everything a second time.
TEST_FLAGS := -c release --disable-testable-imports --disable-xctest
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup:  ## Check Swift, and install OpenBLAS and LAPACKE where they are missing
	@.ci/setup

build: setup  ## Build the library, the command line and the benchmarks, optimised
	swift build -c release

run: build  ## Fit a real data set in closed form, then race naive loops for half a minute
	swift run -c release --skip-build lossaccel demo
	swift run -c release --skip-build LossAccelBenchmarks --quick

test: setup  ## Run the test suite, optimised, once for each instruction set that this machine has
	swift test $(TEST_FLAGS)
	.ci/test-targets $(TEST_FLAGS)

accuracy: setup  ## Print the largest error of every loss against its references
	LOSSACCEL_ACCURACY=1 swift test $(TEST_FLAGS) --filter AccuracyTableTests

loss-table: setup  ## Write the documentation's table of losses anew, from the catalogues and the bounds of the tests
	LOSSACCEL_WRITE_LOSS_TABLE=1 swift test $(TEST_FLAGS) --filter LossTableTests

fused-programs: setup  ## List anew the programs that the kernels compile in one piece, from the catalogue of losses
	LOSSACCEL_WRITE_FUSED_PROGRAMS=1 swift test $(TEST_FLAGS) --filter FusedProgramTests

bench: build  ## Run the full benchmark suite
	swift run -c release --skip-build LossAccelBenchmarks

peers: build  ## Race Python's libraries on the same inputs, in a virtual environment of pinned versions
	.ci/peers

lint:  ## Check formatting and the rules of the house
	.ci/lint

format:  ## Format all Swift code
	swift format --in-place --recursive $(SWIFT_SOURCES)

docs: setup  ## Build the documentation into .build/documentation; a warning is an error
	.ci/docs

consumer: setup  ## Build and run a package that depends on this one by version, with the examples of the documentation
	.ci/consumer

clean:  ## Remove all that was built
	swift package clean
