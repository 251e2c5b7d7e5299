#include "floors/convolution_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "eddy/error.h"
#include "eddy/random.h"

namespace eddy {
namespace {

constexpr size_t kTaps = 9;
constexpr size_t kMostColumns = 9;  // that a kernel reads
constexpr double kGolden = 0.6180339887498949;
constexpr uint64_t kColumnsKey = 0x636f6c756d6e73, kSeriesKey = 0x736572696573;

using Triple = std::array<size_t, 3>;  // the taps that weigh 2

std::array<Triple, ConvolutionFeatures::kKernels> MakeKernels() {
  std::array<Triple, ConvolutionFeatures::kKernels> kernels{};
  size_t next = 0;
  for (size_t i = 0; i < kTaps; ++i) {
    for (size_t j = i + 1; j < kTaps; ++j) {
      for (size_t k = j + 1; k < kTaps; ++k) kernels[next++] = {i, j, k};
    }
  }
  return kernels;
}

// From 1 to few: a number whose logarithm is uniform, and so many different columns.
std::vector<size_t> DrawColumns(size_t columns, uint64_t key) {
  const double most = static_cast<double>(std::min(columns, kMostColumns));
  const auto count = static_cast<size_t>(std::exp2(double{RandomAt(key, 0)} * std::log2(most + 1)));
  std::vector<size_t> drawn;
  for (uint64_t at = 1; drawn.size() < std::clamp<size_t>(count, 1, columns); ++at) {
    const size_t column = MixBits(key + at) % columns;
    if (std::find(drawn.begin(), drawn.end(), column) == drawn.end()) drawn.push_back(column);
  }
  return drawn;
}

// [D][T]: each column by itself, or how much it grows from step to step.
std::vector<std::vector<float>> Columns(std::span<const float> series, size_t columns, bool differences) {
  const size_t steps = series.size() / columns;
  std::vector<std::vector<float>> all(columns, std::vector<float>(steps));
  for (size_t t = 0; t < steps; ++t) {
    for (size_t c = 0; c < columns; ++c) {
      const float value = series[t * columns + c];
      all[c][t] = !differences ? value : t > 0 ? value - series[(t - 1) * columns + c] : 0;
    }
  }
  return all;
}

}  // namespace

// The outputs of the kernels of a group on a series, zeros beyond whose ends.
class ConvolutionFeatures::Outputs {
 public:
  Outputs(const std::vector<std::vector<float>>& columns, const Group& group) : group_(group), steps_(columns[0].size()) {
    const size_t margin = kTaps / 2 * group.dilation;
    for (const std::vector<float>& column : columns) {
      std::vector<float>& padded = padded_.emplace_back(steps_ + 2 * margin);
      std::copy(column.begin(), column.end(), padded.begin() + static_cast<ptrdiff_t>(margin));
      std::vector<float>& sum = sums_.emplace_back(steps_);
      for (size_t tap = 0; tap < kTaps; ++tap) {
        const float* from = padded.data() + tap * group.dilation;
        for (size_t t = 0; t < steps_; ++t) sum[t] -= from[t];
      }
    }
    output_.resize(steps_);
  }

  // Every second kernel is asked only where all its taps lie within the series, if there is such a place.
  std::span<const float> Of(size_t kernel) {
    static const auto kernels = MakeKernels();
    std::fill(output_.begin(), output_.end(), 0.0f);
    for (const size_t column : group_.columns[kernel]) {
      const float* sum = sums_[column].data();
      const float* x = padded_[column].data();
      const float *a = x + kernels[kernel][0] * group_.dilation, *b = x + kernels[kernel][1] * group_.dilation,
                  *c = x + kernels[kernel][2] * group_.dilation;
      for (size_t t = 0; t < steps_; ++t) output_[t] += sum[t] + 3 * (a[t] + b[t] + c[t]);
    }
    const size_t margin = kTaps / 2 * group_.dilation;
    if (kernel % 2 == 0 || steps_ <= 2 * margin) return output_;
    return std::span(output_).subspan(margin, steps_ - 2 * margin);
  }

