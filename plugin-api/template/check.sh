#!/bin/sh
# Configures, builds and tests the step: for people and for CI. DAYDREAM_PREFIX: where Daydream is installed.
set -eu
cd "$(dirname "$0")"
cmake -S . -B build ${DAYDREAM_PREFIX:+-DCMAKE_PREFIX_PATH="$DAYDREAM_PREFIX"}
cmake --build build
ctest --test-dir build --output-on-failure --no-tests=error
