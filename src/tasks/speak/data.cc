#include "tasks/speak/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "audio/resample.h"
#include "audio/speech_set.h"
#include "data/class_split.h"
#include "data/digest.h"
#include "eddy/error.h"
#include "tasks/speak/alignment_file.h"

namespace eddy {
namespace {

namespace fs = std::filesystem;

constexpr double kMostRecordedSeconds = 60;  // of a recording: a sentence, or a few
constexpr double kMuchClipped = 0.01;        // share of samples from which on it is remarked on
constexpr double kMostOff = 0.25;            // seconds by which an alignment may be longer than its sound

std::string AlignmentOf(const SpeechEntry& entry, const std::string& folder) {
  fs::path path = entry.path;
  if (!folder.empty()) path = fs::path(folder) / path.filename();
  return path.replace_extension(".lab").string();
}

bool HasAlignment(const SpeechEntry& entry, const std::string& folder) {
  std::error_code error;
  return !entry.path.starts_with("data:") && fs::exists(AlignmentOf(entry, folder), error);
}

// Frames of each symbol; a symbol shorter than one takes it from those around.
std::vector<size_t> InFrames(const std::vector<AlignedSymbol>& symbols, size_t frames, double step_ms) {
  std::vector<size_t> ends;
  for (size_t i = 0; i < symbols.size(); ++i) {
    const auto end = static_cast<size_t>(std::lround(symbols[i].end * 1000 / step_ms));
    const size_t least = i + 1, most = frames - (symbols.size() - 1 - i);
    ends.push_back(std::clamp(std::max(end, ends.empty() ? 0 : ends.back() + 1), least, most));
  }
  ends.back() = frames;
  std::vector<size_t> durations;
  for (size_t i = 0; i < ends.size(); ++i) durations.push_back(ends[i] - (i == 0 ? 0 : ends[i - 1]));
  return durations;
}

// How many sounds of each rate were resampled, and such remarks.
struct Remarks {
  std::map<int, size_t> resampled;
  size_t clipped = 0, all = 0;

