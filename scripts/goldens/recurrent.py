"""Makes tests/goldens/recurrent_<cell>.json: what PyTorch's recurrent layers put out and every gradient, in double.

    python3 scripts/goldens/recurrent.py      (needs torch; the goldens in the repository are from torch 2.13)

A file holds {"cell", "cases"}; a case is one network run once:
    name, layers, bidirectional, projection (0 for none), input (D), hidden (H), lengths (of the rows; T is the longest)
    x [T, B, D], h0 and c0 [layers * directions, B, .]   inputs; c0 only for lstm
    y [T, B, .], h_n, c_n                                outputs; y is 0 beyond a row's length
    weights: PyTorch's names to values, such as weight_ih_l0_reverse
    upstream: {y, h_n, c_n}, the gradient of the loss by each output; y's is not 0 beyond a row's length, where it must
        not count
    gradients: {x, h0, c0, and each weight}, the gradient of the loss by each input
Arrays are flat, row-major. What goes in has three decimals, so that it is the same number in every precision up to
rounding; what comes out has twelve digits.
"""

import json
import pathlib

import torch

T, B, D, H = 5, 3, 4, 5
FULL, RAGGED = [T] * B, [3, 5, 1]
GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "tests" / "goldens"

LAYERS = {
    "rnn_tanh": lambda **options: torch.nn.RNN(nonlinearity="tanh", **options),
    "rnn_relu": lambda **options: torch.nn.RNN(nonlinearity="relu", **options),
    "lstm": torch.nn.LSTM,
    "gru": torch.nn.GRU,
}

CASES = [
    dict(name="one_layer"),
    dict(name="two_layers", layers=2),
    dict(name="bidirectional", bidirectional=True),
    dict(name="ragged", lengths=RAGGED),
    dict(name="ragged_bidirectional_two_layers", layers=2, bidirectional=True, lengths=RAGGED),
]
PROJECTED_CASES = [
    dict(name="projected", projection=2),
    dict(name="projected_ragged_bidirectional_two_layers", layers=2, bidirectional=True, projection=2, lengths=RAGGED),
]


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def make_case(cell, random, name, layers=1, bidirectional=False, projection=0, lengths=FULL):
    def draw(*shape):
        return (torch.rand(*shape, generator=random, dtype=torch.float64) * 2 - 1).round(decimals=3)

    options = dict(proj_size=projection) if projection else {}
    network = LAYERS[cell](input_size=D, hidden_size=H, num_layers=layers, bidirectional=bidirectional, **options).double()
    weights = dict(network.named_parameters())
    with torch.no_grad():
        for weight in weights.values():
            weight.copy_(draw(*weight.shape))

    directions = 2 if bidirectional else 1
    inputs = {"x": draw(T, B, D), "h0": draw(layers * directions, B, projection or H)}
    if cell == "lstm":
        inputs["c0"] = draw(layers * directions, B, H)
    for value in inputs.values():
        value.requires_grad_()

    packed = torch.nn.utils.rnn.pack_padded_sequence(inputs["x"], torch.tensor(lengths), enforce_sorted=False)
    state = (inputs["h0"], inputs["c0"]) if cell == "lstm" else inputs["h0"]
    packed_y, last = network(packed, state)
    y, _ = torch.nn.utils.rnn.pad_packed_sequence(packed_y, total_length=T)
    outputs = {"y": y, **dict(zip(("h_n", "c_n"), last if cell == "lstm" else (last,)))}

    upstream = {key: draw(*value.shape) for key, value in outputs.items()}
    torch.autograd.backward(list(outputs.values()), list(upstream.values()))

    def flats(values):
        return {key: flat(value) for key, value in values.items()}

    return {
        "name": name,
        "layers": layers,
        "bidirectional": bidirectional,
        "projection": projection,
        "input": D,
        "hidden": H,
        "lengths": lengths,
        **flats(inputs),
        **flats(outputs),
        "weights": flats(weights),
        "upstream": flats(upstream),
        "gradients": {key: flat(value.grad) for key, value in {**inputs, **weights}.items()},
    }


def main():
    random = torch.Generator().manual_seed(1)
    for cell in LAYERS:
        cases = CASES + (PROJECTED_CASES if cell == "lstm" else [])
        golden = {"cell": cell, "cases": [make_case(cell, random, **case) for case in cases]}
        path = GOLDENS / f"recurrent_{cell}.json"
        path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
