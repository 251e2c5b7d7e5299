#include "tasks/text/options.h"

#include <fmt/format.h>

namespace eddy {
namespace {

// "N" or "K1,K2".
bool ParseUnroll(const std::string& text, size_t& k1, size_t& k2) {
  const ValueRange sizes = WholeNumber(1, 1 << 24);
  const std::vector<std::string> parts = SplitList(text);
  if (parts.empty() || parts.size() > 2) return false;
  if (!sizes.problem(parts.front()).empty() || !sizes.problem(parts.back()).empty()) return false;
  k1 = std::stoull(parts.front());
  k2 = std::stoull(parts.back());
  return k1 <= k2;
}

// Empty where it is left to the text.
std::string ShowUnroll(size_t k1, size_t k2) {
  if (k2 == 0) return "";
  return k1 == k2 ? fmt::format("{}", k1) : fmt::format("{},{}", k1, k2);
}

ValueRange Unrolls() {
  return {"N|K1,K2", [](const std::string& text) {
            size_t k1 = 0, k2 = 0;
            if (ParseUnroll(text, k1, k2)) return std::string();
            return fmt::format("must be N or K1,K2 with 1 <= K1 <= K2, but is {}", text);
          }};
}

}  // namespace

void DeclareText(LanguageModelOptions& o, OptionTable& table) {
  table.Group("Text");
  const auto unit = [&](const char* name, TextUnit unit, const char* help) -> Option& {
    return table.Flag(
        name, [&o, unit] { o.unit = unit; }, [&o, unit] { return o.unit == unit; }, help);
  };
  unit("words", TextUnit::kWords, "predict words rather than characters");
  unit("bytes", TextUnit::kBytes, "predict bytes, of any file").Excludes("words");
  table.Flag("lines", o.lines, "each line is a sequence of its own");
  AddHeldOut(table, o.held_out, "held-out text: a share of the end, or a file");
  table
      .Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 24),
           "at most so many different characters or words; by default no character rarer than one in a million bytes")
      .Excludes("bytes");
}

void DeclareTraining(LanguageModelOptions& o, OptionTable& table) {
  Declare(o.train, table, Layers::kAny);
  table.Group("Network");
  AddStart(table, o.start, "go on with the network of a finished model, its weights and vocabulary; new tokens are added");
  table.Add("embedding", o.embedding, WholeNumber(1, 1 << 16), "width of a token's vector").Usually(kFromData);
  table.Flag("tie", o.tie, "the softmax shares the embedding's weights");
  table.Group("Optimization");
  table
      .Add(
          "unroll", [&o](const std::string& text) { ParseUnroll(text, o.k1, o.k2); },
          [&o] { return ShowUnroll(o.k1, o.k2); }, Unrolls(),
          "steps of BPTT: N, or K1,K2 (update every K1, through the last K2)")
      .Usually("64; of lines, as long as these are, 16 at least");
  table.Group("How long (one of epochs, steps and minutes)");
  table.Flag("exact", o.exact, "measure all held-out text at the end, not a sample in a tenth of the time of the run")
      .OfTheRun();
  table.Group("Against learning by heart");
  table.Add("label-smoothing", o.label_smoothing, Probability(), "share of the target spread over all tokens");
}

}  // namespace eddy
