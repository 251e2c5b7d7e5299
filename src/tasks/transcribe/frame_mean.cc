#include "tasks/transcribe/frame_mean.h"

namespace eddy {

void FrameSums::Add(const FrameSums& other) {
  sums.resize(other.sums.size());
  for (size_t d = 0; d < sums.size(); ++d) sums[d] += other.sums[d];
  frames += other.frames;
}

std::vector<double> FrameSums::Mean(double prior, std::span<const double> usual) const {
  std::vector<double> mean(sums.size());
  for (size_t d = 0; d < mean.size(); ++d) mean[d] = (sums[d] + (prior > 0 ? prior * usual[d] : 0)) / (frames + prior);
  return mean;
}

FrameSums SumFrames(std::span<const float> values, size_t D) {
  FrameSums own = {std::vector<double>(D), static_cast<double>(values.size() / D)};
  for (size_t i = 0; i < values.size(); ++i) own.sums[i % D] += double{values[i]};
  return own;
}

}  // namespace eddy
