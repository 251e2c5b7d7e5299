"""What a type checker must accept; scripts/check-python.sh gives it to mypy --strict."""

import eddy_rnn
import eddy_rnn.convert
import numpy as np
import numpy.typing as npt

x: npt.NDArray[np.float32] = np.zeros((5, 2, 3), np.float32)

layer = eddy_rnn.Recurrent("lstm", 3, 4, layer_norm=True, seed=1)
y, state = layer(x, lengths=[5, 3], threads=2)
y, state = layer(x.astype(np.float64), state, np.array([5, 3]))
total: np.floating = y.sum() + state.sum()

stack = eddy_rnn.RecurrentStack("gru", 3, 4, layers=2)
y, states = stack(x)
stream = eddy_rnn.RecurrentStream(stack, rows=2)
stream.state = states
step: npt.NDArray[np.float32] = stream.step(x[0])

encoder = eddy_rnn.Encoder(3, [eddy_rnn.TcnOptions(hidden=4), eddy_rnn.StackOptions(cell="gru", hidden=4)])
whole: npt.NDArray[np.float32] = encoder(x)
part, handed_on = encoder.segment(x)
part, handed_on = encoder.segment(x, handed_on)

tape = eddy_rnn.Tape(seed=1)
value, after = layer(tape.constant(x))
loss = eddy_rnn.squared_error(eddy_rnn.linear(value, np.ones((2, 4), np.float32)), np.zeros((5, 2, 2)))
optimizer = eddy_rnn.Optimizer(layer.parameters(), name="sgd", momentum=0.9)
result: float = tape.backward(loss)
optimizer.step(0.1)
for parameter in layer.parameters():
    parameter.value = parameter.value * 2
    gradient: npt.NDArray[np.float32] = parameter.grad
try:
    eddy_rnn.Recurrent("lstn", 3, 4)
except eddy_rnn.Error as error:
    message: str = str(error)

classifier = eddy_rnn.Classifier(hidden=8, steps=10, valid=0.2).fit(["a", "b"] * 20, [0, 1] * 20, callbacks=[lambda p: p.step])
chances: npt.NDArray[np.float64] = classifier.predict_proba(["a"])
quality: float = classifier.score(["a"], [0])
forecaster: eddy_rnn.Forecaster = eddy_rnn.Forecaster(horizon=2, quantiles=[0.5]).fit([1.0, 2.0] * 30)
tags: list[list[str]] = eddy_rnn.Tagger(cell="gru").fit([["a", "b"]] * 9, [["x", "y"]] * 9).predict([["a"]])
page: str = classifier.report()
losses: list[float] = classifier.history_["training"]["loss"]
risk: eddy_rnn.Risk = eddy_rnn.Risk(members=1).fit(np.linspace(1.0, 2.0, 500))
shortfall: npt.NDArray[np.float64] = risk.predict_shortfall()
midi: bytes = eddy_rnn.Composer(hidden=8).fit([[[60], [62]]] * 9).compose(bars=4)
words: list[str] = eddy_rnn.Transcriber(causal=True).fit([x[:, 0, 0]] * 9, ["a"] * 9).predict([(8000, x[:, 0, 0])], beam=2)
spoken: npt.NDArray[np.float32] = eddy_rnn.Voice(hidden=8).fit([x[:, 0, 0]] * 9, ["a"] * 9).speak("a", speed=2.0).samples
up: eddy_rnn.Direction = eddy_rnn.Direction(members=1).fit(np.linspace(1.0, 2.0, 500))
quantiles: npt.NDArray[np.float64] = eddy_rnn.Reserve(members=1).fit("triangles.csv").predict_quantiles(valuation=2007)
onnx: bytes = eddy_rnn.convert.to_onnx(stack)