  void Add(const Sound& sound, int rate) {
    ++all;
    if (sound.rate != rate) ++resampled[sound.rate];
    clipped += sound.clipped > kMuchClipped;
  }
  std::vector<std::string> Notes(int rate) const {
    std::vector<std::string> notes;
    for (const auto& [from, count] : resampled) {
      notes.push_back(fmt::format("{} of {} sounds are resampled from {} to {} samples a second", count, all, from, rate));
    }
    if (clipped > 0) {
      notes.push_back(fmt::format("{} of {} sounds are clipped: more than a hundredth at full scale", clipped, all));
    }
    return notes;
  }
};

SpokenSentence Load(const SpeechEntry& entry, const SpeechReader& reader, SymbolReader& symbols, Remarks& remarks) {
  SpokenSentence sentence;
  sentence.place = entry.place;
  sentence.text = entry.text;
  if (HasFeatures(entry)) Fail("read", entry.place, "a sound", "features, of which there is no way back to sound");
  const Sound sound = LoadSound(entry);
  if (sound.silent) Fail("read", entry.place, "a sound of what is said in it", "silent");
  const double seconds = static_cast<double>(sound.samples.size()) / sound.rate;
  if (seconds > kMostRecordedSeconds) {
    Fail("read", entry.place, fmt::format("at most {} seconds long", kMostRecordedSeconds), fmt::format("{:.0f}", seconds));
  }
  const int rate = reader.vocoder.rate;
  sentence.samples = sound.rate == rate ? sound.samples : Resample(sound.samples, sound.rate, rate);
  const auto frames = static_cast<size_t>(std::ceil(static_cast<double>(sentence.samples.size()) / reader.vocoder.step()));
  if (reader.alphabet->reads_words()) {
    if (entry.text.empty()) Fail("read", entry.place, "with what is said in it", "without");
    sentence.symbols = symbols(entry.text);
    if (sentence.symbols.empty()) Fail("read", entry.place, "of words that the model of sounds has phonemes for", "of none");
  } else {
    const std::string path = AlignmentOf(entry, reader.alignments);
    const std::vector<AlignedSymbol> aligned = ReadAlignment(path);
    if (aligned.back().end > seconds + kMostOff) {
      Fail("read", path, fmt::format("no longer than its sound, {:.2f} seconds", seconds),
           fmt::format("{:.2f}", aligned.back().end));
    }
    for (const AlignedSymbol& each : aligned) sentence.symbols.push_back(each.symbol);
    if (aligned.size() <= frames) sentence.durations = InFrames(aligned, frames, reader.vocoder.step_ms);
  }
  if (sentence.symbols.size() > frames) {
    Fail("read", entry.place, fmt::format("long enough for {} {}", sentence.symbols.size(), reader.alphabet->unit()),
         fmt::format("{} frames of {} ms", frames, reader.vocoder.step_ms));
  }
  remarks.Add(sound, rate);
  return sentence;
}

std::string HashOf(const std::vector<SpokenSentence>& sentences) {
  Digest hash;
  for (const SpokenSentence& each : sentences) {
    hash.Add({reinterpret_cast<const char*>(each.samples.data()), each.samples.size() * sizeof(float)});
    for (const std::string& symbol : each.symbols) hash.Add(symbol + " ");
    hash.Add("\n");
  }
  return hash.Digits();
}

}  // namespace

SentenceSet ReadSentences(const Data& data, const SpeechReader& given, const BadLines& bad, Threads& threads) {
  SpeechSet list = ReadSpeech(data, bad);
  SpeechReader reader = given;
  if (!reader.alphabet) reader.alphabet = {.letters = !HasAlignment(list.entries.front(), "")};
  SentenceSet set;
  set.source = data.name();
  set.alphabet = *reader.alphabet;
  SymbolReader symbols(set.alphabet, kEdge);
  LineSieve sieve(bad, data.name());
  Remarks remarks;
  for (const SpeechEntry& entry : list.entries) {
    sieve.Take([&] { set.sentences.push_back(Load(entry, reader, symbols, remarks)); });
  }
  const Skipped skipped = sieve.Finish();
  Require(!set.sentences.empty(), "read", data.name(), "with recordings that can be read", "without any");
  threads.For(set.sentences.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      SpokenSentence& each = set.sentences[i];
      each.frames = AnalyseVoice(each.samples, reader.vocoder);
    }
  });
  set.hash = HashOf(set.sentences);
  set.reading = std::move(list.reading);
  set.reading.skipped.count += skipped.count;
  set.reading.skipped.of = std::max(set.reading.skipped.of, skipped.of);
  std::copy(skipped.first.begin(), skipped.first.end(), std::back_inserter(set.reading.skipped.first));
  for (std::string& note : remarks.Notes(reader.vocoder.rate)) set.reading.notes.push_back(std::move(note));
  return set;
}

VoiceData LoadVoiceData(const Data& data, const HeldOut& held_out, SpeechReader reader, const BadLines& bad,
                        Threads& threads) {
  SentenceSet set = ReadSentences(data, reader, bad, threads);
  reader.alphabet = set.alphabet;
  DataSource source{data.name(), set.hash, held_out.file.name(), held_out.share, {}};
  VoiceData split;
  if (held_out.file.empty()) {
    split = SplitSentences(std::move(source), std::move(set));
  } else {
    split.held_out = ReadSentences(held_out.file, reader, bad, threads);
    split.train = std::move(set);
    split.source = std::move(source);
  }
  split.fingerprint = HashOf(split.train.sentences) + HashOf(split.held_out.sentences);
  return split;
}

VoiceData SplitSentences(DataSource source, SentenceSet set) {
  const size_t n = set.sentences.size();
  Require(n >= 2, "speak", set.source, "of two recordings at least, or --valid a manifest", "of a single one");
  Require(source.share > 0 && source.share < 1, "speak", "the held-out share", "between 0 and 1", "not");
  VoiceData data;
  data.train.source = data.held_out.source = set.source;
  data.train.alphabet = data.held_out.alphabet = set.alphabet;
  data.train.reading = set.reading;
  const std::vector<uint8_t> out = DrawHeldOut(n, source.share);
  for (size_t i = 0; i < n; ++i) {
    (out[i] ? data.held_out : data.train).sentences.push_back(std::move(set.sentences[i]));
  }
  data.source = std::move(source);
  return data;
}

}  // namespace eddy
