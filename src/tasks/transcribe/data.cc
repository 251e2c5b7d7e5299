#include "tasks/transcribe/data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "audio/resample.h"
#include "audio/speech_set.h"
#include "data/class_split.h"
#include "data/digest.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr int kMostDefaultRate = 16000;
constexpr double kMuchClipped = 0.01;  // share of samples from which on it is remarked on

// What is remarkable about the sounds of a list.
struct Remarks {
  std::map<int, size_t> resampled;  // of each rate, how many
  size_t channels = 0, clipped = 0, silent = 0, all = 0;

  void Add(const Sound& sound, int rate) {
    ++all;
    if (sound.rate != rate) ++resampled[sound.rate];
    channels += sound.channels > 1;
    clipped += sound.clipped > kMuchClipped;
    silent += sound.silent;
  }

  std::vector<std::string> Notes(int rate) const {
    std::vector<std::string> notes;
    const auto note = [&](size_t count, const std::string& what) {
      if (count > 0) notes.push_back(all == 1 ? what : fmt::format("{} of {} sounds are {}", count, all, what));
    };
    for (const auto& [from, count] : resampled) {
      note(count, fmt::format("resampled from {} to {} samples a second", from, rate));
    }
    note(channels, "of more than one channel, which are averaged");
    note(clipped, "clipped: more than a hundredth at full scale");
    note(silent, "silent");
    return notes;
  }
};

void AddSound(std::span<const float> samples, int rate, const FrontEnd& front, Utterance& utterance) {
  const double own = front.sound->rate;
  utterance.seconds = static_cast<double>(samples.size()) / rate;
  const auto add = [&](double from) {
    const std::vector<float> frames = FeaturesOf(Resample(samples, from, own), *front.sound);
    utterance.frames.push_back(WithDeltas(frames, front.width, front.deltas));
  };
  add(rate);
  // Twice as fast is at half of the rate.
  for (const double speed : front.speeds) {
    if (speed != 1) add(rate * speed);
  }
}

// Features know no pitch: at another speed they are the same ones, closer together or farther apart.
void AddFeatures(std::vector<float> frames, const FrontEnd& front, Utterance& utterance) {
  for (const double speed : front.speeds) {
    if (speed != 1) utterance.frames.push_back(WithDeltas(AtSpeed(frames, front.width, speed), front.width, front.deltas));
  }
  utterance.frames.insert(utterance.frames.begin(), WithDeltas(std::move(frames), front.width, front.deltas));
}

Utterance Load(const SpeechEntry& entry, const FrontEnd& front, Remarks& remarks) {
  Utterance utterance;
  utterance.place = entry.place;
  utterance.text = entry.text;
  utterance.speaker = entry.speaker;
  if (HasFeatures(entry)) {
    if (front.sound) Fail("read", entry.place, "a sound, as the others", "features");
    FeatureFrames features = LoadFeatures(entry);
    if (features.width != front.width) {
      Fail("read", entry.place, fmt::format("of {} numbers a frame", front.width), fmt::format("of {}", features.width));
    }
    AddFeatures(std::move(features.values), front, utterance);
    return utterance;
  }
  if (!front.sound) Fail("read", entry.place, "features, as the others", "a sound");
  const Sound sound = LoadSound(entry);
  if (sound.silent && !entry.text.empty()) Fail("read", entry.place, "a sound of what is said in it", "silent");
  remarks.Add(sound, front.sound->rate);
  AddSound(sound.samples, sound.rate, front, utterance);
  return utterance;
}

std::string_view BytesOf(const std::vector<float>& frames) {
  return {reinterpret_cast<const char*>(frames.data()), frames.size() * sizeof(float)};
}

std::string HashOf(const std::vector<Utterance>& utterances) {
  Digest hash;
  for (const Utterance& each : utterances) {
    hash.Add(BytesOf(each.frames.front()));
    hash.Add(each.text);
    hash.Add("\n");
  }
  return hash.Digits();
}

// All that decides what is learned of them: speakers do, by the means that are taken.
std::string FingerprintOf(const std::vector<Utterance>& utterances) {
  Digest hash;
  hash.Add(HashOf(utterances));
  for (const Utterance& each : utterances) {
    hash.Add(each.speaker);
    hash.Add("\n");
  }
  return hash.Digits();
}

TranscribeData SplitAgain(DataSource source, UtteranceSet set) {
  const size_t n = set.utterances.size();
  Require(n >= 2, "transcribe", set.source, "of two recordings at least, or --valid a manifest", "of a single one");
  Require(source.share > 0 && source.share < 1, "transcribe", "the held-out share", "between 0 and 1", "not");
  TranscribeData data;
  data.train.source = data.held_out.source = set.source;
  data.train.reading = set.reading;
  const std::vector<uint8_t> out = DrawHeldOut(n, source.share);
  for (size_t i = 0; i < n; ++i) {
    (out[i] ? data.held_out : data.train).utterances.push_back(std::move(set.utterances[i]));
  }
  data.source = std::move(source);
  return data;
}

}  // namespace