 private:
  const Group& group_;
  size_t steps_;
  std::vector<std::vector<float>> padded_, sums_;  // [D][T + margins], and [D][T] minus all taps
  std::vector<float> output_;
};

ConvolutionFeatures::ConvolutionFeatures(const ConvolutionShape& shape) : shape_(shape) {
  constexpr size_t kMost = 1 << 24;
  Require(shape.columns >= 1 && shape.columns <= kMost, "convolutions", "columns", "1 to 2^24",
          std::to_string(shape.columns));
  Require(shape.span >= 1 && shape.span <= kMost, "convolutions", "span", "1 to 2^24", std::to_string(shape.span));
  Require(shape.per_kernel >= 2 && shape.per_kernel <= 1 << 12 && shape.per_kernel % 2 == 0, "convolutions",
          "thresholds of a kernel", "2 to 4096, even", std::to_string(shape.per_kernel));
  const size_t each = shape.per_kernel / 2;
  const double widest = std::log2(std::max(1.0, static_cast<double>(shape.span - 1) / (kTaps - 1)));
  const size_t different = std::min<size_t>(each, 32);  // exponents, evenly spread
  size_t first = 0;
  for (const bool differences : {false, true}) {
    for (size_t slot = 0; slot < each; ++slot) {
      const double exponent =
          different < 2 ? 0 : widest * static_cast<double>(slot * different / each) / static_cast<double>(different - 1);
      const auto dilation = static_cast<size_t>(std::exp2(exponent));
      if (slot == 0 || groups_.back().dilation != dilation) groups_.push_back({differences, dilation, first, 0, {}});
      ++groups_.back().count;
      first += kKernels;
    }
  }
  for (size_t g = 0; g < groups_.size(); ++g) {
    for (size_t k = 0; k < kKernels; ++k) {
      groups_[g].columns.push_back(DrawColumns(shape.columns, MixBits(kColumnsKey + g * kKernels + k)));
    }
  }
}

std::vector<float> ConvolutionFeatures::Thresholds(std::span<const std::span<const float>> series) const {
  std::vector<float> thresholds(size());
  for (const Group& group : groups_) {
    for (size_t k = 0; k < kKernels; ++k) {
      const size_t place = group.first + k * group.count;
      const std::span<const float> drawn = series[MixBits(kSeriesKey + place) % series.size()];
      const std::vector<std::vector<float>> columns = Columns(drawn, shape_.columns, group.differences);
      Outputs outputs(columns, group);
      const std::span<const float> made = outputs.Of(k);
      std::vector<float> sorted(made.begin(), made.end());
      std::sort(sorted.begin(), sorted.end());
      for (size_t i = 0; i < group.count; ++i) {
        const double quantile = std::fmod(static_cast<double>(place + i + 1) * kGolden, 1.0);
        thresholds[place + i] = sorted[static_cast<size_t>(quantile * static_cast<double>(sorted.size()))];
      }
    }
  }
  return thresholds;
}

void ConvolutionFeatures::Of(std::span<const float> series, std::span<const float> thresholds,
                             std::span<float> features) const {
  const std::vector<std::vector<float>> kinds[2] = {Columns(series, shape_.columns, false),
                                                    Columns(series, shape_.columns, true)};
  for (const Group& group : groups_) {
    Outputs outputs(kinds[group.differences ? 1 : 0], group);
    for (size_t k = 0; k < kKernels; ++k) {
      const std::span<const float> made = outputs.Of(k);
      for (size_t i = group.first + k * group.count; i < group.first + (k + 1) * group.count; ++i) {
        const float threshold = thresholds[i];
        int32_t above = 0;
        for (const float value : made) above += value > threshold;
        features[i] = static_cast<float>(above) / static_cast<float>(made.size());
      }
    }
  }
}

}  // namespace eddy
