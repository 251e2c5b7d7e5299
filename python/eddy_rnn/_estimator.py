"""What the estimators of all tasks have in common, after scikit-learn's conventions.

An estimator of a task is a class with the task's keywords (_options.py, made from what the task declares) and this one as
bases. It says how what `fit` is given becomes the task's data, and what its model does with new data:

    class Tagger(TagOptions, Estimator, task="tag"):
        _model_class = TaggerModel

        def _data(self, X, y): return Data.sequences(X, y)

        def predict(self, X): return self._fitted().of_sequences(X, threads=self._team())
"""

from __future__ import annotations

import functools
import importlib
import inspect
import json
import keyword
import os
import pathlib
import re
import sys
import typing
from collections.abc import Callable, Mapping, Sequence

from . import _core
from ._core import Data, Error, Progress, TrainedModel
from ._processes import Processes, those_of
from ._progress import Bar, is_watched

Callback = Callable[[Progress], object]
Self = typing.TypeVar("Self", bound="Estimator")

_estimators: dict[str, type[Estimator]] = {}
_kinds: dict[str, dict[str, str]] = {}  # of the options of a task, by their names


def kinds_of(task: str) -> dict[str, str]:
    if task not in _kinds:
        _kinds[task] = {option["name"]: option["kind"] for option in _core.describe_task(task)["options"]}
    return _kinds[task]


def as_text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(as_text, value))
    return str(value.item() if hasattr(value, "item") else value)  # of numpy's scalars


def in_python(message: str) -> str:
    """An error's options by their names here: "--learning-rate" is learning_rate."""
    return re.sub(r"--([a-z][a-z-]*)", lambda match: match[1].replace("-", "_"), message)


def is_path(X: object) -> bool:
    return isinstance(X, (str, os.PathLike))


def data_at(X: object) -> Data | None:
    """Data as they are, or at a path; none for anything else."""
    if isinstance(X, Data):
        return X
    return Data.file(os.fspath(typing.cast(str, X))) if is_path(X) else None


