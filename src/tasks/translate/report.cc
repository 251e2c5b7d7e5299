#include "tasks/translate/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/sections.h"

namespace eddy {
namespace {

constexpr size_t kMostAlignments = 200;
constexpr size_t kSamples = 12, kAlignedSamples = 6;
constexpr size_t kMostAlignedTokens = 60;  // of a sample's source

// Tokens as a person reads them, one by one, and the end.
std::vector<std::string> NamesOf(const std::vector<std::string>& tokens, SideUnit unit) {
  std::vector<std::string> names;
  for (const std::string& token : tokens) {
    const std::string name = JoinSide(std::span(&token, 1), unit);
    names.push_back(name == " " ? "\u2423" : name);
  }
  names.emplace_back(Vocabulary::kEnd);
  return names;
}

const char* const kAlignmentLesson =
    "Each row is a token as it was written, each column one of the source: the darker, the more of its attention the "
    "network "
    "gave to that place. The last row and column are the ends. Where a word is wrong, the row shows what it was made from.";

Section Scores(const TranslationResult& result) {
  Table table;
  table.columns = {"", "BLEU", "chrF2", "% wrong", "token error %", "perplexity"};
  const auto add = [&](const std::string& name, const TranslationScores& s) {
    table.rows.push_back({name, fmt::format("{:.2f}", s.bleu), fmt::format("{:.2f}", s.chrf),
                          fmt::format("{:.2f}", 100 * s.wrong_share), fmt::format("{:.2f}", 100 * s.token_error_rate),
                          std::isfinite(s.nats) ? fmt::format("{:.3f}", std::exp(s.nats)) : "none"});
  };
  add("network", result.network);
  for (const TranslationFloor& floor : result.floors) add(floor.name, floor.scores);
  return {
      "On what was held out",
      "BLEU and chrF2 count what translation and reference have in common, in words and in letters; wrong is whatever is "
      "not exactly the reference; the token error rate counts what must be changed. Of sentences there is more than one "
      "good translation, so that BLEU of 100 is out of reach; of spellings there mostly is one.",
      {{"", table}}};
}

// Evenly over what was held out.
std::vector<Pair> Samples(const PairSet& held_out) {
  std::vector<Pair> samples;
  const size_t count = std::min(kSamples, held_out.size());
  for (size_t i = 0; i < count; ++i) samples.push_back(held_out[i * held_out.size() / count]);
  return samples;
}

std::vector<Section> SampleSections(TranslatorNetwork& network, const PairSet& held_out, Threads& threads) {
  const std::vector<Pair> samples = Samples(held_out);
  std::vector<std::string> sources;
  for (const Pair& pair : samples) sources.emplace_back(pair.source);
  TranslatorNetwork* const networks[] = {&network};
  const auto translations = TranslateTexts(networks, sources, {}, threads);
  Table table{{"source", "reference", "network"}, {}};
  Section alignments{"What it attends to", kAlignmentLesson, {}};
  for (size_t i = 0; i < samples.size(); ++i) {
    const Translation& made = translations[i][0];
    table.rows.push_back({sources[i], std::string(samples[i].target), made.text});
    const bool brief = network.design().source.Encode(sources[i]).size() <= kMostAlignedTokens;
    if (alignments.panels.size() < kAlignedSamples && brief) {
      alignments.panels.push_back({made.text, MakeAlignmentMap(network, sources[i], made, threads)});
    }
  }
  return {{"What it makes of pairs that it has not learned",
           "Taken evenly from what was held out, good and bad alike.",
           {{"", table}}},
          alignments};
}

std::vector<Fact> Facts(TranslatorNetwork& network, const TrainingResult& training) {
  const TranslatorDesign& design = network.design();
  size_t weights = 0;
  for (const Parameter* parameter : network.parameters()) weights += parameter->value.size();
  const auto side = [](const SideFormat& format) {
    return fmt::format("{} different {}", format.vocabulary.size(), SideUnitName(format.unit));
  };
  const auto stack = [](const StackOptions& options) {
    return fmt::format("{} of {} {}", options.layers, options.layer.hidden, options.layer.cell);
  };
  return {{"Reads", side(design.source)},
          {"Writes", side(design.target)},
          {"Encoder", stack(design.encoder) + ", both directions"},
          {"Decoder", stack(design.decoder)},
          {"Weights", fmt::format("{}", weights)},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

AlignmentMap MakeAlignmentMap(TranslatorNetwork& network, const std::string& source, const Translation& made,
                              Threads& threads) {
  const TranslatorDesign& design = network.design();
  std::vector<int32_t> target = made.tokens;
  target.push_back(design.target.vocabulary.end());
  const Tensor weights = Align(network, {design.source.Encode(source), target}, threads);
  std::vector<std::string> written;
  for (const int32_t token : made.tokens) written.push_back(design.target.vocabulary[token]);
  AlignmentMap map{NamesOf(written, design.target.unit), NamesOf(design.source.Cut(source), design.source.unit), {}};
  map.weights.assign(weights.values().begin(), weights.values().end());
  return map;
}

Report MakeAlignmentReport(TranslatorNetwork& network, const std::vector<std::string>& sources,
                           const std::vector<Translation>& made, std::string title, Threads& threads) {
  Section section{"What the network attends to", kAlignmentLesson, {}};
  size_t left_out = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].empty()) continue;
    if (section.panels.size() == kMostAlignments) {
      ++left_out;
      continue;
    }
    section.panels.push_back({made[i].text, MakeAlignmentMap(network, sources[i], made[i], threads)});
  }
  if (left_out > 0) section.lesson += fmt::format(" The last {} are left out.", left_out);
  Report report;
  report.title = std::move(title);
  report.sections.push_back(std::move(section));
  return report;
}

Report MakeTranslationReport(TranslatorNetwork& network, const PairSet& held_out, const TranslationResult& result,
                             const TrainingResult& training, std::string title, Threads& threads) {
  const Verdict verdict = JudgeTranslator(result);
  const auto figure = [&](const TranslationScores& s) {
    return IsSpelling(result.unit) ? fmt::format("{:.2f}% wrong", 100 * s.wrong_share) : fmt::format("BLEU {:.2f}", s.bleu);
  };
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  report.figures = {{"network", figure(result.network)}};
  for (const TranslationFloor& floor : result.floors) report.figures.push_back({floor.name, figure(floor.scores)});
  report.facts = Facts(network, training);
  report.sections.push_back(Scores(result));
  for (Section& section : SampleSections(network, held_out, threads)) report.sections.push_back(std::move(section));
  report.sections.push_back(LossSection(training.history, {}, "nats a token"));
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
