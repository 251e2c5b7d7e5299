"""`mpirun python`: one model by several processes, with the bits of one; what ends one of them ends all."""

import os
import shutil
import subprocess
import sys
import textwrap

import eddy_rnn
import pytest
from eddy_rnn import _processes

pytest.importorskip("mpi4py")
mpirun = shutil.which("mpirun")
several = pytest.mark.skipif(mpirun is None, reason="there is no mpirun")

FIT = """
    import sys
    import eddy_rnn
    from mpi4py import MPI

    rank = MPI.COMM_WORLD.Get_rank()
    texts = ["a fine film", "a dull film", "a fine book", "a dull book"] * 40
    stars = [5, 1, 5, 1] * 40
    model = eddy_rnn.Classifier(hidden=8, steps=40, batch=32, shards=3, threads=1, seed=3, progress=False)
"""


def run(count, program, tmp_path):
    (tmp_path / "program.py").write_text(textwrap.dedent(FIT) + textwrap.dedent(program))
    own = {name: value for name, value in os.environ.items() if not name.startswith(("OMPI_", "PMI"))}
    start = [mpirun, "--allow-run-as-root", "--oversubscribe", "-n", str(count)] if count > 1 else []
    return subprocess.run(
        [*start, sys.executable, "-m", "mpi4py", "program.py"], cwd=tmp_path, env=own, capture_output=True, text=True, timeout=240
    )


@several
def test_several_processes_learn_what_one_learns_bit_for_bit(tmp_path):
    program = """
        model.fit(texts, stars)
        model.save(f"{MPI.COMM_WORLD.Get_size()}.{rank}.eddy")
    """
    for count in (1, 2, 3):
        result = run(count, program, tmp_path)
        assert result.returncode == 0, result.stderr
    one = (tmp_path / "1.0.eddy").read_bytes()
    for name in ("2.0", "2.1", "3.0", "3.1", "3.2"):
        assert (tmp_path / f"{name}.eddy").read_bytes() == one


@several
def test_a_process_may_learn_alone_or_with_those_of_a_communicator(tmp_path):
    program = """
        model.fit(texts, stars, processes=1)
        alone = model.model_.serialize()
        part = MPI.COMM_WORLD.Split(rank // 2)
        model.fit(texts[rank // 2 :], stars[rank // 2 :], processes=part)
        assert (model.model_.serialize() == alone) == (rank < 2)
    """
    result = run(4, program, tmp_path)
    assert result.returncode == 0, result.stderr


@several
def test_what_a_callback_of_one_raises_ends_all(tmp_path):
    program = """
        def end(progress):
            if rank == 1 and progress.step == 5:
                raise RuntimeError("enough")

        model.set_params(steps=10_000_000, patience=0)
        try:
            model.fit(texts, stars, callbacks=[end])
            print("learned")
        except RuntimeError as error:
            print(rank, error)
        except eddy_rnn.Error as error:
            print(rank, error)
    """
    result = run(2, program, tmp_path)
    assert sorted(result.stdout.splitlines()) == ["0 fit: another process ended the training", "1 enough"], result.stderr


@several
def test_more_processes_than_shards_and_other_data_are_errors(tmp_path):
    result = run(4, "model.fit(texts, stars)", tmp_path)
    assert result.returncode != 0
    assert "shards of a batch, 3" in result.stderr
    result = run(2, "model.fit(texts[rank:], stars[rank:])", tmp_path)
    assert result.returncode != 0
    assert "the options and data of process 2" in result.stderr


def test_processes_that_are_no_communicator_are_errors():
    for wrong in (2, "all"):
        with pytest.raises(eddy_rnn.Error, match="must be 1 or a communicator of mpi4py"):
            eddy_rnn.Classifier().fit(["a", "b"] * 9, [0, 1] * 9, processes=wrong)


def test_several_without_mpi4py_are_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "4")
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(eddy_rnn.Error, match="4 processes, which needs mpi4py .*processes=1"):
        _processes.those_of(None)
