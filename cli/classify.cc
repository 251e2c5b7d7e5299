#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <iterator>
#include <memory>

#include "data/csv.h"
#include "data/excerpt.h"
#include "data/read_file.h"
#include "eddy/error.h"
#include "json_output.h"
#include "model/atomic_file.h"
#include "output.h"
#include "output_files.h"
#include "tasks/class_scores.h"
#include "tasks/explanation.h"
#include "train_options.h"
#include "usage.h"
#include "verbs.h"

namespace eddy {
namespace {

constexpr size_t kShownSteps = 40;    // of an explanation
constexpr size_t kBar = 24;           // characters of the longest bar
constexpr double kToldMissed = 0.05;  // of how far the log odds moved

struct Options {
  std::string model, file, output;
  std::optional<size_t> explain;  // which example, from 1
  bool json = false;
  int threads = 1;
};

// A sentence a line.
ExampleSet SentencesOf(std::string_view text, const std::string& source) {
  ExampleSet set{source, {}, {}};
  for (size_t line = 1; !text.empty(); ++line) {
    std::string_view sentence = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(sentence.size() + 1, text.size()));
    if (sentence.ends_with('\r')) sentence.remove_suffix(1);
    Example& example = set.examples.emplace_back();
    example.text = sentence;
    example.place = fmt::format("{} line {}", source, line);
  }
  Require(!set.examples.empty(), "classify", source, "with sentences", "empty");
  return set;
}

ExampleSet Read(const Options& options, const ClassifierDesign& design) {
  if (options.file.empty()) {
    Require(design.is_text(), "classify", "the file", "given, for series", "left out");
    return SentencesOf(std::string(std::istreambuf_iterator<char>(std::cin), {}), "standard input");
  }
  if (design.is_text() && options.file.ends_with(".txt")) return SentencesOf(ReadFile(options.file), options.file);
  ExampleFields fields = design.fields;
  fields.label.clear();
  return ReadExamples(options.file, fields);
}

std::string Csv(const std::vector<std::string>& classes, const std::vector<double>& probabilities) {
  std::string text = "example,class";
  for (const std::string& name : classes) text += "," + CsvCell(fmt::format("p({})", name));
  text += '\n';
  for (size_t i = 0; i * classes.size() < probabilities.size(); ++i) {
    const std::span<const double> row = std::span(probabilities).subspan(i * classes.size(), classes.size());
    text += fmt::format("{},{}", i + 1, CsvCell(classes[static_cast<size_t>(LikeliestClass(row))]));
    for (const double p : row) text += fmt::format(",{:.6g}", p);
    text += '\n';
  }
  return text;
}

OrderedJson ToJson(const std::vector<std::string>& classes, std::span<const double> probabilities) {
  OrderedJson json = {{"class", classes[static_cast<size_t>(LikeliestClass(probabilities))]},
                      {"probabilities", OrderedJson::object()}};
  for (size_t c = 0; c < classes.size(); ++c) json["probabilities"][classes[c]] = probabilities[c];
  return json;
}

OrderedJson ToJson(const Explanation& explanation, const std::vector<ExplainedStep>& steps, const ClassifierDesign& design) {
  OrderedJson json = {{"class", design.classes[static_cast<size_t>(explanation.predicted)]},
                      {"rival", design.classes[static_cast<size_t>(explanation.rival)]},
                      {"log_odds", explanation.log_odds},
                      {"start", explanation.start},
                      {"missed", explanation.missed},
                      {"steps", OrderedJson::array()}};
  for (const ExplainedStep& step : steps) json["steps"].push_back({{"step", step.name}, {"share", step.share}});
  return json;
}

// A line a step, with its share as a bar.
std::string Describe(const Explanation& explanation, const Example& example, const ClassifierDesign& design) {
  const auto name = [&](int32_t c) { return design.classes[static_cast<size_t>(c)]; };
  const auto probability = [&](int32_t c) { return explanation.probabilities[static_cast<size_t>(c)]; };
  const std::string predicted = name(explanation.predicted), rival = name(explanation.rival);
  std::string text = fmt::format("{}: {} with probability {:.3f}, {} with {:.3f}\n",
                                 design.is_text() ? Excerpt(example.text) : example.place, predicted,
                                 probability(explanation.predicted), rival, probability(explanation.rival));
  text += fmt::format("Log odds of {} against {}: {:+.3f}; before anything is read {:+.3f}. What moved them:\n", predicted,
                      rival, explanation.log_odds, explanation.start);
  const std::vector<ExplainedStep> steps = NameSteps(explanation, example, design, kShownSteps);
  double largest = 1e-12;
  size_t width = 0;
  for (const ExplainedStep& step : steps) {
    largest = std::max(largest, std::abs(step.share));
    width = std::max(width, step.name.size());
  }
  for (const ExplainedStep& step : steps) {
    const auto length = static_cast<size_t>(std::lround(std::abs(step.share) / largest * kBar));
    text += fmt::format("  {:<{}}  {:+8.3f}  {}\n", step.name, width, step.share,
                        std::string(length, step.share < 0 ? '-' : '+'));
  }
  text += fmt::format("+ speaks for {}, - for {}.\n", predicted, rival);
  if (std::abs(explanation.missed) > kToldMissed * std::abs(explanation.log_odds - explanation.start)) {
    text += fmt::format("The steps' shares leave {:+.3f} unexplained.\n", explanation.missed);
  }
  return text;
}

void Write(const std::string& text, const std::string& path) {
  if (path.empty()) return Print(text);
  AtomicFile file(path);
  file.Write(text);
  file.Commit();
}

void RunExplain(ClassifierNetwork& network, const ExampleSet& set, const Options& options, Threads& threads) {
  const ClassifierDesign& design = network.design();
  if (*options.explain > set.size()) {
    Fail("classify", "--explain", fmt::format("at most {}, the examples of {}", set.size(), set.source),
         fmt::format("{}", *options.explain));
  }
  const Example& example = set.examples[*options.explain - 1];
  const ExampleSet alone{set.source, set.columns, {example}};
  const Explanation explanation = Explain(network, EncodeExamples(alone, design).front(), threads);
  if (options.json) {
    OrderedJson json = JsonResult("classify", kClassifyTask, options.model);
    json["data"] = options.file;
    json["example"] = *options.explain;
    json["explanation"] = ToJson(explanation, NameSteps(explanation, example, design, explanation.shares.size()), design);
    return PrintJson(json);
  }
  Write(Describe(explanation, example, design), options.output);
}

void RunClassify(const Options& options) {
  RequireOutputs({options.output}, {options.model, options.file});
  Threads threads(options.threads);
  ClassifierNetwork network = LoadClassifier(LoadModel(options.model, kClassifyTask), threads);
  const std::vector<std::string>& classes = network.design().classes;
  const ExampleSet set = Read(options, network.design());
  if (options.explain) return RunExplain(network, set, options, threads);
  const std::vector<double> probabilities = ClassProbabilities(network, set, threads);
  if (!options.json) return Write(Csv(classes, probabilities), options.output);
  OrderedJson json = JsonResult("classify", kClassifyTask, options.model);
  json["data"] = options.file;
  json["examples"] = OrderedJson::array();
  for (size_t i = 0; i < set.size(); ++i) {
    json["examples"].push_back(ToJson(classes, std::span(probabilities).subspan(i * classes.size(), classes.size())));
  }
  PrintJson(json);
}

}  // namespace

