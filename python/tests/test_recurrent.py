"""Layers on numpy arrays: their laws, seen from Python."""

import copy
import pickle
import threading

import eddy_rnn
import numpy as np
import pytest

CELLS = eddy_rnn.cells()


def sequences(random, steps=9, rows=3, width=5):
    return random.normal(size=(steps, rows, width)).astype(np.float32)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_an_lstm_equals_its_equations(random):
    layer = eddy_rnn.Recurrent("lstm", 5, 4)
    W, b, U = (p.value.astype(np.float64) for p in layer.parameters())
    x = sequences(random)
    h = c = np.zeros((3, 4))
    expected = []
    for frame in x:
        i, f, g, o = np.split(frame @ W.T + h @ U.T + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        expected.append(h)
    y, state = layer(x)
    np.testing.assert_allclose(y, expected, atol=1e-6)
    np.testing.assert_allclose(state, np.concatenate([h, c], axis=1), atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_a_stream_equals_the_whole_sequence_bit_for_bit(cell, random):
    stack = eddy_rnn.RecurrentStack(cell, 5, 20, layers=2)
    x = sequences(random)
    y, states = stack(x)
    stream = eddy_rnn.RecurrentStream(stack, rows=3)
    np.testing.assert_array_equal([stream.step(frame) for frame in x], y)
    for ours, whole in zip(stream.state, states):
        np.testing.assert_array_equal(ours, whole)


@pytest.mark.parametrize("cell", CELLS)
def test_a_ragged_row_equals_the_row_alone_bit_for_bit(cell, random):
    layer = eddy_rnn.Recurrent(cell, 5, 20)
    x = sequences(random)
    lengths = np.array([9, 4, 0], dtype=np.uint16)
    y, state = layer(x, lengths=lengths)
    for row, length in enumerate(lengths):
        alone, last = layer(x[:length, row : row + 1])
        np.testing.assert_array_equal(y[:length, row : row + 1], alone)
        assert not y[length:, row].any()
        np.testing.assert_array_equal(state[row : row + 1], last)


def test_two_threads_give_the_bits_of_one(random):
    stack = eddy_rnn.RecurrentStack("gru", 5, 200, layers=2)
    x = sequences(random, steps=50, rows=8)
    np.testing.assert_array_equal(stack(x, threads=2)[0], stack(x)[0])


def test_a_reset_row_starts_afresh(random):
    layer = eddy_rnn.Recurrent("lstm", 5, 4)
    x = sequences(random)
    resets = np.zeros((9, 3), bool)
    resets[4, 1] = True
    y, _ = layer(x, resets=resets)
    np.testing.assert_array_equal(y[4:, 1:2], layer(x[4:, 1:2])[0])
    np.testing.assert_array_equal(y[:, [0, 2]], layer(x)[0][:, [0, 2]])


def test_a_state_is_carried_kept_and_forked(random):
    stack = eddy_rnn.RecurrentStack("lstm", 5, 4, layers=2)
    x = sequences(random)
    y, _ = stack(x)
    begin, kept = stack(x[:4])
    for _ in range(2):  # it can be used again
        np.testing.assert_array_equal(np.concatenate([begin, stack(x[4:], kept)[0]]), y)
    stream = eddy_rnn.RecurrentStream(stack, rows=3)
    stream.state = kept
    np.testing.assert_array_equal(stream.step(x[4]), y[4])
    stream.reset()
    np.testing.assert_array_equal(stream.step(x[0]), y[0])


def test_a_bidirectional_stack_is_both_directions_side_by_side(random):
    stack = eddy_rnn.RecurrentStack("gru", 5, 4, bidirectional=True)
    x = sequences(random)
    forward, backward = stack.layers
    np.testing.assert_array_equal(stack(x)[0], np.concatenate([forward(x)[0], backward(x)[0]], axis=2))
    assert backward.options["reverse"]


def test_arrays_of_other_types_and_layouts_are_converted(random):
    layer = eddy_rnn.Recurrent("gru", 5, 4)
    x = sequences(random)
    y, _ = layer(x)
    np.testing.assert_array_equal(layer(x.astype(np.float64))[0], y)
    np.testing.assert_array_equal(layer(np.asfortranarray(x))[0], y)
    np.testing.assert_array_equal(layer(np.repeat(x, 2, axis=0)[::2])[0], y)


def test_outputs_outlive_their_layer(random):
    y, state = eddy_rnn.Recurrent("gru", 5, 4)(sequences(random))
    assert y.flags.writeable and y.flags.c_contiguous and y.dtype == np.float32
    assert not y.flags.owndata  # it was not copied
    y += 1
    assert np.isfinite(y).all() and np.isfinite(state).all()


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_copies_and_pickles_are_the_same_layer(clone, random):
    x = sequences(random)
    for layer in (
        eddy_rnn.Recurrent("lstm_peephole", 5, 4, projection=3, layer_norm=True, learned_state=True),
        eddy_rnn.RecurrentStack("gru", 5, 4, layers=2, bidirectional=True, name="body"),
    ):
        other = clone(layer)
        np.testing.assert_array_equal(other(x)[0], layer(x)[0])
        assert [p.name for p in other.parameters()] == [p.name for p in layer.parameters()]
        assert other.options == layer.options
        layer.parameters()[0].value[:] = 0
        assert other.parameters()[0].value.any()


def test_parameters_are_views_that_keep_their_layer(random):
    layer = eddy_rnn.Recurrent("rnn_tanh", 5, 4)
    weight = layer.parameters()[0]
    x = sequences(random)
    before = layer(x)[0]
    weight.value *= 2
    assert (layer(x)[0] != before).any()
    weight.value = np.zeros((4, 5))
    assert not weight.value.any()
    value = weight.value
    del layer, weight
    value += 1
    assert (value == 1).all()


def test_a_frozen_layer_keeps_its_weights_until_it_thaws(random):
    layer = eddy_rnn.Recurrent("lstm", 5, 4)
    x = sequences(random)
    y, _ = layer(x)
    layer.freeze()
    layer.parameters()[0].value[:] = 0
    np.testing.assert_array_equal(layer(x)[0], y)
    layer.thaw()
    assert (layer(x)[0] != y).any()


def test_threads_of_python_share_a_layer(random):
    layer = eddy_rnn.RecurrentStack("lstm", 5, 32, layers=2)
    x = sequences(random, steps=60)
    expected = layer(x)[0]
    wrong = []

    def work():
        for _ in range(20):
            if (layer(x)[0] != expected).any():
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_forked_process_runs_layers_too(random):
    import os

    stack = eddy_rnn.RecurrentStack("gru", 5, 200)
    x = sequences(random, steps=50, rows=8)
    y, _ = stack(x, threads=2)  # a team whose threads the child does not have
    child = os.fork()
    if child == 0:
        os._exit(0 if (stack(x, threads=2)[0] == y).all() else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: eddy_rnn.Recurrent("lstn", 5, 4), "nearest: lstm"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 0), "hidden must be between 1"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4, zoneout=1.5), "zoneout must be in"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4, layernorm=True), "one of cell, input"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3))), "x must be .T, B, D."),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 4))), "x must be .2, 3, 5., but is .2, 3, 4."),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), np.zeros((3, 4))), "state must be .3, 8."),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), lengths=[1, 2]), "one a row"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), lengths=[1, 2, 3]), "at most 2 steps"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), lengths=[1, 2, -1]), "at least 0"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), lengths=np.array([1.5, 1, 1])), "integers"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), resets=np.zeros(3, bool)), "resets"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), threads=0), "at least 1|between 1|1 to"),
        (lambda: eddy_rnn.Recurrent("lstm", 5, 4)(np.zeros((2, 3, 5)), precision="half"), "half"),
        (lambda: eddy_rnn.RecurrentStream(eddy_rnn.RecurrentStack("lstm", 5, 4, bidirectional=True)), "bidirectional"),
        (lambda: eddy_rnn.RecurrentStream(eddy_rnn.RecurrentStack("lstm", 5, 4)).step(np.zeros((2, 5))), "x must be .1, 5."),
    ],
)
def test_what_cannot_be_is_an_error_that_says_so(wrong, message):
    with pytest.raises(eddy_rnn.Error, match=message) as raised:
        wrong()
    assert isinstance(raised.value, ValueError)


def test_arguments_of_another_type_are_type_errors():
    for wrong in (
        lambda: eddy_rnn.Recurrent("lstm", "five", 4),
        lambda: eddy_rnn.Recurrent("lstm", 5, -4),
        lambda: eddy_rnn.Recurrent("lstm", 5, 4, cell="gru"),
        lambda: eddy_rnn.Recurrent("lstm", 5, 4)("text"),
    ):
        with pytest.raises(TypeError):
            wrong()
