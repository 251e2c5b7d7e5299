// symbol_boundaries MANIFEST LABELS [--pause pau] [--threads N]: how far the boundaries that a voice's own alignment finds
// between phones (tasks/speak/alignment.h) are from those of label files, NAME.lab in the folder LABELS for each sound of
// the manifest. The aligner is told the phones in their order and where pauses may be, and no times; it learns from these
// recordings alone.
//
// Beside it stand two floors that are told more, where the first phone begins and the last one ends: phones and pauses of
// one length between these, and of the mean length that the label files give each, scaled to fit. A boundary between two
// pauses is none.
//
// Prints a line of JSON, times in milliseconds. Exit code 2 for wrong usage, 1 where nothing can be compared.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "audio/speech_set.h"
#include "audio/vocoder.h"
#include "eddy/error.h"
#include "eddy/threads.h"
#include "tasks/speak/alignment.h"
#include "tasks/speak/alignment_file.h"

namespace {

using namespace eddy;

using Labels = std::vector<AlignedSymbol>;  // of a recording

struct Arguments {
  std::string manifest, labels, pause = "pau";
  int threads = 1;
};

// Whether they are as they should be.
bool Parse(int argc, char** argv, Arguments& arguments) {
  if (argc < 3 || argc % 2 == 0) return false;
  arguments.manifest = argv[1];
  arguments.labels = argv[2];
  for (int i = 3; i < argc; i += 2) {
    if (std::strcmp(argv[i], "--pause") == 0) {
      arguments.pause = argv[i + 1];
    } else if (std::strcmp(argv[i], "--threads") == 0) {
      arguments.threads = std::atoi(argv[i + 1]);
    } else {
      return false;
    }
  }
  return arguments.threads >= 1;
}

Labels ReadLabels(const SpeechEntry& entry, const std::string& folder) {
  namespace fs = std::filesystem;
  return ReadAlignment((fs::path(folder) / fs::path(entry.path).filename().replace_extension(".lab")).string());
}

// What the aligner is told.
SpokenSentence ToAlign(const SpeechEntry& entry, const Labels& labels, const std::string& pause,
                       const VocoderOptions& vocoder) {
  SpokenSentence sentence;
  sentence.place = entry.place;
  for (const AlignedSymbol& each : labels) sentence.symbols.push_back(each.symbol == pause ? " " : each.symbol);
  Require(labels.size() > 2 && labels.front().symbol == pause && labels.back().symbol == pause, "align", entry.place,
          "labels that begin and end with " + pause, "others");
  sentence.symbols.front() = sentence.symbols.back() = kEdge;
  const Sound sound = LoadSound(entry);
  sentence.frames = AnalyseVoice(Resample(sound.samples, sound.rate, vocoder.rate), vocoder);
  return sentence;
}

// Distances from boundaries that are right, in milliseconds.
class Distances {
 public:
  void Add(const Labels& right, const std::vector<double>& ends, const std::string& pause) {  // ends in seconds
    for (size_t i = 0; i + 1 < right.size(); ++i) {
      if (right[i].symbol == pause && right[i + 1].symbol == pause) continue;
      off_.push_back(1000 * std::abs(ends[i] - right[i].end));
    }
  }

  size_t count() const { return off_.size(); }

  std::string ToJson() {
    std::ranges::sort(off_);
    const auto beyond = [&](double most) {
      return static_cast<double>(off_.end() - std::ranges::upper_bound(off_, most)) / static_cast<double>(off_.size());
    };
    return fmt::format(R"({{"median": {:.6g}, "beyond_25": {:.6g}, "beyond_50": {:.6g}, "beyond_100": {:.6g}}})",
                       off_[off_.size() / 2], beyond(25), beyond(50), beyond(100));
  }

 private:
  std::vector<double> off_;
};

std::vector<double> Ends(const std::vector<size_t>& durations, double step_ms) {
  std::vector<double> ends;
  size_t frames = 0;
  for (const size_t each : durations) {
    frames += each;
    ends.push_back(static_cast<double>(frames) * step_ms / 1000);
  }
  return ends;
}

// Lengths in proportion to `weights` between the first and the last boundary.
std::vector<double> SharedOut(const Labels& labels, const std::map<std::string, double>& weights) {
  std::vector<double> ends = {labels.front().end};
  for (size_t i = 1; i + 1 < labels.size(); ++i) ends.push_back(ends.back() + weights.at(labels[i].symbol));
  const double first = ends.front(), scale = (labels[labels.size() - 2].end - first) / (ends.back() - first);
  for (double& each : ends) each = first + scale * (each - first);
  ends.push_back(labels.back().end);
  return ends;
}

// Of each symbol between the first and the last of a recording, which are pauses.
std::map<std::string, double> MeanLengths(const std::vector<Labels>& all) {
  std::map<std::string, double> sums, counts;
  for (const Labels& labels : all) {
    for (size_t i = 1; i + 1 < labels.size(); ++i) {
      sums[labels[i].symbol] += labels[i].end - labels[i - 1].end;
      ++counts[labels[i].symbol];
    }
  }
  for (auto& [symbol, sum] : sums) sum /= counts[symbol];
  return sums;
}

int Compare(const Arguments& arguments) {
  const VocoderOptions vocoder;
  Threads threads(arguments.threads);
  const SpeechSet set = ReadSpeech(Data(arguments.manifest));
  const size_t n = set.entries.size();
  std::vector<Labels> labels(n);
  std::vector<SpokenSentence> sentences(n), none;
  threads.For(n, 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      labels[i] = ReadLabels(set.entries[i], arguments.labels);
      sentences[i] = ToAlign(set.entries[i], labels[i], arguments.pause, vocoder);
    }
  });
  AlignSymbols(sentences, none, vocoder, threads);
  const std::map<std::string, double> means = MeanLengths(labels);
  std::map<std::string, double> equal = means;
  for (auto& [symbol, length] : equal) length = 1;
  Distances ours, of_equal, of_means;
  for (size_t i = 0; i < n; ++i) {
    ours.Add(labels[i], Ends(sentences[i].durations, vocoder.step_ms), arguments.pause);
    of_equal.Add(labels[i], SharedOut(labels[i], equal), arguments.pause);
    of_means.Add(labels[i], SharedOut(labels[i], means), arguments.pause);
  }
  fmt::print(R"({{"recordings": {}, "boundaries": {}, "aligned": {}, "equal_lengths": {}, "mean_lengths": {}}})"
             "\n",
             n, ours.count(), ours.ToJson(), of_equal.ToJson(), of_means.ToJson());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (!Parse(argc, argv, arguments)) {
    fmt::print(stderr, "Usage: symbol_boundaries MANIFEST LABELS [--pause pau] [--threads N]\n");
    return 2;
  }
  try {
    return Compare(arguments);
  } catch (const Error& error) {
    fmt::print(stderr, "symbol_boundaries: {}\n", error.what());
    return 1;
  }
}
