"""A cell as a header in C++, out of its step in Python."""

from __future__ import annotations

import keyword
import re
import types
import typing
from collections.abc import Callable, Sequence

from ._cell_symbols import Recorder, Symbol
from ._core import Error

Step = Callable[..., typing.Any]
MOST_NAMES = 8  # gates, states or parameters of a cell
# Of C++, which a gate or a state cannot be called.
TAKEN = set("do if or and not int for new try xor asm auto bool char enum else goto long this true void case float".split())


def check_names(kind: str, names: Sequence[str]) -> None:
    least = 0 if kind == "params" else 1
    if not least <= len(names) <= MOST_NAMES or len(set(names)) != len(names):
        raise Error(f"cell: {kind} must be {least} to {MOST_NAMES} different names, but are {' '.join(names) or 'none'}")
    for name in names:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name) or keyword.iskeyword(name) or name in TAKEN:
            raise Error(f"cell: {kind} must be names of letters and digits, but one is {name}")


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def quoted(text: str) -> str:
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", " "), ("\r", " "), ("\0", "")):
        text = text.replace(character, escaped)
    return f'"{text}"'


def header_of(name: str, step: Step, names: dict[str, tuple[str, ...]], forget_gate: str | None, title: str, paper: str) -> str:
    """The cell in C++, as docs/adding-a-cell.md has it."""
    recorder = Recorder()

    def given(letter: str, of: tuple[str, ...]) -> types.SimpleNamespace:
        return types.SimpleNamespace(**{each: recorder.symbol(f"{letter}.{each}") for each in of})

    arguments = [given("x", names["gates"]), given("u", names["gates"]), given("s", names["state"])]
    if names["params"]:
        arguments.append(given("p", names["params"]))
    try:
        after = step(*arguments)
    except AttributeError as error:
        raise Error(f"cell {name}: {error}") from None
    results = list(after) if isinstance(after, (tuple, list)) else [after]
    if len(results) != len(names["state"]) or not all(isinstance(each, Symbol) for each in results):
        raise Error(f"cell {name}: the step must return {' '.join(names['state'])}, but returns {after!r}")

    fields = {"Gates": names["gates"], "State": names["state"], "Params": names["params"]}
    structs = "".join(
        f"  template <class V>\n  struct {kind} {{\n    V {', '.join(of)};\n  }};\n" for kind, of in fields.items() if of
    )
    p = ", [[maybe_unused]] Params<V> p" if names["params"] else ""
    body = "".join(f"    {line}\n" for line in recorder.lines)
    equations = [line.removeprefix("V ").removesuffix(";") for line in recorder.lines]
    equations += [f"{state}' = {each._text}" for state, each in zip(names["state"], results, strict=True)]
    texts = "\\n\"\n".join(f'          "{line}' for line in equations) + '"'
    index = -1 if forget_gate is None else names["gates"].index(forget_gate)
    return f"""// Made by eddy_rnn.cell from a step in Python.
#pragma once

#include "eddy/cell.h"

namespace eddy {{

struct {camel(name)} {{
{structs}
  template <class V>
  static constexpr State<V> Step([[maybe_unused]] Gates<V> x, [[maybe_unused]] Gates<V> u, [[maybe_unused]] State<V> s{p}) {{
{body}    return {{{", ".join(each._text for each in results)}}};
  }}

  static constexpr CellInfo kInfo = {{
      .title = {quoted(title)},
      .paper = {quoted(paper)},
      .gates = "{" ".join(names["gates"])}",
      .states = "{" ".join(names["state"])}",
      .params = "{" ".join(names["params"])}",
      .equations =
{texts},
      .elsewhere = "",
      .forget_gate = {index},
  }};
}};

}}  // namespace eddy
"""
