#!/usr/bin/env bash
# build.sh TARGET: configures the release preset and builds TARGET. On a terminal ninja shows one live line; elsewhere
# nothing is shown unless it fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=build/release/build.log
mkdir -p build/release

configure_and_build() {
  cmake --preset release >"$log" 2>&1 || return
  if [[ -t 1 ]]; then
    cmake --build --preset release --target "$1"
  else
    cmake --build --preset release --target "$1" >"$log" 2>&1
  fi
}

echo "Building build/release (some minutes the first time) ..."
start=$SECONDS
if ! configure_and_build "$1"; then
  tail -n 60 "$log" >&2
  exit 1
fi
echo "Built in $((SECONDS - start)) s."
