#include "tasks/tag/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "metrics/chunks.h"
#include "report/sections.h"
#include "tasks/tag/result.h"

namespace eddy {
namespace {

constexpr size_t kMostShownTags = 30;
constexpr size_t kShownSequences = 5;  // with a wrong tag, and as many without
constexpr size_t kShownTokens = 60;

std::vector<std::string> ChunkCells(const ChunkScores& s) {
  return {Percent(s.Precision()), Percent(s.Recall()), Percent(s.F1())};
}

void Append(std::vector<std::string>& cells, const std::vector<std::string>& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

Section Scores(const TaggerResult& result) {
  const bool chunks = result.network.spells_chunks;
  Table table;
  table.columns = {"", "accuracy"};
  if (chunks) Append(table.columns, {"precision", "recall", "F1"});
  const auto add = [&](const std::string& name, const TagScores& s) {
    table.rows.push_back({name, Percent(s.accuracy)});
    if (chunks) Append(table.rows.back(), ChunkCells(s.chunks));
  };
  add("network", result.network);
  for (const TagFloor& floor : result.floors) add(floor.name, floor.scores);
  Section section{.title = "On what was held out",
                  .lesson = "Accuracy is the percentage of tokens with the right tag.",
                  .panels = {{"", table}}};
  if (!chunks) return section;
  section.lesson +=
      " A chunk counts only where its first and last token and its type are all right: precision is of those that were "
      "found, recall of those that there are, and F1 lies between them. Where most tokens are in no chunk, accuracy alone "
      "says little.";
  Table types{{"type", "precision", "recall", "F1", "chunks", "said"}, {}};
  for (const auto& [type, s] : result.network.types) {
    types.rows.push_back({type});
    Append(types.rows.back(), ChunkCells(s));
    Append(types.rows.back(), {std::to_string(s.right), std::to_string(s.said)});
  }
  section.panels.push_back({"network, by type", types});
  return section;
}

Section Confusion(const TaggerResult& result) {
  const size_t tags = result.tags.size();
  Table table;
  table.columns = {"right \\ said"};
  Append(table.columns, result.tags);
  for (size_t row = 0; row < tags; ++row) {
    std::vector<std::string>& cells = table.rows.emplace_back(1, result.tags[row]);
    for (size_t column = 0; column < tags; ++column) {
      cells.push_back(std::to_string(result.network.confusion[row * tags + column]));
    }
  }
  return {"Which tags are taken for which",
          "A row for each right tag, a column for each that the network said; what is not on the diagonal is wrong.",
          {{"", table}}};
}

// The tags of a chunk's type have one colour; those that spell no chunks have one each.
std::vector<size_t> ColoursOf(const std::vector<std::string>& tags) {
  const bool chunks = SpellChunks(tags);
  std::vector<std::string> kinds;
  std::vector<size_t> colours;
  for (const std::string& tag : tags) {
    const std::string kind = chunks ? tag.substr(std::min(tag.find('-'), tag.size() - 1) + 1) : tag;
    const auto found = std::find(kinds.begin(), kinds.end(), kind);
    colours.push_back(static_cast<size_t>(found - kinds.begin()));
    if (found == kinds.end()) kinds.push_back(kind);
  }
  return colours;
}

Section Sample(const TokenSet& held_out, const TagIds& said, const std::vector<std::string>& tags) {
  const std::vector<size_t> colours = ColoursOf(tags);
  const auto tagged = [&](size_t i) {
    const TokenSequence& sequence = held_out.sequences[i];
    std::vector<TaggedText::Token> tokens;
    for (size_t t = 0; t < std::min(kShownTokens, sequence.tokens.size()); ++t) {
      const auto tag = static_cast<size_t>(said[i][t]);
      const bool right = tags[tag] == sequence.tags[t];
      tokens.push_back(
          {sequence.tokens[t], right && tags[tag] == "O" ? "" : tags[tag], colours[tag], right ? "" : sequence.tags[t]});
    }
    return tokens;
  };
  const auto is_right = [&](size_t i) {
    const std::vector<std::string>& right = held_out.sequences[i].tags;
    return std::equal(right.begin(), right.end(), said[i].begin(),
                      [&](const std::string& name, int32_t tag) { return tags[static_cast<size_t>(tag)] == name; });
  };
  TaggedText wrong, right;
  for (size_t i = 0; i < said.size(); ++i) {
    TaggedText& text = is_right(i) ? right : wrong;
    if (text.sequences.size() < kShownSequences) text.sequences.push_back(tagged(i));
  }
  Section section{.title = "How it tags",
                  .lesson =
                      "The first sequences that were held out, with the tags that the network said; a wrong one is crossed "
                      "out, with the "
                      "right one beside it.",
                  .panels = {}};
  if (!wrong.sequences.empty()) section.panels.push_back({"with a wrong tag", std::move(wrong)});
  if (!right.sequences.empty()) section.panels.push_back({"all right", std::move(right)});
  return section;
}

std::vector<Fact> Facts(TaggerNetwork& network, const TrainingResult& training) {
  const TaggerDesign& design = network.design();
  const StackOptions& stack = design.stack;
  size_t weights = 0;
  for (const Parameter* parameter : network.parameters()) weights += parameter->value.size();
  return {{"Cell", stack.layer.cell + (stack.bidirectional ? ", both directions" : "")},
          {"Layers", fmt::format("{} of {} units", stack.layers, stack.layer.hidden)},
          {"Weights", fmt::format("{}", weights)},
          {"Tags", fmt::format("{}, {}", design.tags.size(), design.field ? "conditional random field" : "each by itself")},
          {"Reads", fmt::format("{} different words, {} characters", design.words.size(), design.characters.size())},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Report MakeTagReport(TaggerNetwork& network, const TokenSet& held_out, const TagIds& said, const TaggerResult& result,
                     const TrainingResult& training, std::string title) {
  const Verdict verdict = JudgeTagger(result);
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  const auto add = [&](const std::string& name, const TagScores& s) {
    report.figures.push_back({name, fmt::format("{:.2f}", s.Percent())});
  };
  add(result.network.spells_chunks ? "network, F1" : "network, accuracy", result.network);
  for (const TagFloor& floor : result.floors) add(floor.name, floor.scores);
  report.facts = Facts(network, training);
  report.sections.push_back(Scores(result));
  if (result.tags.size() <= kMostShownTags) report.sections.push_back(Confusion(result));
  report.sections.push_back(Sample(held_out, said, result.tags));
  report.sections.push_back(LossSection(training.history, {}, "nats a token"));
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
