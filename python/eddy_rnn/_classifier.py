from __future__ import annotations

import typing
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from . import _arrays, _frames
from ._core import ClassifierModel, Data
from ._estimator import Callback, Estimator, data_at
from ._options import ClassifyOptions


class Classifier(ClassifyOptions, Estimator, task="classify"):
    __doc__ = f"""Tells which class a sentence or a series is of.

    X is a list of sentences; or series of numbers, [n, steps], [n, steps, columns] or a list of arrays [steps, columns] of
    any lengths, NaN where a value is missing; or a frame or the path of a file, whose columns the options `text` or
    `columns`, and `label`, name.

    >>> texts = ["a fine film", "a dull film", "a fine book", "a dull book"] * 10
    >>> stars = [5, 1, 5, 1] * 10
    >>> model = eddy_rnn.Classifier(hidden=8, steps=40).fit(texts, stars)
    >>> model.predict(["a fine day", "a dull day"]).tolist()
    [5, 1]
    >>> model.classes_.tolist(), model.predict_proba(["a fine day"]).shape
    ([1, 5], (1, 2))

    {ClassifyOptions.__doc__}"""

    _model_class = ClassifierModel
    _measure = "accuracy"
    classes_: npt.NDArray[typing.Any]
    n_features_in_: int

    def fit(
        self,
        X: typing.Any,
        y: typing.Any = None,
        *,
        eval_set: typing.Any = None,
        callbacks: Sequence[Callback] = (),
        processes: typing.Any = None,
    ) -> Classifier:
        self.__dict__.pop("n_features_in_", None)
        self._named: npt.NDArray[typing.Any] | None = None
        return super().fit(X, y, eval_set=eval_set, callbacks=callbacks, processes=processes)

    def _table(self, X: typing.Any, y: typing.Any) -> tuple[Data, dict[str, typing.Any], npt.NDArray[typing.Any] | None]:
        """Data, what tells the task how they are read, and the labels that there are."""
        if (data := data_at(X)) is not None:
            return data, {}, None
        if y is None and _frames.is_frame(X):
            return _frames.table(X), {}, None
        if _arrays.is_text(X):
            sentences = _arrays.texts(X)
            labels, classes = _arrays.labels(y, len(sentences))
            return Data.sentences(sentences, labels), {"text": "text", "label": "label"}, classes
        table = _arrays.table(_arrays.series(X))
        labels, classes = _arrays.labels(y, len(next(iter(table.values()))))
        return Data.table(table | {"label": labels}), {"columns": list(table), "label": "label"}, classes

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        return self._table(X, y)[0]

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        data, reading, self._named = self._table(X, y)
        if "columns" in reading and (steps := _arrays.steps_of(X)) is not None:
            self.n_features_in_ = steps
        return {self._file(): data} | reading | self._held_out(eval_set)

    def _learned(self) -> None:
        names = self.model_.classes
        named = getattr(self, "_named", None)
        self.classes_ = np.unique(np.array(names)) if named is None else named
        self._order = [names.index(str(label)) for label in self.classes_.tolist()]

    def predict_proba(self, X: typing.Any) -> npt.NDArray[np.float64]:
        """Probabilities [n, classes], in the order of `classes_`."""
        model, threads = self._fitted(), self._team()
        if (data := data_at(X)) is not None:
            all = model.of_data(data, threads=threads)
        elif model.reads_text and not _frames.is_frame(X):
            all = model.of_texts(_arrays.texts(X), threads=threads)
        elif _frames.is_frame(X) and not hasattr(self, "n_features_in_"):
            all = model.of_data(_frames.table(X), threads=threads)
        else:
            all = model.of_series(self._series(X), threads=threads)
        return typing.cast("npt.NDArray[np.float64]", all[:, self._order])

    def _series(self, X: typing.Any) -> _arrays.Series:
        series = _arrays.series(X)
        expected, steps = getattr(self, "n_features_in_", None), _arrays.steps_of(X)
        if None not in (expected, steps) and steps != expected:
            raise ValueError(
                f"X has {steps} features, but {type(self).__name__} is expecting {expected} features as input; series of "
                "other lengths are [n, steps, 1]"
            )
        return series

    def predict(self, X: typing.Any) -> npt.NDArray[typing.Any]:
        """The likeliest class of each."""
        likeliest = self.predict_proba(X).argmax(axis=1)
        return typing.cast("npt.NDArray[typing.Any]", self.classes_[likeliest])

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The share that is classified rightly; of a frame or a file, as `evaluate` measures it."""
        if y is None:
            return super().score(X)
        return float((self.predict(X) == np.asarray(y)).mean())

    def __sklearn_tags__(self) -> typing.Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier"
        tags.classifier_tags = self._sklearn("ClassifierTags")()
        tags.input_tags.two_d_array = tags.input_tags.three_d_array = tags.input_tags.allow_nan = True
        tags.input_tags.string = False  # of two dimensions
        return tags
