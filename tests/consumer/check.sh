#!/usr/bin/env bash
# check.sh installed|subdirectory BUILD COMPILER: builds the consumer against the library installed from BUILD, or with
# Eddy's sources as its subdirectory, and runs it. Works in BUILD/consumer, so that only the first time is slow.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kind=$1
build=$2
scratch=$build/consumer/$kind
options=(-DCMAKE_CXX_COMPILER="$3")

if [[ $kind == installed ]]; then
  rm -rf "$scratch"
  cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
  options+=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$scratch/prefix")
else
  # The core is compiled again: without optimization, for one instruction set.
  options+=(-DEDDY_SOURCE="$source/../.." -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O0 -DHWY_COMPILE_ONLY_STATIC" -DEDDY_CORE_ONLY=ON)
fi
cmake -S "$source" -B "$scratch/build" -G Ninja "${options[@]}"
cmake --build "$scratch/build"

output=$("$scratch/build/consumer")
echo "The consumer prints: $output"
[[ $(wc -w <<<"$output") -eq 4 ]]
