"""Training from Python: tapes, losses, optimizers."""

import threading

import eddy_rnn
import numpy as np
import pytest


def loss_of(layer, x, target, seed=0, threads=1):
    tape = eddy_rnn.Tape(seed=seed, threads=threads)
    y, _ = layer(tape.constant(x))
    return tape, eddy_rnn.squared_error(y, target)


def test_gradients_equal_finite_differences(random):
    layer = eddy_rnn.Recurrent("gru", 3, 4)
    x = random.normal(size=(6, 2, 3)).astype(np.float32)
    target = random.normal(size=(6, 2, 4)).astype(np.float32)
    tape, loss = loss_of(layer, x, target)
    tape.backward(loss)
    for parameter in layer.parameters():
        direction = random.normal(size=parameter.shape).astype(np.float32)
        kept = parameter.value.copy()
        ends = []
        for sign in (1, -1):
            parameter.value = kept + sign * 1e-2 * direction
            ends.append(float(loss_of(layer, x, target)[1]))
        parameter.value = kept
        assert np.sum(parameter.grad * direction) == pytest.approx((ends[0] - ends[1]) / 2e-2, abs=2e-3)


def test_a_leaf_has_a_gradient_and_a_constant_has_none():
    tape = eddy_rnn.Tape()
    leaf, constant = tape.differentiable(np.ones((2, 3))), tape.constant(np.full((2, 3), 2))
    loss = eddy_rnn.squared_error(eddy_rnn.multiply(leaf, constant), np.zeros((2, 3)))
    assert tape.backward(loss) == 4
    np.testing.assert_allclose(leaf.grad, np.full((2, 3), 8 / 6), rtol=1e-6)
    assert constant.grad is None


def test_values_on_a_tape_share_memory_and_cannot_be_written_to():
    tape = eddy_rnn.Tape()
    array = np.ones((2, 3), np.float32)
    value = tape.constant(array).value
    assert np.shares_memory(value, array) and not value.flags.writeable
    with pytest.raises(ValueError):
        value[0] = 2


def test_threads_do_not_change_the_bits_of_training(random):
    x = random.normal(size=(40, 8, 3)).astype(np.float32)
    target = random.normal(size=(40, 8, 64)).astype(np.float32)
    trained = []
    for threads in (1, 2):
        layer = eddy_rnn.Recurrent("lstm", 3, 64, zoneout=0.1)
        optimizer = eddy_rnn.Optimizer(layer.parameters(), threads=threads)
        for step in range(3):
            tape, loss = loss_of(layer, x, target, seed=step, threads=threads)
            tape.backward(loss)
            eddy_rnn.clip_global_norm(layer.parameters(), 1.0, threads=threads)
            optimizer.step(0.01)
            optimizer.zero_grad()
        trained.append([p.value.copy() for p in layer.parameters()])
    for one, two in zip(*trained):
        np.testing.assert_array_equal(one, two)


def test_a_restored_optimizer_goes_on_as_if_never_stopped(random):
    x = random.normal(size=(5, 2, 3)).astype(np.float32)

    def step(layer, optimizer):
        tape, loss = loss_of(layer, x, np.ones((5, 2, 4)))
        tape.backward(loss)
        optimizer.step(0.1)
        optimizer.zero_grad()

    one = eddy_rnn.Recurrent("gru", 3, 4)
    first = eddy_rnn.Optimizer(one.parameters())
    step(one, first)
    other = eddy_rnn.Recurrent("gru", 3, 4)
    for to, source in zip(other.parameters(), one.parameters()):
        to.value = source.value
    second = eddy_rnn.Optimizer(other.parameters())
    second.state = first.state
    step(one, first)
    step(other, second)
    for a, b in zip(one.parameters(), other.parameters()):
        np.testing.assert_array_equal(a.value, b.value)


