"""Measurements that the host of a virtual machine has not disturbed, as far as a guest can tell.

A host may take time away, which /proc/stat tells. It may also let two virtual cores share one of its own, which halves their speed, or
move them to cores of different last-level caches, where whatever two threads share takes several times as long: of these only a
measurement tells. Cores that never halt stay where they are more often.
"""
import os
import struct
import time

MOST_STOLEN = 0.01  # of all cores' time
FULL_SPEED = 0.95   # of the best multiply-adds seen
MOST_APART = 1.5    # times the shortest round trip of a cache line seen
ATTEMPTS = 3
MOVES, MOVE_SECONDS = 30, 0.05  # waits for the host to place the cores otherwise


def ticks():
    """Those that the host took away, and all, of all cores since the machine was started."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            counts = [int(word) for word in file.readline().split()[1:9]]
        return counts[7], sum(counts)
    except (OSError, ValueError, IndexError):
        return 0, 0


class Awake:
    """Keeps idle cores from halting while it is held, where the system lets it (Linux: PM QoS; root)."""

    def __init__(self):
        self.file = None

    def hold(self):
        try:
            self.file = os.open("/dev/cpu_dma_latency", os.O_WRONLY)
            os.write(self.file, struct.pack("i", 0))
        except OSError:
            self.release()

    def release(self):
        if self.file is not None:
            os.close(self.file)
        self.file = None


class Machine:
    """Judged by the worker `limits`, which must have been set up, and compared with the best of all that it has shown."""

    def __init__(self, limits):
        self.limits, self.looks, self.awake = limits, [], Awake()

    def look(self):
        """Operations a second, and nanoseconds of a cache line's round trip between two threads (0 of one)."""
        speed, apart = self.limits.run(), float(self.limits.ask("meet")[0])
        self.looks.append((min(speed, self.limits.run()), apart))
        return self.looks[-1]

    def fastest(self):
        return max(speed for speed, _ in self.looks)

    def is_quiet(self, look):
        fast = [apart for speed, apart in self.looks if speed >= FULL_SPEED * self.fastest()]
        return look[0] >= FULL_SPEED * self.fastest() and look[1] <= MOST_APART * min(fast)

    def settle(self):
        """Waits for the machine to be quiet, for some seconds at most. Returns whether it is."""
        if not self.looks:  # the best there is must have been seen
            for _ in range(MOVES):
                self.look()
                time.sleep(MOVE_SECONDS)
        for _ in range(MOVES):
            self.awake.hold()
            if self.is_quiet(self.look()):
                return True
            self.awake.release()
            time.sleep(MOVE_SECONDS)
        return False

    def undisturbed(self, measure):
        """What measure() returns, and how it was disturbed, if it was: called again, ATTEMPTS times at most, until it was not."""
        best = None
        for _ in range(ATTEMPTS):
            faults = [] if self.settle() else ["begun on cores slow or far apart"]
            stolen, total = ticks()
            result = measure()
            stolen, total = (after - before for after, before in zip(ticks(), (stolen, total)))
            if not self.is_quiet(self.look()):
                faults.append("ended on cores slow or far apart")
            if stolen > MOST_STOLEN * total:
                faults.append("time stolen")
            self.awake.release()
            if best is None or len(faults) < len(best[1]):
                best = result, faults
            if not faults:
                break
        return best
