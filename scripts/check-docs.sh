#!/usr/bin/env bash
# Runs the examples in the documentation. In README.md and docs/*.md a fenced block whose first line is
#     ```sh run     is run by bash, with `eddy` on the PATH; the first command that fails fails the block;
#     ```cpp run    is a whole program: it is compiled against the library and run.
# The blocks of one page run in order in one scratch directory, where `examples` is the repository's and $EDDY_SOURCE names
# the repository. Other blocks (```sh, ```text ...) are for reading only.
set -euo pipefail
EDDY_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(realpath "${1:-$EDDY_SOURCE/build/release}")
export EDDY_SOURCE PATH=$build:$PATH

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Writes each block to a file named by its line, so that files sort in the order of the page.
extract_blocks() {
  awk -v to="$2" '
    /^```(sh|cpp) run$/ { file = sprintf("%s/%05d.%s", to, FNR, $1 == "```sh" ? "sh" : "cc"); printf "" >file; next }
    /^```/ { if (file) close(file); file = ""; next }
    file { print >file }' "$1"
}

run_block() {
  case $1 in
    *.sh) bash -euo pipefail "$1" ;;
    *.cc) ${CXX:-g++} -std=c++20 -O2 -Wall -Wextra -Werror -I "$EDDY_SOURCE/include" -I "$build/layers" "$1" "$build/src/libeddy.a" \
            -lfmt -lsentencepiece_train -lsentencepiece -lsndfile -lsoxr -lkissfft-float -lhwy -pthread \
            -o "${1%.cc}" && "${1%.cc}" ;;
  esac
}

blocks=0
failed=0
cd "$EDDY_SOURCE"
for page in README.md docs/*.md; do
  [[ -e $page ]] || continue
  room=$scratch/$(basename "$page" .md)
  mkdir -p "$room/blocks" "$room/work"
  ln -s "$EDDY_SOURCE/examples" "$room/work/examples"
  extract_blocks "$page" "$room/blocks"
  for block in "$room"/blocks/*; do
    [[ -e $block ]] || continue
    blocks=$((blocks + 1))
    if ! (cd "$room/work" && run_block "$block") </dev/null >"$room/output" 2>&1; then
      line=$((10#$(basename "$block" | cut -d. -f1)))
      echo "$page:$line: this block fails:"
      tail -n 20 "$room/output"
      failed=$((failed + 1))
    fi
  done
done
echo "$blocks blocks run, $failed failed"
[[ $failed -eq 0 ]]
