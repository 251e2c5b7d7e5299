#include "tasks/transcribe/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/architecture.h"

namespace eddy {
namespace {

constexpr size_t kShown = 12;     // transcripts with an error, and as many without
constexpr double kMostDrawn = 6;  // seconds of a recording that is drawn
constexpr size_t kMostDrawnLabels = 40;

std::string Percent(double share) { return fmt::format("{:.2f}", 100 * share); }

std::vector<std::string> Cells(const std::string& name, const TranscriptScores& s) {
  return {name,
          Percent(s.words.rate()),
          Percent(s.words.right == 0 ? NAN : static_cast<double>(s.words.replaced) / static_cast<double>(s.words.right)),
          Percent(s.words.right == 0 ? NAN : static_cast<double>(s.words.inserted) / static_cast<double>(s.words.right)),
          Percent(s.words.right == 0 ? NAN : static_cast<double>(s.words.deleted) / static_cast<double>(s.words.right)),
          Percent(s.characters.rate()),
          fmt::format("{} of {}", s.wrong, s.recordings)};
}

Section Scores(const TranscriberResult& result) {
  Table table;
  table.columns = {"", "word errors %", "replaced", "inserted", "left out", "character errors %", "recordings with one"};
  table.rows.push_back(Cells("network", result.network));
  for (const TranscriptFloor& floor : result.floors) table.rows.push_back(Cells(floor.name, floor.scores));
  for (const auto& [speaker, scores] : result.speakers) table.rows.push_back(Cells("network, of " + speaker, scores));
  return {
      "On what was held out",
      fmt::format("Words replaced, inserted and left out, of all words that were said; 95% of draws of as many recordings "
                  "have between {}% and {}% word errors.",
                  Percent(result.network.word_interval.low), Percent(result.network.word_interval.high)),
      {{"", table}}};
}

Section Mistakes(const TranscriberResult& result) {
  Table table{{"said", "written", "times"}, {}};
  for (const WordMistake& mistake : result.mistakes) {
    const auto shown = [](const std::string& word) { return word.empty() ? "(nothing)" : word; };
    table.rows.push_back({shown(mistake.pair.first), shown(mistake.pair.second), std::to_string(mistake.count)});
  }
  return {"Which words fail most", "What was said and what was written for it, the most frequent first.", {{"", table}}};
}

Section Samples(const std::vector<Utterance>& held_out, const TranscriberResult& result) {
  Table wrong{{"said", "written"}, {}}, right{{"said and written"}, {}};
  for (size_t i = 0; i < held_out.size(); ++i) {
    if (result.said[i] == held_out[i].text) {
      if (right.rows.size() < kShown) right.rows.push_back({result.said[i]});
    } else if (wrong.rows.size() < kShown) {
      wrong.rows.push_back({held_out[i].text, result.said[i]});
    }
  }
  Section section{"What it writes", "The first recordings that were held out.", {}};
  if (!wrong.rows.empty()) section.panels.push_back({"with an error", wrong});
  if (!right.rows.empty()) section.panels.push_back({"all right", right});
  return section;
}

// What the network reads of frames [T, D] besides their slopes, [T, width]; of cepstra the energies that they stand for, as
// many deviations off.
std::vector<float> Drawn(const std::vector<float>& frames, const TranscriberDesign& design) {
  const bool cepstra = design.sound && design.sound->kind == FeatureKind::kMfcc;
  std::vector<float> drawn;
  for (size_t i = 0; i < frames.size(); ++i) {
    const size_t d = i % design.inputs();
    if (d < design.width) drawn.push_back(frames[i] * static_cast<float>(cepstra ? design.deviation[d] : 1));
  }
  if (!cepstra) return drawn;
  std::vector<float> energies = MelOfCepstra(drawn, *design.sound);
  double squares = 1e-12;
  for (const float energy : energies) squares += double{energy} * double{energy} / static_cast<double>(energies.size());
  for (float& energy : energies) energy /= static_cast<float>(std::sqrt(squares));
  return energies;
}

// Frames [T, width] of a recording, low frequencies at the bottom.
HeatMap Spectrogram(const std::vector<float>& frames, size_t width) {
  HeatMap map{"feature", "time", width, frames.size() / width, {}, {}, 3};
  for (size_t row = 0; row < width; ++row) {
    for (size_t t = 0; t < map.columns; ++t) map.values.push_back(double{frames[t * width + width - 1 - row]});
  }
  return map;
}

// The probability of each label of the transcript at each step, in the order in which they are said.
HeatMap Posteriors(const Tensor& logits, const std::vector<int32_t>& labels) {
  const size_t T = logits.dim(0), V = logits.dim(1);
  HeatMap map{"labels in order", "time", labels.size(), T, {}, {}, 1};
  map.values.resize(labels.size() * T);
  const std::vector<LabelTime> times = AlignLabels(logits, labels);
  for (size_t t = 0; t < T; ++t) {
    const Real* row = logits.data() + t * V;
    const Real most = *std::max_element(row, row + V);
    double sum = 0;
    for (size_t v = 0; v < V; ++v) sum += std::exp(static_cast<double>(row[v] - most));
    for (size_t i = 0; i < labels.size(); ++i) {
      // Of a label that occurs several times only the one that is near.
      const bool near = (i == 0 || t >= times[i - 1].begin) && (i + 1 == labels.size() || t < times[i + 1].end);
      map.values[i * T + t] = near ? std::exp(static_cast<double>(row[labels[i]] - most)) / sum : 0;
    }
  }
  return map;
}

Section Picture(const TranscriberNetwork& network, const std::vector<Utterance>& held_out, Threads& threads) {
  const TranscriberDesign& design = network.design();
  Section section{
      "What it hears",
      "A recording as the network reads it, and below how sure it is of each character, or piece, of what is said, from the "
      "first at the top to the last: a right alignment runs from corner to corner.",
      {}};
  const size_t most = static_cast<size_t>(kMostDrawn * 1000 / design.frame_ms) * design.inputs();
  for (const Utterance& each : held_out) {
    if (!WhyLeftOut(each, design).empty()) continue;
    const EncodedUtterance encoded = EncodeUtterance(each, design);
    const std::vector<float>& frames = encoded.frames.front();
    if (encoded.labels.empty() || encoded.labels.size() > kMostDrawnLabels || frames.size() > most) continue;
    const std::vector<float> drawn = Drawn(frames, design);
    section.panels.push_back({each.text, Spectrogram(drawn, drawn.size() / (frames.size() / design.inputs()))});
    const std::span<const float> row = frames;
    ForLogits(network, std::span(&row, 1), threads, [&](size_t, const Tensor& logits) {
      section.panels.push_back({"", Posteriors(logits, encoded.labels)});
    });
    break;
  }
  return section;
}

std::string Reads(const TranscriberDesign& design) {
  const std::string slopes = design.deltas == 0   ? ""
                             : design.deltas == 1 ? ", with their slopes"
                                                  : ", with their slopes and the slopes of these";
  if (!design.sound) return fmt::format("{} numbers a frame{}", design.width, slopes);
  return fmt::format("{} {} a frame{}, of sound at {} samples a second", design.width,
                     design.sound->kind == FeatureKind::kMfcc ? "cepstra" : "log-mel energies", slopes, design.sound->rate);
}

std::vector<Fact> Facts(TranscriberNetwork& network, const TrainingResult& training) {
  const TranscriberDesign& design = network.design();
  return {{"Layers", Describe(design.encoder)},
          {"Reads", Reads(design)},
          {"Step", fmt::format("{} ms", design.frame_ms * static_cast<double>(design.reduction))},
          {"Spells with", fmt::format("{} {}", design.spelling.size() - 1, design.spelling.unit())},
          {"Sees later sound", design.causal ? "no: it can run as a stream" : "yes"},
          {"Weights", fmt::format("{}", CountWeights(network.parameters()))},
          {"Steps", fmt::format("{}", training.steps)},
          {"Time", fmt::format("{:.0f} s", training.seconds)}};
}

}  // namespace

Report MakeTranscriptReport(TranscriberNetwork& network, const std::vector<Utterance>& held_out,
                            const TranscriberResult& result, const TrainingResult& training, std::string title,
                            Threads& threads) {
  const Verdict verdict = JudgeTranscriber(result);
  Report report;
  report.title = std::move(title);
  report.verdict = verdict.sentence;
  report.lost = verdict.lost;
  report.figures = {{"network, word errors", Percent(result.network.words.rate()) + "%"}};
  for (const TranscriptFloor& floor : result.floors) {
    report.figures.push_back({floor.name, Percent(floor.scores.words.rate()) + "%"});
  }
  report.facts = Facts(network, training);
  report.sections.push_back(Scores(result));
  if (Section picture = Picture(network, held_out, threads); !picture.panels.empty()) {
    report.sections.push_back(std::move(picture));
  }
  if (!result.mistakes.empty()) report.sections.push_back(Mistakes(result));
  report.sections.push_back(Samples(held_out, result));
  report.sections.push_back(LossSection(training.history, {}, "nats a character"));
  report.sections.push_back(GradientSection(training.history));
  return report;
}

}  // namespace eddy
