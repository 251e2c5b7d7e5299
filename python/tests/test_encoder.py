"""Chains of layers."""

import copy

import eddy_rnn
import numpy as np
import pytest

CHAINS = {
    "tcn and recurrent": [eddy_rnn.TcnOptions(hidden=8, blocks=2), eddy_rnn.StackOptions(cell="lstm", hidden=6, layers=2)],
    "griffin": [eddy_rnn.GriffinOptions(hidden=8, heads=2, window=4)],
    "transformer": [eddy_rnn.TransformerOptions(hidden=8, heads=2, window=3)],
    "blocks": [eddy_rnn.RecurrentBlocksOptions(hidden=8, cell="gru")],
    "windowed": [eddy_rnn.WindowedRecurrentOptions(cell="qrnn", hidden=6)],
    "convolution": [eddy_rnn.Conv1dOptions(output=6, kernel=3, dilation=2)],
}


@pytest.fixture
def x(random):
    return random.normal(size=(12, 2, 5)).astype(np.float32)


@pytest.mark.parametrize("chain", CHAINS)
def test_a_stream_equals_the_whole_sequence_bit_for_bit(chain, x):
    encoder = eddy_rnn.Encoder(5, CHAINS[chain])
    y = encoder(x)
    stream = eddy_rnn.EncoderStream(encoder, rows=2)
    for t in range(12):
        if t == 7:
            kept = stream.state
        np.testing.assert_array_equal(stream.step(x[t]), y[t])
    stream.state = kept
    np.testing.assert_array_equal(stream.step(x[7]), y[7])
    stream.reset()
    np.testing.assert_array_equal(stream.step(x[0]), y[0])


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_trains_and_its_lengths_hold(chain, x):
    encoder = eddy_rnn.Encoder(5, CHAINS[chain])
    tape = eddy_rnn.Tape()
    y = encoder(tape.constant(x), lengths=[12, 5])
    assert not y.value[5:, 1].any()
    tape.backward(eddy_rnn.squared_error(y, np.ones(y.shape)))
    assert all(np.isfinite(p.grad).all() for p in encoder.parameters())
    assert any(p.grad.any() for p in encoder.parameters())


def test_segments_on_a_tape_hand_on_their_states(x):
    encoder = eddy_rnn.Encoder(5, CHAINS["tcn and recurrent"])
    tape = eddy_rnn.Tape()
    begin, state = encoder.segment(tape.constant(x[:6]))
    end, _ = encoder.segment(tape.constant(x[6:]), state)
    np.testing.assert_array_equal(np.concatenate([begin.value, end.value]), encoder(x))


def test_options_are_read_back_and_copied():
    options = eddy_rnn.TransformerOptions(hidden=8, heads=2, positions="linear_bias", causal=False)
    assert options.options["positions"] == "linear_bias" and options.options["feed_forward"] == "swiglu"
    assert copy.deepcopy(options).options == options.options
    assert [layer.options["hidden"] for layer in eddy_rnn.Encoder(5, [options]).layers] == [8]


def test_what_cannot_be_is_an_error_that_says_so():
    with pytest.raises(eddy_rnn.Error, match="none, rotary, linear_bias"):
        eddy_rnn.TransformerOptions(hidden=8, positions="sines")
    with pytest.raises(eddy_rnn.Error):
        eddy_rnn.EncoderStream(eddy_rnn.Encoder(5, [eddy_rnn.TransformerOptions(hidden=8, causal=False)]))
    with pytest.raises(TypeError, match="options' classes"):
        eddy_rnn.Encoder(5, ["lstm"])
