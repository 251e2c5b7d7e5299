#!/usr/bin/env bash
# check.sh installed|shared|subdirectory BUILD COMPILER [SANITIZERS]: a user's programs against Eddy.
#     installed      against the static library installed from BUILD
#     shared         against the shared library installed from BUILD, which was compiled with these sanitizers
#     subdirectory   with Eddy's sources as a subdirectory: the core as a shared library, which needs libhwy alone. Compiled
#                    again, without optimization and for one instruction set; then installed as well
# With each installed, the examples are built and run too, by COMPILER and by clang 14 where there is one. Works in
# BUILD/consumer, so that only the first time is slow.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kind=$1
build=$2
compiler=$3
scratch=$build/consumer/$kind
prefix=$scratch/prefix
flags="-O1"
if [[ $kind == shared ]]; then  # a library for one instruction set takes cells compiled for the same
  flags="$(grep -oP '^CMAKE_CXX_FLAGS_DEBUG:STRING=\K.*' "$build/CMakeCache.txt") -fsanitize=$4 -fno-sanitize-recover=all"
fi

# configure_and_build SOURCE BUILD OPTION...
configure_and_build() {
  local from=$1 to=$2
  shift 2
  cmake -S "$from" -B "$to" -G Ninja "$@" >"$scratch/log" 2>&1 && cmake --build "$to" >>"$scratch/log" 2>&1 || {
    tail -n 40 "$scratch/log"
    return 1
  }
}

fail() {
  echo "$1"
  exit 1
}

run_consumer() {
  local output
  output=$("$1/consumer")
  echo "The consumer prints: $output"
  [[ $(wc -w <<<"$output") -eq 8 ]]
  "$1/host" "$1/plugin.so"
}

# A plugin that links the static library exports none of it.
check_keeps_to_itself() {
  ! nm -DC --defined-only "$1" | grep eddy || fail "The plugin exports symbols of Eddy."
}

# The shared library exports what public headers declare, and classes that they name.
check_exports() {
  local exported
  exported=$(nm -DC --defined-only "$1")
  echo "$(basename "$1") exports $(wc -l <<<"$exported") symbols."
  grep -q 'eddy::RecurrentStream::Step' <<<"$exported" || fail "It exports too little."
  ! grep -vE '^[0-9a-f]+ . (eddy::|(typeinfo|typeinfo name|vtable) for eddy::)' <<<"$exported" || fail "It exports what is not Eddy's."
  ! grep -E 'eddy::(PackedMatrix|BuiltInCells|N_[A-Z0-9]+::|MatrixKernels|[A-Za-z]+Cell\(\))' <<<"$exported" ||
    fail "It exports internals."
}

run_examples() {
  "$1/effect" && "$1/own_cell" "$scratch/own_cell.weights" && "$1/train_series"
  [[ $kind == subdirectory ]] || { "$1/forecast" "$source/../../examples/data/co2.csv" "$scratch" && "$1/text_stream" && "$1/training_loop" 60; }
}

check_pkg_config() {
  local path
  command -v pkg-config >/dev/null || return 0
  path=$(dirname "$(find "$prefix" -name eddy.pc)")
  PKG_CONFIG_PATH=$path pkg-config --exact-version="$(grep -oP '#define EDDY_VERSION "\K[^"]+' "$source/../../include/eddy/version.h")" eddy
  # shellcheck disable=SC2046,SC2086
  "$compiler" -std=c++20 $flags "$source/../../examples/train_series.cc" -o "$scratch/by_pkg_config" \
    $(PKG_CONFIG_PATH=$path pkg-config "$@" --cflags --libs eddy)
  LD_LIBRARY_PATH=$path/.. "$scratch/by_pkg_config"
}

mkdir -p "$scratch"
if [[ $kind == subdirectory ]]; then
  flags="-O0 -DHWY_COMPILE_ONLY_STATIC"
  configure_and_build "$source" "$scratch/build" -DEDDY_SOURCE="$source/../.." -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="$flags" -DEDDY_CORE_ONLY=ON -DEDDY_UNITE=ON -DBUILD_SHARED_LIBS=ON \
    -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON
  run_consumer "$scratch/build"
  build=$scratch/build/eddy
fi

rm -rf "$prefix"
cmake --install "$build" --prefix "$prefix" >/dev/null
for with in "$compiler" $(command -v clang++-14 || true); do
  place=$scratch/$(basename "$with")
  echo "== $(basename "$with")"
  rm -rf "$place"
  options=(-DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="$flags" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$with")
  configure_and_build "$source/../../examples" "$place/examples" "${options[@]}"
  run_examples "$place/examples"
  if [[ $kind != subdirectory ]]; then
    configure_and_build "$source" "$place/consumer" "${options[@]}"
    run_consumer "$place/consumer"
    [[ $kind == shared ]] || check_keeps_to_itself "$place/consumer/plugin.so"
  fi
done
if [[ $kind == installed ]]; then
  check_pkg_config --static
else
  check_exports "$(find "$prefix" -name 'libeddy.so.*.*.*')"
  check_pkg_config
fi