FrontEnd FrontEndFor(const Data& data, FeatureOptions wanted, std::optional<size_t> rate) {
  const SpeechSet set = ReadSpeech(data, {.most = 1});
  FrontEnd front;
  std::string why = "empty";
  for (const SpeechEntry& entry : set.entries) {
    try {
      if (HasFeatures(entry)) {
        front.width = LoadFeatures(entry).width;
        return front;
      }
      const int own = rate ? static_cast<int>(*rate) : std::min(LoadSound(entry).rate, kMostDefaultRate);
      wanted.rate = own;
      front.sound = wanted;
      front.width = wanted.width();
      return front;
    } catch (const Error& error) {
      why = error.what();
    }
  }
  throw Error(why);
}

UtteranceSet ReadUtterances(const Data& data, const FrontEnd& front, const BadLines& bad) {
  SpeechSet list = ReadSpeech(data, bad);
  UtteranceSet set;
  set.source = data.name();
  LineSieve sieve(bad, data.name());
  Remarks remarks;
  for (const SpeechEntry& entry : list.entries) {
    sieve.Take([&] { set.utterances.push_back(Load(entry, front, remarks)); });
  }
  const Skipped skipped = sieve.Finish();
  Require(!set.utterances.empty(), "read", data.name(), "with recordings that can be read", "without any");
  ShareSpeakers(set.utterances, front);
  set.hash = HashOf(set.utterances);
  set.reading = std::move(list.reading);
  set.reading.skipped.count += skipped.count;
  set.reading.skipped.of = std::max(set.reading.skipped.of, skipped.of);
  std::copy(skipped.first.begin(), skipped.first.end(), std::back_inserter(set.reading.skipped.first));
  if (front.sound) {
    for (std::string& note : remarks.Notes(front.sound->rate)) set.reading.notes.push_back(std::move(note));
  }
  return set;
}

Utterance ReadUtterance(const std::string& path, const FrontEnd& front, std::vector<std::string>* notes) {
  Remarks remarks;
  SpeechEntry entry;
  entry.place = entry.path = path;
  Utterance utterance = Load(entry, front, remarks);
  if (notes != nullptr && front.sound) *notes = remarks.Notes(front.sound->rate);
  return utterance;
}

Utterance MakeUtterance(std::span<const float> samples, int rate, const FrontEnd& front) {
  Require(front.sound.has_value(), "transcribe", "the model", "one of sound", "one of features from files");
  Require(!samples.empty(), "transcribe", "the sound", "of at least one sample", "empty");
  Require(rate >= kLeastRate && rate <= kMostRate, "transcribe", "the rate", "1000 to 768000 samples a second",
          std::to_string(rate));
  for (const float sample : samples) Require(std::isfinite(sample), "transcribe", "the sound", "of finite numbers", "not");
  Utterance utterance;
  AddSound(samples, rate, front, utterance);
  return utterance;
}

void ShareSpeakers(std::vector<Utterance>& utterances, const FrontEnd& front) {
  std::map<std::string_view, std::vector<FrameSums>> speakers;
  for (const Utterance& each : utterances) {
    if (each.speaker.empty()) continue;
    std::vector<FrameSums>& sums = speakers[each.speaker];
    sums.resize(each.frames.size());
    for (size_t i = 0; i < sums.size(); ++i) sums[i].Add(SumFrames(each.frames[i], front.inputs()));
  }
  for (Utterance& each : utterances) {
    if (!each.speaker.empty()) each.of_speaker = speakers[each.speaker];
  }
}

TranscribeData SplitUtterances(DataSource source, UtteranceSet set, std::optional<UtteranceSet> valid) {
  source.hash = set.hash;
  TranscribeData data;
  if (!valid) {
    data = SplitAgain(std::move(source), std::move(set));
  } else {
    data.train = std::move(set);
    data.held_out = std::move(*valid);
    data.source = std::move(source);
  }
  const bool said = std::any_of(data.train.utterances.begin(), data.train.utterances.end(),
                                [](const Utterance& each) { return !each.text.empty(); });
  Require(said, "transcribe", data.train.source, "with transcripts", "with empty ones alone");
  data.fingerprint = FingerprintOf(data.train.utterances) + FingerprintOf(data.held_out.utterances);
  return data;
}

TranscribeData LoadTranscribeData(const Data& data, const HeldOut& held_out, const FrontEnd& front, const BadLines& bad) {
  UtteranceSet set = ReadUtterances(data, front, bad);
  std::optional<UtteranceSet> valid;
  FrontEnd once = front;  // nobody is judged at another speed
  once.speeds.clear();
  if (!held_out.file.empty()) valid = ReadUtterances(held_out.file, once, bad);
  return SplitUtterances({data.name(), {}, held_out.file.name(), held_out.share, {}}, std::move(set), std::move(valid));
}

UtteranceSet HeldOutAgain(const DataSource& source, UtteranceSet set) { return SplitAgain(source, std::move(set)).held_out; }

std::string CommonestText(const UtteranceSet& set) {
  std::map<std::string_view, size_t> counts;
  for (const Utterance& each : set.utterances) ++counts[each.text];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return std::string(most->first);
}

}  // namespace eddy
