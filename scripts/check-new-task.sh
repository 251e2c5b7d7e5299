#!/usr/bin/env bash
# check-new-task.sh: adds a toy task to a scratch copy of the sources and shows that its folder is all it takes: the program
# then trains it, runs it, evaluates and inspects it, and lists it in its help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

git ls-files -z | xargs -0 cp --parents -t "$scratch"
cp -r "$source/tests/toy_task/toy" "$scratch/src/tasks/"
cd "$scratch"

quietly() { "$@" >log 2>&1 || { tail -n 40 log >&2; exit 1; }; }
quietly cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DEDDY_ONE_TARGET=ON \
  -DEDDY_BUILD_TESTS=OFF -DEDDY_BUILD_BENCH=OFF
quietly cmake --build build --target eddy_cli

expect() {  # expect TEXT COMMAND...
  local text=$1
  shift
  if ! "$@" >out 2>&1 || ! grep -q -- "$text" out; then
    echo "check-new-task: \"$*\" does not say \"$text\":" >&2
    cat out >&2
    exit 1
  fi
}
printf '1\n2\n6\n' >numbers.txt
expect "Learn a mean" build/eddy train --help
expect "Wrote toy.eddy" build/eddy train toy numbers.txt -o toy.eddy --steps 300
expect "." build/eddy mean toy.eddy
expect "The mean is" build/eddy evaluate toy.eddy numbers.txt
expect "a toy model" build/eddy inspect toy.eddy
echo "A task took one folder: tests/toy_task/toy, $(wc -l <"$source/tests/toy_task/toy/task.cc") lines."
