#!/usr/bin/env bash
# check-new-task.sh [BUILD = build/release]: puts a toy task's folder among those of the tasks for as long as it runs, and
# shows that this is all it takes: the program then trains it, runs it, evaluates and inspects it, and lists it in its help.
# Of what BUILD holds already only the table of tasks is compiled again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source=$PWD
build=$(realpath "${1:-build/release}")
folder=src/tasks/toy
[[ ! -e $folder ]] || { echo "check-new-task: $folder is there already" >&2; exit 1; }
scratch=$(mktemp -d)

quietly() { "$@" >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" >&2; return 1; }; }
restore() {
  cd "$source"
  rm -rf "$folder"
  quietly cmake --build "$build" --target eddy_cli
  rm -rf "$scratch"
}
trap restore EXIT

cp -r tests/toy_task/toy "$folder"
quietly cmake --build "$build" --target eddy_cli
task_lines=$(wc -l <"$folder/task.cc")
cd "$scratch"

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
expect "Learn a mean" "$build/eddy" train --help
expect "Wrote toy.eddy" "$build/eddy" train toy numbers.txt -o toy.eddy --steps 300
expect "." "$build/eddy" mean toy.eddy
expect "The mean is" "$build/eddy" evaluate toy.eddy numbers.txt
expect "a toy model" "$build/eddy" inspect toy.eddy
echo "A task took one folder: tests/toy_task/toy, $task_lines lines."
