"""python -m eddy_rnn.convert IN [OUT]: says what recurrent layers a file holds and how they are converted; with OUT, which ends
in .safetensors (the names of PyTorch), .onnx, .h5 (Keras') or .json (RTNeural's), writes it. Of several layers, all but
safetensors take the one that --layer names. An OUT that ends in .eddy becomes a model of Eddy's: the whole of IN as a chain, where
it is one, or what --chain names. It carries an input and what the original made of it, where that can be found out.
"""

from __future__ import annotations

import argparse
import pathlib
import sys

from .._core import Error, RecurrentStack
from . import from_keras, read, save_safetensors, to_keras, to_onnx, to_rtneural, to_torch

ENDINGS = (".safetensors", ".onnx", ".h5", ".json", ".eddy")


def write(layers: dict[str, RecurrentStack], out: str, layer: str | None) -> None:
    ending = pathlib.Path(out).suffix.lower()
    if ending not in ENDINGS:
        raise Error(f"write {out}: must end in one of {', '.join(ENDINGS)}")
    if layer is not None and layer not in layers:
        raise Error(f"--layer must be one of {', '.join(layers)}, but is {layer}")
    wanted = layers if layer is None else {layer: layers[layer]}
    if ending == ".safetensors":
        arrays = {key: value for name, stack in wanted.items() for key, value in to_torch(stack, f"{name}.").items()}
        return save_safetensors(out, arrays)
    if len(wanted) != 1:
        raise Error(f"write {out}: --layer must name one of {', '.join(wanted) or 'none'}")
    (stack,) = wanted.values()
    if ending == ".onnx":
        to_onnx(stack, out)
    elif ending == ".h5":
        to_keras(stack, out)
    else:
        to_rtneural(stack, out)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eddy_rnn.convert", description=__doc__)
    parser.add_argument("file", metavar="IN")
    parser.add_argument("out", metavar="OUT", nargs="?")
    parser.add_argument("--layer", help="the one to write")
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    parser.add_argument("--chain", help="layers one after another, by commas, for an OUT that ends in .eddy")
    parser.add_argument("--recurrent-activation", metavar="NAME", help="of an .h5 of Keras with weights alone: sigmoid, hard_sigmoid")
    given = parser.parse_args(arguments)
    try:
        told = given.recurrent_activation
        found = read(given.file) if told is None else from_keras(given.file, recurrent_activation=told)
        print(found)
        if given.chain or (given.out and pathlib.Path(given.out).suffix.lower() == ".eddy"):
            order = given.chain.split(",") if given.chain else [given.layer] if given.layer else None
            chain = found.chain(order)
            print(f"\nchain:\n{chain}")
            if given.out and pathlib.Path(given.out).suffix.lower() != ".eddy":
                raise Error(f"write {given.out}: must end in .eddy, being a chain")
            if given.out and not given.dry_run:
                chain.save(given.out)
            return 0
        if given.out and not given.dry_run:
            write(found.layers, given.out, given.layer)
    except (Error, OSError) as error:
        print(f"eddy_rnn.convert: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
