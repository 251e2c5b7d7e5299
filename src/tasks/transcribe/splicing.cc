#include "tasks/transcribe/splicing.h"

#include <algorithm>

#include "eddy/error.h"
#include "eddy/random.h"
#include "tasks/transcribe/model.h"

namespace eddy {
namespace {

constexpr double kLeastConfidence = 0.5;  // of both words beside a gap
constexpr uint64_t kTries = 8;            // at drawing where to go on

}  // namespace

float PlaceBetween(std::span<const LabelTime> times, LabelRange word, LabelRange next, size_t steps) {
  if (std::min(Confidence(times, word), Confidence(times, next)) < kLeastConfidence) return kNowhere;
  const auto twice = static_cast<double>(times[word.end - 1].end + times[next.begin].begin);
  return static_cast<float>(twice / 2 / static_cast<double>(steps));
}

Splicing::Splicing(const std::vector<EncodedUtterance>& recordings, const Spelling& spelling, double chance)
    : recordings_(recordings), space_(spelling.between_words()), chance_(chance) {
  size_t gaps = 0;
  for (size_t i = 0; i < recordings.size(); ++i) {
    const Words& words = words_.emplace_back(Words{spelling.WordsIn(recordings[i].labels), gaps});
    if (words.labels.size() < 2) continue;
    of_speaker_[recordings[i].speaker].push_back(i);
    gaps += words.labels.size() - 1;
  }
  places_.assign(gaps, kNowhere);
}

void Splicing::Align(const TranscriberNetwork& network, Threads& threads) {
  std::vector<float> places = places_;
  std::vector<std::span<const float>> frames;
  for (const EncodedUtterance& each : recordings_) frames.emplace_back(each.frames.front());
  ForLogits(network, frames, threads, [&](size_t i, const Tensor& logits) {
    const Words& words = words_[i];
    if (words.labels.size() < 2) return;
    const std::vector<LabelTime> times = AlignLabels(logits, recordings_[i].labels);
    for (size_t k = 1; k < words.labels.size(); ++k) {
      places[words.first_gap + k - 1] = PlaceBetween(times, words.labels[k - 1], words.labels[k], logits.dim(0));
    }
  });
  places_ = std::move(places);
}

bool Splicing::CanBeParted(size_t recording) const {
  const Words& words = words_[recording];
  if (words.labels.size() < 2) return false;
  const std::span<const float> gaps = std::span(places_).subspan(words.first_gap, words.labels.size() - 1);
  return std::any_of(gaps.begin(), gaps.end(), [](float place) { return place != kNowhere; });
}

float Splicing::Place(Between at) const {
  if (at.word == 0) return 0;
  return IsEnd(at) ? 1 : places_[words_[at.recording].first_gap + at.word - 1];
}

// Before any word of any of these recordings.
std::optional<Splicing::Between> Splicing::DrawBegin(const std::vector<size_t>& recordings, uint64_t key) const {
  const auto draw = [&](uint64_t place, size_t count) {
    return std::min(count - 1, static_cast<size_t>(double{RandomAt(key, place)} * static_cast<double>(count)));
  };
  for (uint64_t i = 0; i < kTries; ++i) {
    const size_t recording = recordings[draw(2 * i, recordings.size())];
    const Between begin = {recording, draw(2 * i + 1, words_[recording].labels.size())};
    if (Place(begin) != kNowhere) return begin;
  }
  return std::nullopt;
}

JoinedRecording Splicing::Draw(size_t recording, uint64_t key) const {
  if (chance_ == 0 || !CanBeParted(recording)) return {{{recording}}, recordings_[recording].labels};
  const size_t count = words_[recording].labels.size();
  const std::vector<size_t>& others = of_speaker_.at(recordings_[recording].speaker);
  JoinedRecording joined;
  Between at = {recording, 0}, begin = at;
  const auto end_part = [&] {
    if (at.word > begin.word) joined.parts.push_back({at.recording, double{Place(begin)}, double{Place(at)}});
  };
  for (size_t said = 0; said < count || Place(at) == kNowhere; ++said) {
    const bool goes_on_elsewhere = IsEnd(at) || (Place(at) != kNowhere && RandomAt(key, said) < chance_);
    if (goes_on_elsewhere) {
      const std::optional<Between> other = DrawBegin(others, MixBits(key + said));
      if (!other && IsEnd(at)) break;
      if (other) {
        end_part();
        at = begin = *other;
      }
    }
    const std::span<const int32_t> labels = recordings_[at.recording].labels;
    const LabelRange word = words_[at.recording].labels[at.word++];
    if (said > 0) joined.labels.insert(joined.labels.end(), space_.begin(), space_.end());
    joined.labels.insert(joined.labels.end(), labels.begin() + word.begin, labels.begin() + word.end);
  }
  end_part();
  return joined;
}

void Splicing::SetPlaces(std::vector<float> places) {
  Require(places.size() == places_.size(), "stored transcriber state", "the places between words",
          std::to_string(places_.size()), std::to_string(places.size()));
  for (const float place : places) {
    Require(place == kNowhere || (place >= 0 && place <= 1), "stored transcriber state", "a place between words",
            "a share of the recording", std::to_string(place));
  }
  places_ = std::move(places);
}

}  // namespace eddy
