"""Measurements that the host of a virtual machine has not disturbed, as far as /proc/stat tells."""

MOST_STOLEN = 0.01  # of all cores' time
ATTEMPTS = 3


def ticks():
    """Those that the host took away, and all, of all cores since the machine was started."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            counts = [int(word) for word in file.readline().split()[1:9]]
        return counts[7], sum(counts)
    except (OSError, ValueError, IndexError):
        return 0, 0


def undisturbed(measure):
    """What measure() returns, called again, ATTEMPTS times at most, where more than MOST_STOLEN of its time was taken away."""
    for _ in range(ATTEMPTS):
        stolen, total = ticks()
        result = measure()
        stolen, total = (after - before for after, before in zip(ticks(), (stolen, total)))
        if stolen <= MOST_STOLEN * total:
            break
    return result
