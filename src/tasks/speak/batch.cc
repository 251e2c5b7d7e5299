#include "tasks/speak/batch.h"

#include <algorithm>
#include <cmath>

#include "data/excerpt.h"

namespace eddy {
namespace {

// What an error in a number of a frame counts for. Between voiced stretches the pitch is a matter of taste.
constexpr float kPitchWeight = 3, kUnvoicedPitchWeight = 0.1F, kVoicingWeight = 3, kNoiseWeight = 0.5F;

float WeightOf(size_t d, bool voiced, const VocoderOptions& vocoder) {
  if (d == vocoder.pitch()) return voiced ? kPitchWeight : kUnvoicedPitchWeight;
  if (d == vocoder.voicing()) return kVoicingWeight;
  return d >= vocoder.noise() ? kNoiseWeight : 1;
}

}  // namespace

std::string WhyUnspeakable(const std::vector<std::string>& symbols, const VoiceDesign& design) {
  for (const std::string& symbol : symbols) {
    if (design.symbols.Find(symbol) == kNoToken) {
      return Excerpt(symbol) + ", which is not among the " + design.alphabet.unit() + " learned";
    }
  }
  return "";
}

std::vector<int32_t> EncodeSymbols(const std::vector<std::string>& symbols, const VoiceDesign& design) {
  std::vector<int32_t> encoded;
  for (const std::string& symbol : symbols) encoded.push_back(design.symbols.Find(symbol));
  return encoded;
}

EncodedSentence EncodeSentence(const SpokenSentence& sentence, const VoiceDesign& design) {
  const size_t D = design.vocoder.width();
  EncodedSentence encoded{EncodeSymbols(sentence.symbols, design), sentence.durations, sentence.frames, {}};
  for (size_t i = 0; i < encoded.frames.size(); ++i) {
    const size_t d = i % D;
    if (d == design.vocoder.voicing()) encoded.voiced.push_back(encoded.frames[i] > 0.5F);
    encoded.frames[i] = static_cast<float>((double{encoded.frames[i]} - design.mean[d]) / design.deviation[d]);
  }
  return encoded;
}

VoiceText MakeVoiceText(std::span<const std::span<const int32_t>> rows) {
  VoiceText text;
  const size_t B = text.sequence.rows = rows.size();
  for (const std::span<const int32_t> row : rows) {
    text.sequence.lengths.push_back(row.size());
    text.sequence.steps = std::max(text.sequence.steps, row.size());
  }
  text.symbols.assign(text.sequence.steps * B, 0);
  for (size_t b = 0; b < B; ++b) {
    for (size_t s = 0; s < rows[b].size(); ++s) text.symbols[s * B + b] = rows[b][s];
  }
  return text;
}

VoicePlaces MakeVoicePlaces(std::span<const std::span<const size_t>> durations) {
  VoicePlaces places;
  const size_t B = places.sequence.rows = durations.size();
  for (const std::span<const size_t> row : durations) {
    size_t frames = 0;
    for (const size_t each : row) frames += each;
    places.sequence.lengths.push_back(frames);
    places.sequence.steps = std::max(places.sequence.steps, frames);
  }
  places.symbols.assign(places.sequence.steps * B, 0);
  places.places = Tensor({places.sequence.steps, B, kPlaceWidth});
  for (size_t b = 0; b < B; ++b) {
    size_t t = 0;
    for (size_t s = 0; s < durations[b].size(); ++s) {
      const auto length = static_cast<float>(durations[b][s]);
      for (size_t i = 0; i < durations[b][s]; ++i, ++t) {
        const float share = (static_cast<float>(i) + 0.5F) / length;
        Real* place = places.places.data() + (t * B + b) * kPlaceWidth;
        place[0] = 2 * share - 1;
        place[1] = 4 * share * (1 - share);
        place[2] = std::log(length) - 2;
        places.symbols[t * B + b] = static_cast<int32_t>(s * B + b);
      }
    }
  }
  return places;
}

VoiceTargets MakeVoiceTargets(std::span<const EncodedSentence* const> rows, const VoiceDesign& design) {
  const size_t B = rows.size(), D = design.vocoder.width();
  size_t T = 0, S = 0;
  for (const EncodedSentence* row : rows) {
    T = std::max(T, row->steps());
    S = std::max(S, row->symbols.size());
  }
  VoiceTargets targets{Tensor({T, B, D}), Tensor({T, B, D}), Tensor({S, B, 1}), Tensor({S, B, 1})};
  for (size_t b = 0; b < B; ++b) {
    for (size_t t = 0; t < rows[b]->steps(); ++t) {
      for (size_t d = 0; d < D; ++d) {
        const size_t at = (t * B + b) * D + d;
        targets.frames[at] = rows[b]->frames[t * D + d];
        targets.frame_weights[at] = WeightOf(d, rows[b]->voiced[t], design.vocoder);
      }
    }
    for (size_t s = 0; s < rows[b]->symbols.size(); ++s) {
      targets.durations[s * B + b] = static_cast<Real>(ScaledDuration(static_cast<double>(rows[b]->durations[s]), design));
      targets.duration_weights[s * B + b] = 1;
    }
  }
  return targets;
}

double ScaledDuration(double frames, const VoiceDesign& design) {
  return (std::log(frames) - design.duration_mean) / design.duration_deviation;
}

}  // namespace eddy
