"""What bench/compare prints: rows as JSON objects and as Markdown tables."""
import json
import math
import os


FLOAT32 = "eddy_float32"  # Eddy's own float32, which is no peer


def make_row(problem, eddy_us, peers, limit):
    """`peers`: microseconds by name, or a word that says why there are none."""
    measured = {name: us for name, us in peers.items() if not isinstance(us, str)}
    others = [us for name, us in measured.items() if name != FLOAT32]
    gflops = problem.flops() / eddy_us / 1000
    return {
        "cell": problem.cell, "mode": problem.mode, "precision": problem.precision,
        "T": 1 if problem.mode == "step" else problem.T, "B": problem.B, "D": problem.D, "H": problem.H,
        "threads": problem.threads, "eddy_us": eddy_us, "peers": measured, "gflops": gflops, "limit_share": gflops / limit,
        "ratio_to_best": min(others) / eddy_us if others else None,
    }


def write_json(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)
        file.write("\n")


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    except OSError:
        models = []
    return f"{models[0] if models else 'unknown processor'}, {os.cpu_count()} cores"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def microseconds(us):
    return us if isinstance(us, str) else f"{us:.3f}" if us < 10 else f"{us:.1f}" if us < 1000 else f"{us:.0f}"


def results(rows, labels, notes):
    """`labels`: the peers' titles by name; `notes`: by the row's index, words in place of a peer's microseconds."""
    lines = []
    for i, row in enumerate(rows):
        peers = [microseconds(row["peers"].get(name, notes[i].get(name, "-"))) for name in labels]
        ratio = "-" if row["ratio_to_best"] is None else f"{row['ratio_to_best']:.2f}"
        shape = [row[key] for key in ("cell", "mode", "precision", "T", "B", "D", "H", "threads")]
        speed = [f"{row['gflops']:.2f}", f"{row['limit_share']:.1%}"]
        lines.append([*shape, microseconds(row["eddy_us"]), *peers, ratio, *speed])
    return table(["cell", "mode", "precision", "T", "B", "D", "H", "threads", "Eddy us",
                  *(f"{label} us" for label in labels.values()), "best / Eddy", "GFLOP/s", "of limit"], lines)


def geometric_mean(values):
    return math.exp(math.fsum(map(math.log, values)) / len(values)) if values else None


def means(rows, labels):
    lines = []
    for mode in dict.fromkeys(row["mode"] for row in rows):
        mine = [row for row in rows if row["mode"] == mode]
        cells = [geometric_mean([row["ratio_to_best"] for row in mine if row["ratio_to_best"] is not None])]
        for name in labels:
            cells.append(geometric_mean([row["peers"][name] / row["eddy_us"] for row in mine if name in row["peers"]]))
        lines.append([mode, len(mine), *("-" if mean is None else f"{mean:.2f}" for mean in cells)])
    return table(["mode", "rows", "best / Eddy", *(f"{label} / Eddy" for label in labels.values())], lines)
