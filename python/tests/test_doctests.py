"""The examples in the docstrings run."""

import doctest
import inspect

import eddy_rnn
import numpy as np
import pytest


def documented():
    yield "eddy_rnn", eddy_rnn.__doc__
    for name in eddy_rnn.__all__:
        thing = getattr(eddy_rnn, name)
        yield name, inspect.getdoc(thing)
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                yield f"{name}.{member}", getattr(value, "__doc__", None)


EXAMPLES = {name: text for name, text in documented() if isinstance(text, str) and ">>>" in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_a_docstring_run(name):
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], {"np": np, "eddy_rnn": eddy_rnn}, name, None, None)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_module_and_its_layers_have_examples():
    assert {"eddy_rnn", "Recurrent", "RecurrentStack", "RecurrentStream", "Encoder", "Tape", "Optimizer"} <= set(EXAMPLES)
