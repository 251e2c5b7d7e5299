"""What the recipes of published tables share: their arguments, their data, runs of eddy, and the table they print.

Exit codes of a recipe: 0; 1 when eddy fails, which has then said why; 2 when the data or the program is not there.
"""
import argparse
import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile

EDDY = pathlib.Path(__file__).resolve().parents[2] / "build/release/eddy"


def parser(doc):
    """Takes the first line of a recipe's docstring; recipes add options of their own."""
    made = argparse.ArgumentParser(description=doc.splitlines()[0],
                                   epilog="What stands behind -- is given to eddy's training, such as -- --steps 20.")
    made.add_argument("folder", metavar="FOLDER", type=pathlib.Path, help="of the data")
    made.add_argument("--eddy", metavar="PROGRAM", type=pathlib.Path, default=EDDY, help="[build/release/eddy]")
    made.add_argument("--seed", metavar="N", type=int, default=1, help="of all that is random [1]")
    made.add_argument("--threads", metavar="N", type=int, help="the result does not depend on it [number of cores]")
    return made


def parse(parser_of_recipe):
    words = sys.argv[1:]
    own = words[:words.index("--")] if "--" in words else words
    arguments = parser_of_recipe.parse_args(own)
    arguments.training = words[len(own) + 1:]
    arguments.eddy = arguments.eddy.resolve()
    if not arguments.eddy.is_file():
        missing(f"there is no {arguments.eddy}: build it, or name it with --eddy")
    return arguments


def missing(message):
    print(f"{pathlib.Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(2)


def find(folder, names, where):
    """The paths of `names` in `folder`; where one is not there, says where to get it."""
    for name in names:
        if not (folder / name).is_file():
            missing(f"there is no {folder / name}; the data are {where}")
    return [folder / name for name in names]


def run(arguments, *words):
    """What `eddy WORDS --json` prints; eddy's progress and errors go to standard error."""
    threads = ["--threads", arguments.threads] if arguments.threads else []
    command = [str(word) for word in (arguments.eddy, *words, *threads, "--json")]
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    except KeyboardInterrupt:
        sys.exit(130)
    if result.returncode != 0:
        sys.exit(1)
    return json.loads(result.stdout)


def phonemes(words, voice):
    """Pairs of each word and its phonemes, with spaces between, as a voice of espeak-ng says it."""
    try:
        spoken = subprocess.run(["espeak-ng", "-q", "-v", voice, "--ipa", "--sep= "], input="\n".join(words) + "\n", text=True,
                                stdout=subprocess.PIPE, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError) as error:
        missing(f"espeak-ng (Debian's package of that name) does not run: {error}")
    if len(spoken) != len(words):
        missing("espeak-ng does not say one line for each word")
    return [(word, " ".join(line.replace("_", " ").split())) for word, line in zip(words, spoken)]


def add_sets(made, sets):
    """Options of a recipe of many sets and seeds."""
    made.add_argument("--sets", metavar="NAME,...", default=",".join(sets), help="[all]")
    made.add_argument("--seeds", metavar="N", type=int, default=1, help="how many, from --seed on [1]")


def parse_sets(made, sets):
    arguments = parse(made)
    arguments.sets = arguments.sets.split(",")
    for name in arguments.sets:
        if name not in sets:
            made.error(f"--sets must be of {','.join(sets)}, but one is {name!r}")
    if arguments.seeds < 1:
        made.error(f"--seeds must be at least 1, but is {arguments.seeds}")
    return arguments


def with_seeds(arguments):
    """The arguments, with each of the seeds in turn."""
    for seed in range(arguments.seed, arguments.seed + arguments.seeds):
        yield argparse.Namespace(**{**vars(arguments), "seed": seed})


def seeds_title(arguments, text):
    title(arguments, f"{text}, mean of {arguments.seeds} seeds from the one named" if arguments.seeds > 1 else text)


def train(arguments, task, *words):
    return run(arguments, "train", task, *words, "--seed", arguments.seed, *arguments.training)


@contextlib.contextmanager
def scratch():
    with tempfile.TemporaryDirectory(prefix="published.") as folder:
        yield pathlib.Path(folder)


def title(arguments, text):
    threads = f", {arguments.threads} thread{'s' * (arguments.threads > 1)}" if arguments.threads else ""
    print(f"{text}; seed {arguments.seed}{threads}\n", flush=True)


def head(*columns):
    """The first column is of words, the others of figures."""
    row(*columns)
    row("---", *["---:"] * (len(columns) - 1))


def row(*cells):
    print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


def percent(share):
    return f"{100 * share:.2f}"


def manifests(folder, parts, said):
    """A manifest in `folder` for each of `parts`, lists of paths; said(path) is what is said in it, and by whom."""
    paths = {}
    for name, sounds in parts.items():
        paths[name] = folder / f"{name}.tsv"
        paths[name].write_text("".join("\t".join([str(sound.resolve()), *said(sound)]) + "\n" for sound in sounds))
    return paths


def speech_figures(judged):
    interval = f"{percent(judged['word_error_low'])} to {percent(judged['word_error_high'])}"
    return percent(judged["word_error_rate"]), interval, percent(judged["character_error_rate"])


def speech_table(judged, result, published):
    head("", "word errors", "95% of draws", "character errors", "published", "seconds")
    row("eddy", *speech_figures(judged), published, f"{result['training']['seconds']:.0f}")
    for floor in judged["floors"]:
        row(f"floor: {floor['name']}", *speech_figures(floor), "", "")
