#!/usr/bin/env bash
# Installs the Debian packages that building, testing and the demo need; silent when all are there.
# `install-dependencies.sh ci` adds what only .ci/run needs, `install-dependencies.sh bench` what benchmarks link:
# the peer of bench/compare, the reader of bench/published/jsb_chorales.
set -euo pipefail

packages=(
  g++ cmake ninja-build git
  libhwy-dev                                  # SIMD
  libcli11-dev nlohmann-json3-dev libfmt-dev  # the command line, JSON, text
  libxxhash-dev                               # digests of models and checkpoints; a header alone
  libsentencepiece-dev                        # subword units
  libnlopt-dev                                # likelihoods of volatility models
  libeigen3-dev                               # regressions in closed form; headers alone
  zlib1g-dev                                  # compressed piano rolls
  libsndfile1-dev libsoxr-dev libkissfft-dev  # sound
  libgtest-dev libbenchmark-dev               # tests and benchmarks
  python3-dev python3-venv                    # the Python module
  perl wamerican-small                        # the demo: splits Debian's word list
)
if [[ ${1:-} == ci ]]; then
  packages+=(clang-14 clang-format-14 libclang-rt-14-dev pkg-config)
  packages+=(g++-aarch64-linux-gnu qemu-user-static googletest)  # another instruction set, in an emulator
  packages+=(libopenmpi-dev openmpi-bin procps)  # several processes
elif [[ ${1:-} == bench ]]; then
  packages+=(libdnnl-dev libmatio-dev)
elif [[ $# -gt 0 ]]; then
  echo "usage: $0 [ci | bench]" >&2
  exit 2
fi

if ! command -v apt-get >/dev/null; then
  echo "Not a Debian system; please install what these packages hold: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null || true)
  grep -qx installed <<<"$status" || missing+=("$package")
done
[[ ${#missing[@]} -eq 0 ]] && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "These packages are missing; as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@" >"$log" 2>&1; }

echo "Installing ${missing[*]}"
# The package lists may be absent, or so old that what they name is gone.
if ! apt install --no-install-recommends "${missing[@]}"; then
  if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
    cat "$log" >&2
    exit 1
  fi
fi
