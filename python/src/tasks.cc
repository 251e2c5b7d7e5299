#include "tasks.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "eddy/error.h"
#include "eddy/threads.h"

namespace eddy::python {
namespace {

const char* NameOf(OptionKind kind) {
  switch (kind) {
    case OptionKind::kFlag:
      return "flag";
    case OptionKind::kWholeNumber:
      return "whole number";
    case OptionKind::kNumber:
      return "number";
    case OptionKind::kTexts:
      return "texts";
    case OptionKind::kNumbers:
      return "numbers";
    case OptionKind::kFile:
      return "file";
    case OptionKind::kText:
      break;
  }
  return "text";
}

nb::dict ToDict(const TaskOption& option) {
  nb::dict d;
  d["name"] = option.name;
  d["kind"] = NameOf(option.kind);
  d["value"] = option.value;
  d["group"] = option.group;
  d["help"] = option.help;
  d["initial"] = option.initial;
  d["usual"] = option.usual;
  d["required"] = option.required;
  d["many"] = option.many;
  d["takes_data"] = option.takes_data;
  return d;
}

nb::dict Describe(const std::string& name) {
  const TaskDescription description = DescribeTask(name);
  nb::dict d;
  d["name"] = description.name;
  d["learns"] = description.learns;
  nb::list options;
  for (const TaskOption& option : description.options) options.append(ToDict(option));
  d["options"] = options;
  return d;
}

// {"steps": ["30"], "FILE": [Data]}
std::vector<TaskSetting> SettingsOf(const nb::dict& given) {
  std::vector<TaskSetting> settings;
  for (const auto& [name, values] : given) {
    TaskSetting& setting = settings.emplace_back();
    setting.option = nb::cast<std::string>(name);
    for (nb::handle value : values) {
      if (Data* data = nullptr; nb::try_cast(value, data)) {
        setting.data.push_back(*data);
      } else {
        setting.texts.push_back(nb::cast<std::string>(value));
      }
    }
  }
  return settings;
}

nb::dict ToDict(const std::vector<LossPoint>& points) {
  nb::list steps, losses;
  for (const LossPoint& point : points) {
    steps.append(point.step);
    losses.append(point.loss);
  }
  nb::dict d;
  d["step"] = steps;
  d["loss"] = losses;
  return d;
}

nb::dict ToDict(const TrainingSummary& run) {
  nb::dict d;
  d["steps"] = run.steps;
  d["seconds"] = run.seconds;
  d["resumed"] = run.resumed;
  d["early"] = run.early;
  d["best_step"] = run.best_step;
  d["training"] = ToDict(run.training);
  d["validation"] = ToDict(run.validation);
  return d;
}

Data TableOf(const std::vector<std::pair<std::string, nb::object>>& columns, const std::string& name) {
  std::vector<Column> table;
  for (const auto& [column, values] : columns) {
    std::vector<double> numbers;
    if (nb::try_cast(values, numbers)) {
      table.push_back({column, std::move(numbers)});
    } else {
      table.push_back({column, nb::cast<std::vector<std::string>>(values)});
    }
  }
  return Data::Table(table, name);
}

nb::object ContentsOf(const Data& data) {
  if (!data.in_memory()) return nb::none();
  const std::string_view contents = data.contents();
  const auto size = static_cast<Py_ssize_t>(contents.size());
  PyObject* text = PyUnicode_DecodeUTF8(contents.data(), size, nullptr);
  if (text != nullptr) return nb::steal(text);
  PyErr_Clear();
  return nb::bytes(contents.data(), contents.size());
}

void BindData(nb::module_& m) {
  using Texts = std::vector<std::string>;
  using Lists = std::vector<Texts>;
  nb::class_<Data>(m, "Data",
                   "What a task learns from or is asked about: a file, or what a file would hold, from memory.\n\n"
                   ">>> eddy_rnn.Data.table({\"day\": [1, 2], \"sold\": [3.5, float(\"nan\")]}).contents\n"
                   "'day,sold\\n1,3.5\\n2,\\n'\n")
      .def(nb::init<>(), "None.")
      .def_static("file", &Data::File, nb::arg("path"))
      .def_static("text", &Data::Text, nb::arg("contents"), nb::arg("name") = "memory", "The contents of a file.")
      .def_static(
          "text",
          [](const nb::bytes& contents, const std::string& name) {
            return Data::Text({contents.c_str(), contents.size()}, name);
          },
          nb::arg("contents"), nb::arg("name") = "memory")
      .def_static(
          "table",
          [](const nb::dict& columns, const std::string& name) {
            std::vector<std::pair<std::string, nb::object>> all;
            for (const auto& [column, values] : columns) all.emplace_back(nb::cast<std::string>(column), nb::borrow(values));
            return TableOf(all, name);
          },
          nb::arg("columns"), nb::arg("name") = "memory.csv",
          nb::sig("def table(columns: dict[str, typing.Any], name: str = ...) -> Data"),
          "Columns of numbers, NaN where one is missing, or of texts.")
      .def_static(
          "sentences",
          [](const Texts& texts, const Texts& labels, const std::string& name) {
            return Data::Sentences(texts, labels, name);
          },
          nb::arg("texts"), nb::arg("labels"), nb::arg("name") = "memory.csv", "Columns \"text\" and \"label\".")
      .def_static(
          "pairs",
          [](const Texts& sources, const Texts& targets, const std::string& name) {
            return Data::Pairs(sources, targets, name);
          },
          nb::arg("sources"), nb::arg("targets"), nb::arg("name") = "memory.tsv")
      .def_static(
          "sequences",
          [](const Lists& tokens, const Lists& tags, const std::string& name) {
            return Data::Sequences(tokens, tags, name);
          },
          nb::arg("tokens"), nb::arg("tags"), nb::arg("name") = "memory.conll")
      .def_prop_ro("name", &Data::name)
      .def_prop_ro("contents", &ContentsOf, nb::sig("def contents(self) -> str | bytes | None"),
                   "None of a file; bytes where they are no text in UTF-8.")
      .def("__repr__", [](const Data& data) { return nb::str("Data({!r})").format(data.name()); })
      .def("__getstate__",
           [](const Data& data) -> nb::typed<nb::tuple, nb::any, nb::ellipsis> {
             const std::string_view contents = data.in_memory() ? data.contents() : std::string_view();
             return nb::make_tuple(data.name(), data.in_memory(), nb::bytes(contents.data(), contents.size()));
           })
      .def("__setstate__", [](Data& self, const nb::typed<nb::tuple, nb::any, nb::ellipsis>& state) {
        const std::string name = nb::cast<std::string>(state[0]);
        const nb::bytes contents = nb::cast<nb::bytes>(state[2]);
        new (&self) Data(nb::cast<bool>(state[1]) ? Data::Text({contents.c_str(), contents.size()}, name) : Data(name));
      });
}

void BindProgress(nb::module_& m) {
  nb::class_<Progress>(m, "Progress",
                       "How far a training is, as callbacks are told it before the first step and after each.")
      .def_ro("step", &Progress::step, "Steps done.")
      .def_ro("total", &Progress::total, "Steps planned; with a limit in minutes an estimate.")
      .def_ro("epoch", &Progress::epoch)
      .def_ro("loss", &Progress::loss, "Smoothed training loss; NaN before the first step.")
      .def_ro("validation", &Progress::validation, "The last validation loss; NaN before the first.")
      .def_ro("validated", &Progress::validated, "Whether it is of this very step.")
      .def_ro("best", &Progress::best, "The best validation loss; NaN before the first.")
      .def_ro("rate", &Progress::rate, "Learning rate.")
      .def_ro("units_per_second", &Progress::units_per_second)
      .def_ro("seconds", &Progress::seconds)
      .def_ro("seconds_left", &Progress::seconds_left,
              "To the end of the steps planned: an estimate; NaN before the first step.")
      .def_ro("may_end_early", &Progress::may_end_early, "Whether the run has a patience, which may end it before.")
      .def_ro("resumed", &Progress::resumed);
}

using TrainedAny = Trained<TrainedModel>;

}  // namespace

void BindTasks(nb::module_& m) {
  WaitForTrainingsAtExit();
  BindData(m);
  BindProgress(m);
  m.def("usable_cores", &UsableCores, "Cores that this process may use.");
  m.def("task_names", &TaskNames, "The tasks that there are.");
  m.def("describe_task", &Describe, nb::arg("name"), nb::sig("def describe_task(name: str) -> dict[str, typing.Any]"),
        "What a task learns, and the options of its training.\n\n"
        ">>> [option[\"name\"] for option in eddy_rnn.describe_task(\"tag\")[\"options\"]][:3]\n"
        "['FILE', 'valid', 'token-column']\n");
  nb::class_<TrainedAny>(m, "TrainedTask", "What a training made.")
      .def_ro("model", &TrainedAny::model)
      .def_prop_ro(
          "evaluation", [](const TrainedAny& t) { return t.evaluation.json; }, "JSON, as docs/json.md lists it.")
      .def_prop_ro(
          "text", [](const TrainedAny& t) { return t.evaluation.text; }, "The same for people.")
      .def_prop_ro(
          "run", [](const TrainedAny& t) { return ToDict(t.run); }, nb::sig("def run(self) -> dict[str, typing.Any]"))
      .def(
          "write_report",
          [](const TrainedAny& t, const std::string& path) {
            const nb::gil_scoped_release release;
            t.WriteReport(path);
          },
          nb::arg("path"), "One HTML page.");
  m.def(
      "train",
      [](const std::string& task, const nb::dict& settings, int threads, const std::string& checkpoint,
         const nb::object& on_progress, const nb::object& on_line, const nb::object& processes) {
        return TrainFromPython(task, SettingsOf(settings), threads, checkpoint, on_progress, on_line, processes);
      },
      nb::arg("task"), nb::arg("settings"), nb::kw_only(), nb::arg("threads") = 1, nb::arg("checkpoint") = "",
      nb::arg("on_progress") = nb::none(), nb::arg("on_line") = nb::none(), nb::arg("processes") = nb::none(),
      nb::sig(
          "def train(task: str, settings: collections.abc.Mapping[str, collections.abc.Sequence[str | Data]], *, threads: "
          "int = 1, checkpoint: str = \"\", on_progress: collections.abc.Callable[[Progress], object] | None = None, "
          "on_line: collections.abc.Callable[[str], object] | None = None, processes: object = None) -> TrainedTask"),
      "Trains a model of any task, as `eddy train` does: `settings` are its options by name.");
}

}  // namespace eddy::python
