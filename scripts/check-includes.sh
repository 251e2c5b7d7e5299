#!/usr/bin/env bash
# Checks the order of the folders. A folder includes only itself and the folders before it in this list; the public headers
# include only each other and the standard library, are all in the umbrella eddy.h and say what a shared library exports;
# third-party headers stay where they belong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

find include src cli \( -name "*.h" -o -name "*.cc" -o -name "*.in" \) -print0 | xargs -0 awk '
  BEGIN {
    count = split("base pointwise kernels tensor tape ops recurrent nn loss optim data midi audio model convert prices train options metrics floors decode inspect timing report compare tasks cli", folders)
    for (i = 1; i <= count; i++) rank[folders[i]] = i
  }
  function wrong(why) { print FILENAME ":" FNR ": " $0 ": " why; failed = 1 }
  FNR == 1 {
    split(FILENAME, parts, "/")
    public = parts[1] == "include"
    folder = public ? "" : parts[1] == "cli" ? "cli" : parts[2]
    if (!public && !(folder in rank)) wrong("a folder without a place in the order")
    task = parts[2] == "tasks" && FILENAME ~ /^src\/tasks\/[^\/]+\// ? parts[3] : ""
    core = folder in rank && rank[folder] <= rank["optim"]
    if (FILENAME ~ /-inl\.h$/ && folder != "kernels") wrong("-inl.h files live in src/kernels")
  }
  /^[ \t]*#[ \t]*include[ \t]/ {
    match($0, /[<"][^>"]*/)
    quoted = substr($0, RSTART, 1) == "\""
    path = substr($0, RSTART + 1, RLENGTH - 1)
    split(path, to, "/")
    standard = !quoted && path !~ /[\/.]/
    if (path ~ /^eddy\// || standard) next
    if (public) wrong("a public header includes only eddy/ and the standard library")
    else if (path ~ /^hwy\//) { if (folder != "kernels") wrong("only src/kernels includes Highway") }
    else if (path ~ /^(fmt|nlohmann)\//) { if (core) wrong("the core folders need Highway only") }
    else if (path ~ /^CLI\//) { if (folder != "cli") wrong("only cli includes CLI11") }
    else if (!quoted) next  # the system
    else if (path ~ /-inl\.h$/ && folder != "kernels") wrong("only src/kernels includes -inl.h files")
    else if (to[1] == "tasks" && split(path, way, "/") == 3 && way[2] != task) wrong("nothing outside its folder names a task")
    else if (to[1] in rank) { if (rank[to[1]] > rank[folder]) wrong(folder " comes before " to[1]) }
    else if (!(folder == "cli" && path !~ /\//)) wrong("not of the form folder/file.h")
  }
  END { exit failed }'

# Two headers that define a type or a constant of one name would give a program two, of which the linker keeps either.
twice=$({
  grep -rhoE '^(struct|class) [A-Za-z]+( :.*)? \{' src include tests --include='*.h' | awk '{ print $2 }'
  grep -rhoP '^inline constexpr .*?\K\b\w+(?=(\[\])? (=|\{)|\{)' src include tests --include='*.h'
} | sort | uniq -d)
[[ -z $twice ]] || { echo "defined by two headers:" $twice; exit 1; }

cd include/eddy
failed=0
while IFS= read -r header; do
  grep -qx "#include \"eddy/$header\"" eddy.h || { echo "include/eddy/eddy.h: does not include eddy/$header"; failed=1; }
  [[ $header == export.h ]] || [[ $(grep -cxE 'EDDY_API_(BEGIN|END)' "$header") -eq 2 ]] ||
    { echo "include/eddy/$header: its namespace must stand between EDDY_API_BEGIN and EDDY_API_END (export.h)"; failed=1; }
done < <(find . -name '*.h' ! -path './cells/*' ! -path './layers/*' ! -name eddy.h -printf '%P\n' | sort)
exit $failed
