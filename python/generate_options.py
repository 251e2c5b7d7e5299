"""Writes the estimators' constructors, a class of keywords for each task, from the options that the tasks declare.

    python generate_options.py FOLDER_OF_CORE OUTPUT.py
"""

import keyword
import sys
import textwrap

TYPES = {
    "flag": "bool",
    "whole number": "int",
    "number": "float",
    "text": "str | float",  # numbers among them, such as clip="1" and valid=0.2
    "texts": "Sequence[str]",
    "numbers": "Sequence[float]",
}
VALUES = {"whole number": int, "number": float, "text": str}

HEADER = '''"""The estimators' keywords. Made by python/generate_options.py from the options that the tasks declare."""

from collections.abc import Sequence
'''

# What every estimator has beside its task's options.
COMMON = [
    ("threads", "int | None", "None", "the result does not depend on it (cores it may use)"),
    ("progress", "bool | None", "None", "whether a bar shows how far training is (on a terminal and in a notebook)"),
    ("checkpoint", "str | None", "None", "a file that training leaves where it is stopped, to `resume` from"),
]


def keyword_of(name):
    name = name.replace("-", "_")
    return name + "_" if keyword.iskeyword(name) else name


def default_of(option):
    if option["kind"] == "flag":
        return "False"
    if option["initial"] and option["kind"] in VALUES:
        return repr(VALUES[option["kind"]](option["initial"]))
    return "None"


def parameters_of(task):
    for option in task["options"]:
        if option["kind"] == "file":
            continue  # data are fit()'s
        default = default_of(option)
        kind = TYPES[option["kind"]] + (" | None" if default == "None" else "")
        usual = option["usual"] if default == "None" else ""
        yield keyword_of(option["name"]), kind, default, option["help"] + (f" ({usual})" if usual else "")
    yield from COMMON


def described(name, help):
    return textwrap.fill(f"{name}: {help}", 110, initial_indent="    ", subsequent_indent="        ", break_on_hyphens=False)


def class_of(task):
    parameters = list(parameters_of(task))
    name = "".join(part.capitalize() for part in task["name"].split("_")) + "Options"
    lines = ["", "", f"class {name}:", f'    """{task["learns"]}.', ""]
    lines += [described(name, help) for name, _, _, help in parameters]
    lines += ['    """', "", "    def __init__(", "        self,", "        *,"]
    lines += [f"        {name}: {kind} = {default}," for name, kind, default, _ in parameters]
    lines += ["    ) -> None:"]
    lines += [f"        self.{name} = {name}" for name, *_ in parameters]
    return "\n".join(lines) + "\n"


def main(folder, output):
    sys.path.insert(0, folder)
    import _core

    tasks = [_core.describe_task(name) for name in _core.task_names()]
    with open(output, "w", encoding="utf-8") as file:
        file.write(HEADER + "".join(map(class_of, tasks)))


if __name__ == "__main__":
    main(*sys.argv[1:])
