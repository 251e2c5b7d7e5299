// eddy classify: which class sentences or series are of, and why.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/csv.h"
#include "data/encoding.h"
#include "data/excerpt.h"
#include "eddy/error.h"
#include "tasks/classify/actions.h"
#include "tasks/classify/explanation.h"
#include "tasks/classify/model.h"
#include "tasks/classify/scores.h"
#include "tasks/use_output.h"

namespace eddy {
namespace {

constexpr size_t kShownSteps = 40;    // of an explanation
constexpr size_t kBar = 24;           // characters of the longest bar
constexpr double kToldMissed = 0.05;  // of how far the log odds moved

// A sentence a line.
ExampleSet SentencesOf(std::string_view text, const std::string& source) {
  ExampleSet set(source);
  for (size_t line = 1; !text.empty(); ++line) {
    std::string_view sentence = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(sentence.size() + 1, text.size()));
    if (sentence.ends_with('\r')) sentence.remove_suffix(1);
    set.AddSentence(sentence, "", fmt::format("{} line {}", source, line));
  }
  Require(set.size() > 0, "classify", source, "with sentences", "empty");
  return set;
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
                      {"convolutions", explanation.convolutions},
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
                                 design.is_text() ? Excerpt(example.text()) : example.place(), predicted,
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
  if (design.convolutions) {
    text += fmt::format("The regression on convolutions, which see the series as a whole, adds {:+.3f}.\n",
                        explanation.convolutions);
  }
  text += fmt::format("+ speaks for {}, - for {}.\n", predicted, rival);
  if (std::abs(explanation.missed) > kToldMissed * std::abs(explanation.log_odds - explanation.start)) {
    text += fmt::format("The steps' shares leave {:+.3f} unexplained.\n", explanation.missed);
  }
  return text;
}

class UseClassifier : public UseAction {
 public:
  void Declare(OptionTable& table) override {
    table.Add("MODEL", model_, AnyText("MODEL"), "a model that \"eddy train classify\" wrote").Required();
    table
        .Add("FILE", file_, AnyText("FILE"),
             "examples as in training (labels are not read), or sentences, a line each, in a .txt")
        .Usually("sentences from standard input, a line each");
    eddy::Declare(output_, table, "FILE", "print one JSON object instead of CSV");
    table.Add("explain", explain_, WholeNumber(1, uint64_t{1} << 40),
              "instead: say what moved the prediction of example N, from 1");
  }
  std::string notes() const override {
    return R"(CSV has a line for each example: its number, the likeliest class, and the probability of each class.
Examples:
  eddy classify reviews.eddy new.csv -o classes.csv
  echo "a fine film" | eddy classify reviews.eddy
  echo "a fine film" | eddy classify reviews.eddy --explain 1
  eddy classify walks.eddy new.jsonl --explain 3)";
  }
  std::vector<std::string> reads() const override { return {model_, file_}; }
  std::vector<std::string> writes() const override { return {output_.path}; }
  std::string model() const override { return model_; }

  void Run(UseContext& context) override {
    ClassifierNetwork network = LoadClassifier(LoadModel(model_, kClassifyTask), context.threads);
    const std::vector<std::string>& classes = network.design().classes;
    const ExampleSet set = Read(network.design(), context);
    if (explain_) return RunExplain(network, set, context);
    const std::vector<double> probabilities = ClassProbabilities(network, set, context.threads);
    if (!output_.json) return WriteText(Csv(classes, probabilities), output_, context);
    OrderedJson examples = OrderedJson::array();
    for (size_t i = 0; i < set.size(); ++i) {
      examples.push_back(ToJson(classes, std::span(probabilities).subspan(i * classes.size(), classes.size())));
    }
    context.write_json({{"data", file_}, {"examples", std::move(examples)}});
  }

 private:
  ExampleSet Read(const ClassifierDesign& design, UseContext& context) const {
    if (file_.empty()) {
      Require(design.is_text(), "classify", "the file", "given, for series", "left out");
      return SentencesOf(DecodeText(context.read(), "standard input").text, "standard input");
    }
    if (design.is_text() && file_.ends_with(".txt")) return SentencesOf(ReadDecoded(file_).text, file_);
    ExampleFields fields = design.fields;
    fields.label.clear();
    return ReadExamples(file_, fields);
  }

  void RunExplain(ClassifierNetwork& network, const ExampleSet& set, UseContext& context) const {
    const ClassifierDesign& design = network.design();
    if (*explain_ > set.size()) {
      Fail("classify", "--explain", fmt::format("at most {}, the examples of {}", set.size(), set.source),
           fmt::format("{}", *explain_));
    }
    const Example example = set[*explain_ - 1];
    const EncodedExamples encoded = EncodeExamples(Alone(example, design), design);
    const Explanation explanation = Explain(network, encoded[0], context.threads);
    if (!output_.json) return WriteText(Describe(explanation, example, design), output_, context);
    const std::vector<ExplainedStep> steps = NameSteps(explanation, example, design, explanation.shares.size());
    context.write_json({{"data", file_}, {"example", *explain_}, {"explanation", ToJson(explanation, steps, design)}});
  }

  std::string model_, file_;
  UseOutput output_;
  std::optional<size_t> explain_;  // which example, from 1
};

}  // namespace

std::unique_ptr<UseAction> MakeClassifierUse() { return std::make_unique<UseClassifier>(); }

}  // namespace eddy