def test_python_threads_train_side_by_side(random):
    x = random.normal(size=(40, 4, 3)).astype(np.float32)
    results = {}

    def train(name):
        layer = eddy_rnn.Recurrent("lstm", 3, 32)
        optimizer = eddy_rnn.Optimizer(layer.parameters())
        for _ in range(5):
            tape, loss = loss_of(layer, x, np.ones((40, 4, 32)))
            results[name] = tape.backward(loss)
            optimizer.step(0.01)
            optimizer.zero_grad()

    threads = [threading.Thread(target=train, args=(name,)) for name in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3 and len(set(results.values())) == 1


def test_losses_equal_their_definitions(random):
    logits, labels = random.normal(size=(6, 4)).astype(np.float32), np.array([0, 1, 2, 3, -1, 1])
    tape = eddy_rnn.Tape()
    v = tape.constant(logits)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(p[np.arange(6), labels])[labels != eddy_rnn.IGNORE].mean()
    assert float(eddy_rnn.softmax_cross_entropy(v, labels)) == pytest.approx(expected, rel=1e-5)
    target = random.normal(size=(6, 4)).astype(np.float32)
    weights = random.uniform(size=(6, 4)).astype(np.float32)
    error = logits - target
    assert float(eddy_rnn.squared_error(v, target)) == pytest.approx((error**2).mean(), rel=1e-5)
    assert float(eddy_rnn.absolute_error(v, target, weights)) == pytest.approx(
        (abs(error) * weights).sum() / weights.sum(), rel=1e-5
    )


def test_a_head_on_words_learns(random):
    table = eddy_rnn.Parameter(random.normal(size=(5, 8)), "table")
    layer = eddy_rnn.Recurrent("min_gru", 8, 16)
    head, bias = eddy_rnn.Parameter(np.zeros((5, 16)), "head"), eddy_rnn.Parameter(np.zeros(5), "bias")
    parameters = [table, *layer.parameters(), head, bias]
    optimizer = eddy_rnn.Optimizer(parameters, name="adam")
    words = random.integers(0, 5, size=(12, 4))
    losses = []
    for step in range(60):
        tape = eddy_rnn.Tape(seed=step)
        x = eddy_rnn.reshape(eddy_rnn.embedding(tape, table, words), (12, 4, 8))
        y, _ = layer(x)
        losses.append(tape.backward(eddy_rnn.softmax_cross_entropy(eddy_rnn.linear(y, head, bias), words)))
        optimizer.step(0.03)
        optimizer.zero_grad()
    assert losses[-1] < 0.1 < losses[0]


def test_ctc_and_the_random_field_agree_with_themselves(random):
    logits = random.normal(size=(6, 2, 4)).astype(np.float32)
    logits[np.arange(6), :, [1, 1, 0, 2, 0, 3]] += 20
    assert eddy_rnn.ctc_greedy(logits) == [[1, 2, 3], [1, 2, 3]]
    labels, log_probability = eddy_rnn.ctc_decode(logits, 8)[0]
    tape = eddy_rnn.Tape()
    loss = eddy_rnn.ctc_loss(tape.constant(logits[:, :1]), [labels])
    assert labels == [1, 2, 3] and float(loss) == pytest.approx(-log_probability, abs=1e-4)
    crf = eddy_rnn.Crf(4)
    tags, _ = crf.decode(logits, lengths=[6, 3])
    assert tags == [[1, 1, 0, 2, 0, 3], [1, 1, 0]]
    tape = eddy_rnn.Tape()
    assert float(crf.loss(tape.constant(logits[:, :1]), np.array(tags[0]).reshape(6, 1))) < 1e-3


def test_what_cannot_be_trained_is_an_error_that_says_so():
    tape = eddy_rnn.Tape()
    x = tape.differentiable(np.ones((2, 2)))
    with pytest.raises(eddy_rnn.Error, match="one element"):
        tape.backward(x)
    with pytest.raises(eddy_rnn.Error, match="another"):
        eddy_rnn.Tape().backward(eddy_rnn.squared_error(x, np.zeros((2, 2))))
    with pytest.raises(eddy_rnn.Error, match="several"):
        eddy_rnn.add(x, eddy_rnn.Tape().constant(np.ones((2, 2))))
    tape.backward(eddy_rnn.squared_error(x, np.zeros((2, 2))))
    with pytest.raises(eddy_rnn.Error, match="has not run"):
        eddy_rnn.tanh(x)
    with pytest.raises(eddy_rnn.Error, match="sgd, adagrad|nearest"):
        eddy_rnn.Optimizer([], name="adman")
    with pytest.raises(TypeError):
        eddy_rnn.linear(eddy_rnn.Tape().constant(np.ones((2, 2))), "weights")
