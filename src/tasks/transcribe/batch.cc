#include "tasks/transcribe/batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/excerpt.h"
#include "data/side_format.h"
#include "eddy/ctc.h"
#include "eddy/random.h"

namespace eddy {
namespace {

// A stretch is at most a quarter of a second long at the usual 100 frames, and a seventh of the recording; a band at most a
// fifth of them.
constexpr size_t kLongestStretch = 25, kStretchPart = 7, kBandPart = 5;

void Hide(const FrameBatch& batch, size_t row, const Masks& masks) {
  const size_t B = batch.sequence.rows, T = batch.sequence.lengths[row], D = batch.frames.dim(2);
  uint64_t place = row * 4 * (masks.times + masks.bands);
  const auto draw = [&](size_t most) {  // 0 to `most`
    return std::min(most, static_cast<size_t>(RandomAt(masks.key, place++) * static_cast<float>(most + 1)));
  };
  const auto hide = [&](size_t from, size_t to, size_t low, size_t high) {
    for (size_t t = from; t < to; ++t) {
      Real* frame = batch.frames.data() + (t * B + row) * D;
      std::fill(frame + low, frame + high, Real{0});
    }
  };
  for (size_t i = 0; i < masks.times; ++i) {
    const size_t length = draw(std::min(kLongestStretch, T / kStretchPart)), begin = draw(T - length);
    hide(begin, begin + length, 0, D);
  }
  for (size_t i = 0; i < masks.bands; ++i) {
    const size_t width = draw(D / kBandPart), low = draw(D - width);
    hide(0, T, low, low + width);
  }
}

std::vector<float> ToOwn(std::span<const float> frames, std::span<const double> taken, const TranscriberDesign& design) {
  std::vector<float> shift(design.inputs());
  if (!design.own_mean) return shift;
  const std::vector<double> own = SumFrames(frames, shift.size()).Mean(0, design.mean);
  for (size_t d = 0; d < shift.size(); ++d) shift[d] = static_cast<float>((taken[d] - own[d]) / design.deviation[d]);
  return shift;
}

}  // namespace

std::vector<double> MeanToTake(const Utterance& utterance, size_t speed, const TranscriberDesign& design) {
  if (!design.own_mean) return design.mean;
  if (!utterance.of_speaker.empty()) return utterance.of_speaker[speed].Mean(design.prior_frames, design.mean);
  return SumFrames(utterance.frames[speed], design.inputs()).Mean(design.prior_frames, design.mean);
}

void ScaleFrames(std::span<float> frames, std::span<const double> mean, const TranscriberDesign& design) {
  const size_t D = design.inputs();
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i] = static_cast<float>((double{frames[i]} - mean[i % D]) / design.deviation[i % D]);
  }
}

std::string WhyLeftOut(const Utterance& utterance, const TranscriberDesign& design) {
  std::vector<int32_t> labels;
  for (const std::string& token : design.spelling.Cut(utterance.text)) {
    labels.push_back(design.spelling.labels().Find(token));
    if (labels.back() == kNoToken) {
      return fmt::format("{} has {}, which is not among the {} learned", utterance.place, Excerpt(token),
                         design.spelling.unit());
    }
  }
  const size_t steps = design.Steps(utterance.frames.front().size() / design.inputs()), needed = CtcSteps(labels);
  if (needed <= steps) return {};
  return fmt::format("{} is {} steps long, too short for {} {}", utterance.place, steps, labels.size(),
                     design.spelling.unit());
}

EncodedUtterance EncodeUtterance(const Utterance& utterance, const TranscriberDesign& design) {
  EncodedUtterance encoded;
  for (const std::string& token : design.spelling.Cut(utterance.text)) {
    encoded.labels.push_back(design.spelling.labels().Find(token));
  }
  encoded.speaker = utterance.speaker;
  encoded.characters = CutSide(utterance.text, SideUnit::kCharacters).size();
  const size_t needed = CtcSteps(encoded.labels);
  for (size_t i = 0; i < utterance.frames.size(); ++i) {
    const std::vector<float>& frames = utterance.frames[i];
    if (!encoded.frames.empty() && design.Steps(frames.size() / design.inputs()) < needed) continue;
    const std::vector<double> mean = MeanToTake(utterance, i, design);
    ScaleFrames(encoded.frames.emplace_back(frames), mean, design);
    encoded.to_own.push_back(ToOwn(frames, mean, design));
  }
  return encoded;
}

FrameBatch MakeFrameBatch(std::span<const std::span<const float>> rows, size_t width, const Masks& masks) {
  FrameBatch batch;
  Sequence& sequence = batch.sequence;
  sequence.rows = rows.size();
  for (const std::span<const float> row : rows) {
    sequence.lengths.push_back(row.size() / width);
    sequence.steps = std::max(sequence.steps, sequence.lengths.back());
  }
  batch.frames = Tensor({sequence.steps, sequence.rows, width});
  for (size_t b = 0; b < rows.size(); ++b) {
    for (size_t t = 0; t < sequence.lengths[b]; ++t) {
      std::copy_n(rows[b].data() + t * width, width, batch.frames.data() + (t * rows.size() + b) * width);
    }
    Hide(batch, b, masks);
  }
  return batch;
}

}  // namespace eddy
