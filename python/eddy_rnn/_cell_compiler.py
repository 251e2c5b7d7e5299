"""Compiles the header of a cell against those of the library, once: what was compiled is kept."""

from __future__ import annotations

import ctypes
import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import typing

from ._cell_source import camel
from ._core import Error, _vector_width

HEADERS = pathlib.Path(__file__).parent / "_cell_headers"
SOURCE = """#include "{name}.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "{name}.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/cell-inl.h"
HWY_BEFORE_NAMESPACE();
namespace eddy {{
namespace HWY_NAMESPACE {{
EDDY_CELL_KERNELS({type})
}}  // namespace HWY_NAMESPACE
}}  // namespace eddy
HWY_AFTER_NAMESPACE();
#if HWY_ONCE
namespace eddy {{
EDDY_CELL_ENTRY({type}, "{name}")
}}  // namespace eddy
extern "C" __attribute__((visibility("default"))) const void* eddy_cell() {{ return &eddy::{type}Cell(); }}
#endif
"""
FLAGS = ["-std=c++20", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-math-errno", "-ffp-contract=off",
         "-DEDDY_STATIC", "-DHWY_COMPILE_ONLY_STATIC"]  # fmt: skip
# What makes vectors as wide as the library's, of which one processor may have several.
INTEL = {16: ["-march=native"], 8: ["-march=haswell", "-maes"], 4: ["-march=nehalem", "-maes", "-mpclmul"]}


def compiled(name: str, header: str) -> int:
    """The address of the cell, compiled unless that has been done before."""
    compiler = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    width = _vector_width()
    intel = platform.machine() in ("x86_64", "AMD64")
    flags = [*FLAGS, *(INTEL.get(width, []) if intel else ["-march=native"])]
    source = SOURCE.format(name=name, type=camel(name))
    given = [header, source, *flags, str(width), platform.node(), *(each.read_text() for each in sorted(HEADERS.rglob("*.h")))]
    key = hashlib.sha256("\0".join(given).encode()).hexdigest()[:32]
    folder = pathlib.Path(os.environ.get("EDDY_CELLS") or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "eddy_rnn").expanduser()
    library = folder / f"{name}-{key}.so"
    if not library.exists():
        if compiler is None:
            raise Error(f"cell {name}: there is no C++ compiler; install one (g++ 12 or later), or set CXX")
        compile_into(library, compiler, flags, name, header, source)
    entry = ctypes.CDLL(str(library)).eddy_cell
    entry.restype = ctypes.c_void_p
    return typing.cast(int, entry())


def compile_into(library: pathlib.Path, compiler: str, flags: list[str], name: str, header: str, source: str) -> None:
    library.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        place = pathlib.Path(folder)
        (place / f"{name}.h").write_text(header, encoding="utf-8")
        (place / f"{name}.cc").write_text(source, encoding="utf-8")
        made = place / "cell.so"
        command = [*compiler.split(), *flags, f"-I{place}", f"-I{HEADERS}", str(place / f"{name}.cc"), "-o", str(made)]
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise Error(f"cell {name}: the compiler {compiler} does not run: {error.strerror}") from None
        if done.returncode != 0:
            wrong = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr.strip()[-200:])
            if "hwy/" in wrong and "No such file" in wrong:
                raise Error(f"cell {name}: Highway's headers are missing; install libhwy-dev")
            raise Error(f"cell {name}: {compiler} refuses it: {wrong}")
        os.replace(made, library)