class Estimator:
    """The base of all estimators."""

    _task: typing.ClassVar[str]
    _model_class: typing.ClassVar[typing.Any]  # made of a TrainedModel
    _measure: typing.ClassVar[str]  # the figure of `evaluate` that `score` is made of

    model_: typing.Any
    evaluation_: dict[str, typing.Any]
    floors_: dict[str, dict[str, typing.Any]]
    history_: dict[str, dict[str, list[float]]]

    def __init_subclass__(cls, task: str | None = None, **rest: object) -> None:
        super().__init_subclass__(**rest)
        if task is not None:
            cls._task = task
            _estimators[task] = cls

    # What a task's estimator says.

    def _data(self, X: typing.Any, y: typing.Any) -> Data | list[Data]:
        """What `fit` and `evaluate` are given, as the task reads it."""
        raise NotImplementedError

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        """The task's options by their names: values, or Data. Those of the constructor are given as well."""
        return {self._file(): self._data(X, y)} | self._held_out(eval_set)

    def _held_out(self, eval_set: typing.Any) -> dict[str, typing.Any]:
        if eval_set is None:
            return {}
        return {"valid": self._data(*eval_set) if isinstance(eval_set, tuple) else self._data(eval_set, None)}

    def _learned(self) -> None:
        """Sets what is known of a model, such as classes_."""

    # Parameters.

    @classmethod
    @functools.cache
    def _parameters(cls) -> Mapping[str, inspect.Parameter]:
        parameters = dict(inspect.signature(cls.__init__).parameters)
        del parameters["self"]
        return parameters

    def get_params(self, deep: bool = True) -> dict[str, typing.Any]:
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self: Self, **params: object) -> Self:
        for name, value in params.items():
            if name not in self._parameters():
                raise Error(f"{type(self).__name__}: there is no parameter {name}")
            setattr(self, name, value)
        return self

    def _given(self) -> dict[str, typing.Any]:
        """The parameters that differ from their defaults."""
        return {
            name: getattr(self, name)
            for name, parameter in self._parameters().items()
            if getattr(self, name) is not parameter.default and getattr(self, name) != parameter.default
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._given().items())})"

    def _team(self) -> int:
        return _core.usable_cores() if getattr(self, "threads", None) is None else int(self.threads)  # type: ignore[attr-defined]

    @classmethod
    def _file(cls) -> str:
        return next(name for name, kind in kinds_of(cls._task).items() if kind == "file")

    def _texts(self, settings: Mapping[str, typing.Any]) -> dict[str, list[typing.Any]]:
        """Options as training takes them: texts or Data."""
        kinds, given = kinds_of(self._task), self._given()
        values = {name: given[key] for name in kinds if (key := keyword_of(name)) in given} | dict(settings)
        texts: dict[str, list[typing.Any]] = {}
        for name, value in values.items():
            if value is None or (kinds[name] == "flag" and not value):
                continue
            if isinstance(value, Data) or (isinstance(value, list) and value and isinstance(value[0], Data)):
                texts[name] = value if isinstance(value, list) else [value]
            else:
                texts[name] = [] if kinds[name] == "flag" else [as_text(value)]
        return texts

    # Training.

    def fit(
        self: Self,
        X: typing.Any,
        y: typing.Any = None,
        *,
        eval_set: typing.Any = None,
        callbacks: Sequence[Callback] = (),
        processes: typing.Any = None,
    ) -> Self:
        """Learns. `eval_set`, (X, y), is what to judge by instead of a share of the data.

        Each callback is called with how far it is (`eddy_rnn.Progress`) before the first step and after each; what it raises
        ends the training. So does Ctrl-C.

        Under `mpirun` all its processes learn one model together, with the result of one: each calls fit with the same data.
        `processes` is a communicator of mpi4py where others shall, or 1 for this one alone.
        """
        texts = self._texts(self._settings(X, y, eval_set))
        together = those_of(processes)
        self._trained = self._train(texts, callbacks, together)
        if together:
            together.close()
        self._take(self._trained.model)
        self.evaluation_ = json.loads(self._trained.evaluation)
        run = self._trained.run
        self.history_ = {"training": run["training"], "validation": run["validation"]}
        self.n_iter_ = run["steps"]
        self.floors_ = self._floors(self.evaluation_)
        self.__dict__.pop("_report", None)
        return self

    def _train(
        self, texts: dict[str, list[typing.Any]], callbacks: Sequence[Callback], processes: Processes | None
    ) -> _core.TrainedTask:
        shown = getattr(self, "progress", None)
        first = processes is None or processes.rank == 0
        bar = Bar(self._task) if first and (is_watched() if shown is None else shown) else None
        told: list[Callback] = [*callbacks, *([bar] if bar else [])]

        def tell(progress: Progress) -> None:
            for callback in told:
                callback(progress)

        checkpoint = getattr(self, "checkpoint", None)
        try:
            return _core.train(
                self._task,
                texts,
                threads=self._team(),
                checkpoint="" if checkpoint is None else os.fspath(checkpoint),
                on_progress=tell if told else None,
                processes=processes,
            )
        except Error as error:
            raise Error(in_python(str(error))) from None
        finally:
            if bar:
                bar.close()

    def _take(self, model: TrainedModel) -> None:
        self.model_ = type(self)._model_class(model)
        self._learned()

    def _fitted(self) -> typing.Any:
        if not hasattr(self, "model_"):
            message = f"this {type(self).__name__} is not fitted: call fit, or load a model"
            exceptions = sys.modules.get("sklearn.exceptions")
            raise exceptions.NotFittedError(message) if exceptions else Error(message)
        return self.model_

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    # Judging.

    def _floors(self, evaluation: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]:
        """The figures of what costs next to nothing, by its name."""
        return {floor["name"]: {k: v for k, v in floor.items() if k != "name"} for floor in evaluation.get("floors", [])}

    def evaluate(self, X: typing.Any, y: typing.Any = None) -> dict[str, typing.Any]:
        """The figures that `eddy evaluate --json` prints, beside the floors' (docs/json.md). Of the very data that the model
        was trained on, those of the part that was held out."""
        data = self._data(X, y)
        model = self._fitted()
        if isinstance(data, list):
            if len(data) != 1:
                raise Error(f"{self._task}: one is evaluated at a time, but X has {len(data)}")
            data = data[0]
        evaluation: dict[str, typing.Any] = json.loads(model.evaluate(data, threads=self._team()))
        return evaluation

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """How good it is on these data; the higher the better."""
        return float(self.evaluate(X, y)[self._measure])

    # Files.

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the model that the program and every language read."""
        self._fitted().save(os.fspath(path))

    @classmethod
    def load(cls: type[Self], path: str | os.PathLike[str]) -> Self:
        """The estimator of a model that `save` or `eddy train` wrote."""
        estimator = cls()
        estimator._take(TrainedModel.load(os.fspath(path)))
        return estimator

    def __getstate__(self) -> dict[str, typing.Any]:
        state = dict(self.__dict__)
        if "_trained" in state:
            state["_report"] = self.report()
            del state["_trained"]
        return state

    # Reports.

    def report(self) -> str:
        """One HTML page on what happened in training; of a model that was loaded, what is known of it."""
        if not hasattr(self, "_report"):
            self._report = self._make_report()
        return self._report

    # What only reports need is imported when there is one to make: `import eddy_rnn` is to take moments.

    def _make_report(self) -> str:
        import html
        import tempfile

        if not hasattr(self, "_trained"):
            text = self._fitted().description if hasattr(self, "model_") else "not fitted"
            return f"<pre>{html.escape(repr(self))}\n\n{html.escape(text)}</pre>"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "report.html")
            self._trained.write_report(str(path))
            return path.read_text(encoding="utf-8")

    def _repr_html_(self) -> str:
        import html

        if not hasattr(self, "model_"):
            return f"<pre>{html.escape(repr(self))}</pre>"
        page = html.escape(self.report(), quote=True)
        return f'<iframe srcdoc="{page}" style="width: 100%; height: 40em; border: 0" title="{html.escape(repr(self))}"></iframe>'

    # What scikit-learn asks.

    def _sklearn(self, name: str) -> typing.Any:
        return getattr(importlib.import_module("sklearn.utils"), name)

    def __sklearn_tags__(self) -> typing.Any:
        return self._sklearn("Tags")(
            estimator_type=None,
            target_tags=self._sklearn("TargetTags")(required=True),
            input_tags=self._sklearn("InputTags")(two_d_array=False, string=True),
        )


def keyword_of(option: str) -> str:
    """The name of an option's parameter."""
    name = option.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def load(path: str | os.PathLike[str]) -> typing.Any:
    """The estimator of a model of any task that has one."""
    model = TrainedModel.load(os.fspath(path))
    if model.task not in _estimators:
        raise Error(f"load: a model of {model.task} has no estimator here; TrainedModel.load reads it")
    estimator = _estimators[model.task]()
    estimator._take(model)
    return estimator