void AddClassify(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("classify", "Say which class sentences or series are of, and why");
  auto options = std::make_shared<Options>();
  verb.add_option("MODEL", options->model, "a model that \"eddy train classify\" wrote")->required();
  verb.add_option("FILE", options->file,
                  "examples as in training (labels are not read), or sentences, a line each, in a .txt")
      ->default_str("sentences from standard input, a line each");
  verb.add_option("--explain", options->explain, "instead: say what moved the prediction of example N, from 1")
      ->type_name("N")
      ->check(WholeNumberIn(1, uint64_t{1} << 40))
      ->group("Result");
  CLI::Option* output = verb.add_option("-o,--output", options->output, "where to write it")
                            ->type_name("FILE")
                            ->default_str("standard output")
                            ->group("Result");
  verb.add_flag("--json", options->json, "print one JSON object instead of CSV")->excludes(output)->group("Run");
  AddThreadsOption(verb, options->threads);
  verb.footer(R"(CSV has a line for each example: its number, the likeliest class, and the probability of each class.
Examples:
  eddy classify reviews.eddy new.csv -o classes.csv
  echo "a fine film" | eddy classify reviews.eddy
  echo "a fine film" | eddy classify reviews.eddy --explain 1
  eddy classify walks.eddy new.jsonl --explain 3)");
  verb.callback([options] { RunClassify(*options); });
}

}  // namespace eddy
