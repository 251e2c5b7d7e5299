// What many small convolutions say of a series (MiniRocket, Dempster 2021; with differences of neighbouring steps beside the
// steps themselves, as in MultiRocket, Tan 2022): for each kernel of nine taps, of which three weigh 2 and six -1, at many
// dilations, the share of steps at which its output is above a threshold. Nothing is trained but the thresholds, which are
// quantiles of outputs on training series.
//
// Shapes: T steps, D columns, F features. Of several columns each kernel reads the sum over a few, drawn by chance and
// always the same. A feature costs T comparisons, and a kernel at a dilation 3 T additions more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eddy {

struct ConvolutionShape {
  size_t columns = 0;     // D, at least 1
  size_t span = 0;        // steps of a typical series, which the widest kernels see: at least 1
  size_t per_kernel = 0;  // thresholds of each of the 84 kernels, over all dilations: 2 to 2^12, even
};

class ConvolutionFeatures {
 public:
  static constexpr size_t kKernels = 84;  // ways to choose three taps of nine

  ConvolutionFeatures() = default;                              // F = 0
  explicit ConvolutionFeatures(const ConvolutionShape& shape);  // throws Error for one out of range

  const ConvolutionShape& shape() const { return shape_; }
  size_t size() const { return kKernels * shape_.per_kernel; }  // F

  // [F], from some of the series, each [T, D], at least one.
  std::vector<float> Thresholds(std::span<const std::span<const float>> series) const;
  // Of a series [T, D], T >= 1: features [F] in [0, 1].
  void Of(std::span<const float> series, std::span<const float> thresholds, std::span<float> features) const;

 private:
  struct Group {
    bool differences;                          // of neighbouring steps; the steps themselves otherwise
    size_t dilation;                           // steps between taps
    size_t first, count;                       // features of a kernel: kKernels rows of `count` from `first` on
    std::vector<std::vector<size_t>> columns;  // that each kernel reads
  };
  class Outputs;

  ConvolutionShape shape_;
  std::vector<Group> groups_;
};

}  // namespace eddy
