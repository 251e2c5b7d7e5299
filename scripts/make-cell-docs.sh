#!/usr/bin/env bash
# make-cell-docs.sh [EDDY]: prints docs/cells.md, all of it from what the program says about its cells. To renew it:
#     scripts/make-cell-docs.sh >cells.md && mv cells.md docs/
set -euo pipefail
eddy=${1:-$(dirname "${BASH_SOURCE[0]}")/../build/release/eddy}

cat <<'END'
# The cells

This page is printed by `scripts/make-cell-docs.sh` from the program; `eddy cells` and `eddy cells NAME` show the same. A
cell is one header in [include/eddy/cells](../include/eddy/cells); [adding a cell](adding-a-cell.md) takes one more.

Letters: x is the input of a step, h the hidden state of the step before and h' that after it, other states likewise; G is
the number of gates, H of units. W has G*H rows, U too, in the order of the gates. Products of vectors are unit by unit.

```text
END
"$eddy" cells
echo '```'
"$eddy" cells | sed '/^$/,$d' | tail -n +2 | while read -r name _; do
  printf '\n## %s\n\n```text\n' "$name"
  "$eddy" cells "$name"
  echo '```'
done
