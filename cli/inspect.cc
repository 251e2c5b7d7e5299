#include <fmt/format.h>

#include <memory>
#include <optional>

#include "inspect_model.h"
#include "output.h"
#include "tasks/task.h"
#include "verb_options.h"
#include "verbs.h"

namespace eddy {
namespace {

struct InspectOptions {
  std::string model, file;
  bool json = false;
  int threads = 1;
};

void RunInspect(const InspectOptions& options) {
  const Model model = LoadModel(options.model);
  Threads threads(options.threads);
  const std::unique_ptr<LoadedModel> loaded = FindTask(model.task).Load(model, threads);  // runs the golden input
  std::optional<Inside> inside;
  if (!options.file.empty()) inside = loaded->LookInside(options.file, threads);

  OrderedJson json = JsonResult("inspect", model.task, options.model);
  AddModel(json, model);
  json["golden"] = "reproduced";
  if (inside) {
    json["file"] = options.file;
    json["inside"] = ToJson(*inside);
  }
  if (options.json) return PrintJson(json);
  if (inside) {
    PrintLine(fmt::format("Inside {} while it reads {} steps of {}\n", options.model, inside->steps.size(), options.file));
    Print(DescribeInside(*inside));
  } else {
    Print(DescribeModel(json));
    PrintLine("\nThe golden input gives the golden output: the network is the one that was saved.");
  }
}

void Declare(InspectOptions& o, OptionTable& table) {
  table.Add("MODEL", o.model, AnyText("MODEL"), "a model that \"eddy train\" wrote").Required();
  table.Add("FILE", o.file, AnyText("FILE"), "data to look inside on: text, or series as in training");
  DeclareThreads(o.threads, table);
  table.Flag("json", o.json, "print one JSON object");
}

}  // namespace

void AddInspect(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("inspect", "Say what is in a model, or what happens inside it on data");
  auto options = std::make_shared<InspectOptions>();
  auto table = std::make_shared<OptionTable>();
  Declare(*options, *table);
  AddOptions(verb, *table);
  verb.footer(
      R"(With FILE: how much of the last step's gradient survives so many steps back, how many hidden units are dead (hardly
change) or saturated (within 0.05 of -1 or 1), and the share of gate values at their limits, over the beginning of the
text or the end of the first series.
Examples:
  eddy inspect book.eddy
  eddy inspect book.eddy book.txt)");
  verb.callback([options, table] { RunInspect(*options); });
}

}  // namespace eddy
