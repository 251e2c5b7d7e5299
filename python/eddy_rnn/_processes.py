"""Processes that `mpirun` started and that train one model together: mpi4py moves their bytes.

A run's result does not depend on their number (docs/processes.md). mpi4py is imported where mpirun started several alone.
"""

from __future__ import annotations

import os
import time
import typing

from ._core import Error

POLLING = 200e-6  # seconds, before waiting sleeps in between: processes that share a core must not take it from each other
PATIENCE = 300.0  # seconds after which a process that does not answer is given up


def started() -> int:
    """How many processes mpirun started, as Open MPI and those with MPICH's launcher or Slurm's tell their processes."""
    for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE"):
        if name in os.environ:
            return int(os.environ[name])
    return 1


def those_of(processes: typing.Any) -> Processes | None:
    """The processes of a communicator, or, of None, all that mpirun started. None where this one is alone, and for 1."""
    if processes is None:
        if started() <= 1:
            return None
        try:
            from mpi4py import MPI
        except ImportError as error:
            message = f"fit: mpirun started {started()} processes, which needs mpi4py (pip install mpi4py): {error}"
            raise Error(f"{message}; each trains a model of its own with processes=1") from None
        processes = MPI.COMM_WORLD
    if isinstance(processes, int):
        if processes != 1:
            raise Error(f"fit: processes must be 1 or a communicator of mpi4py, but is {processes}")
        return None
    if not hasattr(processes, "Get_size"):
        raise Error(f"fit: processes must be 1 or a communicator of mpi4py, but is {processes!r}")
    return Processes(processes) if processes.Get_size() > 1 else None


class Processes:
    """What the library needs of a communicator. Every process of it makes one with the others, and closes it so."""

    def __init__(self, communicator: typing.Any) -> None:
        self._communicator = communicator.Dup()  # its messages are not taken for others of the program's
        self.rank: int = communicator.Get_rank()
        self.size: int = communicator.Get_size()

    def close(self) -> None:
        self._communicator.Free()

    def begin(self, to: list[memoryview], from_: list[memoryview], channel: int) -> Exchange:
        """Sends to[r] to process r, and fills from_[r] with what it sends; this process' own are left out."""
        others = [(self.rank + distance) % self.size for distance in range(1, self.size)]  # not all to the same one at once
        requests = [(other, self._communicator.Irecv(from_[other], source=other, tag=channel)) for other in reversed(others)]
        requests += [(other, self._communicator.Isend(to[other], dest=other, tag=channel)) for other in others]
        return Exchange(requests, self.size)


class Exchange:
    def __init__(self, requests: list[tuple[int, typing.Any]], size: int) -> None:
        self._requests = requests
        self._size = size

    def done(self) -> bool:
        self._requests = [(other, request) for other, request in self._requests if not request.Test()]
        return not self._requests

    def wait(self) -> None:
        begun = time.monotonic()
        while not self.done():
            seconds = time.monotonic() - begun
            if seconds > PATIENCE:
                missing = f"process {self._requests[0][0] + 1} of {self._size}"
                raise Error(f"fit: {missing} has not answered for {PATIENCE:.0f} s")
            if seconds > POLLING:
                time.sleep(20e-6 if seconds < 0.01 else 200e-6)
