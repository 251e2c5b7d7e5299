#!/usr/bin/env bash
# make-option-docs.sh [EDDY]: prints docs/options.md, all of it from what the program says about its options. To renew it:
#     scripts/make-option-docs.sh >options.md && mv options.md docs/
set -euo pipefail
eddy=${1:-$(dirname "${BASH_SOURCE[0]}")/../build/release/eddy}

cat <<'END'
# Options

This page is printed by `scripts/make-option-docs.sh` from the program: `eddy VERB --help` shows the same. What stands in
brackets is what an option is where it is not given.
END

# The rows of the first column of a part of the help: "Verbs:" or "Tasks:".
names() { "$eddy" "${@:2}" --help | sed -n "/^$1:/,/^\$/p" | awk 'NR > 1 && NF { print $1 }'; }

page() {
  printf '\n## eddy %s\n\n```text\n' "$*"
  "$eddy" "$@" --help
  echo '```'
}

for verb in $(names Verbs); do
  tasks=$(names Tasks "$verb")
  if [[ $verb == bench ]]; then
    page bench plan
    page bench reduce
  elif [[ -n $tasks ]]; then
    for task in $tasks; do page "$verb" "$task"; done
  else
    page "$verb"
  fi
done
