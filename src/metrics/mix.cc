#include "metrics/mix.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "metrics/temperature.h"

namespace eddy {
namespace {

constexpr int kMostSteps = 50;
constexpr double kTolerance = 1e-10;  // in the loss

// The loss at some factors, with its gradient and its matrix of second derivatives.
struct Place {
  double loss = 0, slope[2] = {0, 0}, curve[3] = {0, 0, 0};  // of first twice, of both, of second twice
};

class MixLoss {
 public:
  MixLoss(std::span<const double> first, std::span<const double> second, std::span<const int32_t> targets, size_t classes)
      : first_(first), second_(second), targets_(targets), classes_(classes) {}

  Place At(double a, double b) const {
    const auto n = static_cast<double>(targets_.size());
    const double right = (n + 1) / (n + 2), wrong = 1 / (n + 2) / static_cast<double>(classes_ - 1);
    Place place;
    std::vector<double> p(classes_);
    for (size_t i = 0; i < targets_.size(); ++i) {
      const double *x = first_.data() + i * classes_, *y = second_.data() + i * classes_;
      double most = -INFINITY, sum = 0, expected = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
      for (size_t c = 0; c < classes_; ++c) most = std::max(most, a * x[c] + b * y[c]);
      for (size_t c = 0; c < classes_; ++c) sum += p[c] = std::exp(a * x[c] + b * y[c] - most);
      for (size_t c = 0; c < classes_; ++c) {
        const double share = c == static_cast<size_t>(targets_[i]) ? right : wrong;
        p[c] /= sum;
        expected += share * (a * x[c] + b * y[c] - most);
        mean_x += p[c] * x[c], mean_y += p[c] * y[c];
        xx += p[c] * x[c] * x[c], xy += p[c] * x[c] * y[c], yy += p[c] * y[c] * y[c];
        place.slope[0] -= share * x[c] / n, place.slope[1] -= share * y[c] / n;
      }
      place.loss += (std::log(sum) - expected) / n;
      place.slope[0] += mean_x / n, place.slope[1] += mean_y / n;
      place.curve[0] += (xx - mean_x * mean_x) / n;
      place.curve[1] += (xy - mean_x * mean_y) / n;
      place.curve[2] += (yy - mean_y * mean_y) / n;
    }
    return place;
  }

 private:
  std::span<const double> first_, second_;
  std::span<const int32_t> targets_;
  size_t classes_;
};

}  // namespace

// The loss is convex in the two factors: Newton's steps, halved until the loss falls, from the first alone.
Mix FitMix(std::span<const double> first, std::span<const double> second, std::span<const int32_t> targets, size_t classes) {
  const Calibration alone = FitTemperature(first, targets, classes);
  const MixLoss loss(first, second, targets, classes);
  Mix mix{1 / alone.temperature, 0, alone.loss};
  for (int i = 0; i < kMostSteps; ++i) {
    const Place place = loss.At(mix.first, mix.second);
    const double c0 = place.curve[0] + 1e-9, c2 = place.curve[2] + 1e-9, c1 = place.curve[1];
    const double determinant = c0 * c2 - c1 * c1;
    if (!(determinant > 0)) break;
    const double by_first = (c1 * place.slope[1] - c2 * place.slope[0]) / determinant;
    const double by_second = (c1 * place.slope[0] - c0 * place.slope[1]) / determinant;
    Mix next = mix;
    for (double step = 1; step > 1e-6; step /= 2) {
      const double a = mix.first + step * by_first, b = mix.second + step * by_second;
      const double value = loss.At(a, b).loss;
      if (value < mix.loss) {
        next = {a, b, value};
        break;
      }
    }
    const double gain = mix.loss - next.loss;
    mix = next;
    if (!(gain > kTolerance)) break;
  }
  if (mix.second <= 0) return {1 / alone.temperature, 0, alone.loss};
  if (mix.first < 0) {
    const Calibration other = FitTemperature(second, targets, classes);
    return {0, 1 / other.temperature, other.loss};
  }
  return mix;
}

}  // namespace eddy
