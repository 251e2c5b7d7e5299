#!/usr/bin/env python3
"""What `import eddy_rnn` takes beyond `import numpy`: medians over processes of their own. Processor time hardly depends on what
else the machine does; time does. Needs eddy_rnn installed, with what pip compiles.

    python bench/python_import.py [PROCESSES]
"""

import os
import statistics
import subprocess
import sys

CODE = """
import time
import numpy
begun, worked = time.perf_counter(), time.process_time()
import eddy_rnn
print(time.perf_counter() - begun, time.process_time() - worked)
"""


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    told = [subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout.split() for _ in range(count)]
    taken, worked = (1e3 * statistics.median(float(each[i]) for each in told) for i in (0, 1))
    print(f"import eddy_rnn: {taken:.0f} ms, of which {worked:.0f} of the processor, beyond numpy; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
