#include "tasks/classify/nearest_neighbour.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

constexpr double kBand = 0.1;       // of the longer series
constexpr double kFewestSteps = 8;  // that series are shortened to
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double StepDistance(const float* a, const float* b, size_t columns) {
  float sum = 0;
  for (size_t i = 0; i < columns; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::vector<float> Shortened(const EncodedExample& example, size_t columns, size_t by) {
  std::vector<float> means;
  for (size_t begin = 0; begin < example.steps; begin += by) {
    const size_t end = std::min(example.steps, begin + by);
    for (size_t i = 0; i < columns; ++i) {
      double sum = 0;
      for (size_t t = begin; t < end; ++t) sum += example.values[t * columns + i];
      means.push_back(static_cast<float>(sum / static_cast<double>(end - begin)));
    }
  }
  return means;
}

double MeanSteps(std::span<const EncodedExample> examples) {
  double steps = 0;
  for (const EncodedExample& example : examples) steps += static_cast<double>(example.steps);
  return steps / static_cast<double>(std::max<size_t>(examples.size(), 1));
}

}  // namespace

double WarpingDistance(std::span<const float> a, std::span<const float> b, size_t columns, double limit) {
  const size_t n = a.size() / columns, m = b.size() / columns;
  const auto band = static_cast<size_t>(std::ceil(kBand * static_cast<double>(std::max(n, m))));
  const size_t width = std::max(band, n > m ? n - m : m - n);
  std::vector<double> above(m + 1, kInfinity), row(m + 1, kInfinity);
  above[0] = 0;
  for (size_t i = 1; i <= n; ++i) {
    const size_t first = i > width ? i - width : 1, last = std::min(m, i + width);
    std::fill(row.begin(), row.end(), kInfinity);
    double least = kInfinity;
    for (size_t j = first; j <= last; ++j) {
      const double before = std::min({above[j], above[j - 1], row[j - 1]});
      row[j] = before + StepDistance(&a[(i - 1) * columns], &b[(j - 1) * columns], columns);
      least = std::min(least, row[j]);
    }
    if (least > limit) return kInfinity;
    std::swap(above, row);
  }
  return above[m];
}

std::string NearestNeighbours::Name() const {
  std::string name = "1-nearest neighbour, time warping";
  if (shortened > 1) name += fmt::format(" of {}-step means", shortened);
  if (stride > 1) name += fmt::format(", one of {}", stride);
  return name;
}

NearestNeighbours FindNearest(std::span<const EncodedExample> train, std::span<const int32_t> targets,
                              std::span<const EncodedExample> others, size_t columns, Threads& threads) {
  const double steps = std::max(MeanSteps(train), MeanSteps(others));
  const double pairs = static_cast<double>(train.size()) * static_cast<double>(others.size());
  const auto work = [&](size_t shortened) {
    const double T = steps / static_cast<double>(shortened);
    return pairs * T * std::max(1.0, 2 * kBand * T) * static_cast<double>(columns);
  };
  NearestNeighbours nearest;
  while (work(nearest.shortened) > kMostWarpingWork && steps > kFewestSteps * static_cast<double>(nearest.shortened + 1)) {
    ++nearest.shortened;
  }
  nearest.stride = 1 + static_cast<size_t>(work(nearest.shortened) / kMostWarpingWork);

  std::vector<std::vector<float>> known;
  for (const EncodedExample& example : train) known.push_back(Shortened(example, columns, nearest.shortened));
  nearest.classes.resize(others.size());
  threads.For(others.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      const std::vector<float> series = Shortened(others[i], columns, nearest.shortened);
      double least = kInfinity;
      nearest.classes[i] = targets[0];
      for (size_t j = 0; j < known.size(); j += nearest.stride) {
        const double distance = WarpingDistance(series, known[j], columns, least);
        if (distance >= least) continue;
        least = distance;
        nearest.classes[i] = targets[j];
      }
    }
  });
  return nearest;
}

}  // namespace eddy
