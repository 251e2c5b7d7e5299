"""The examples in the docstrings, in docs/python.md and in README.md run."""

import doctest
import importlib.util
import inspect
import pathlib
import subprocess
import sys

import eddy_rnn
import eddy_rnn.convert
import numpy as np
import pytest


def documented():
    yield "eddy_rnn", eddy_rnn.__doc__
    yield "eddy_rnn.convert", eddy_rnn.convert.__doc__
    for name in eddy_rnn.__all__:
        thing = getattr(eddy_rnn, name)
        yield name, inspect.getdoc(thing)
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                yield f"{name}.{member}", getattr(value, "__doc__", None)


EXAMPLES = {name: text for name, text in documented() if isinstance(text, str) and ">>>" in text}


ROOT = pathlib.Path(__file__).parents[2]
SECTIONS = {
    f"{page}: {section.splitlines()[0]}": section
    for page in ("docs/python.md", "README.md")
    for section in (ROOT / page).read_text().split("\n## ")
    if ">>>" in section
}


def run(name, text, names):
    text = text.replace("```", "")  # a fence is not output
    test = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_a_docstring_run(name):
    run(name, EXAMPLES[name], {"np": np, "eddy_rnn": eddy_rnn})


@pytest.mark.parametrize("name", SECTIONS)
def test_the_examples_of_a_section_run(name):
    if "torch" in SECTIONS[name] and importlib.util.find_spec("torch") is None:
        pytest.skip("needs PyTorch")
    run(name, SECTIONS[name], {})


def test_the_module_and_its_layers_have_examples():
    assert {"eddy_rnn", "Recurrent", "RecurrentStack", "RecurrentStream", "Encoder", "Tape", "Optimizer"} <= set(EXAMPLES)


def test_importing_the_module_imports_nothing_that_only_some_of_it_needs():
    code = "import numpy, sys; before = set(sys.modules); import eddy_rnn; print(*(set(sys.modules) - before))"
    imported = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert "eddy_rnn._core" in imported
    some = ["ctypes", "h5py", "hashlib", "html", "narwhals", "onnx", "pandas", "sklearn", "subprocess", "tempfile", "torch", "zipfile"]
    assert not imported.intersection(some)
