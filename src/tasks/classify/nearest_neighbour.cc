#include "tasks/classify/nearest_neighbour.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <utility>

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

size_t StepsShortened(const EncodedExample& example, size_t by) { return (example.steps + by - 1) / by; }

size_t WidestBand(std::span<const EncodedExample> examples, size_t by) {
  size_t longest = 0;
  for (const EncodedExample& example : examples) longest = std::max(longest, StepsShortened(example, by));
  return static_cast<size_t>(std::ceil(kBand * static_cast<double>(longest)));
}

// The most by which a length of one and of the other differ.
size_t LengthRange(std::span<const EncodedExample> a, std::span<const EncodedExample> b, size_t by) {
  size_t least = std::numeric_limits<size_t>::max(), most = 0;
  for (const auto examples : {a, b}) {
    for (const EncodedExample& example : examples) {
      least = std::min(least, StepsShortened(example, by));
      most = std::max(most, StepsShortened(example, by));
    }
  }
  return most - std::min(least, most);
}

// A training series with its envelope: at each step the lowest and the highest value of each column within the band.
struct Known {
  std::vector<float> values;  // [T, D]
  size_t place;               // among the training series
  std::vector<float> low, high;
};

// For each step of a column the first by `before` of the values within `width` steps. `candidates` are the steps that may
// yet be it, the best in front, so that the time is linear (Lemire 2009).
template <class Before>
std::vector<float> Extremes(const std::vector<float>& values, size_t columns, size_t width, const Before& before) {
  const size_t steps = values.size() / columns;
  std::vector<float> found(values.size());
  for (size_t c = 0; c < columns; ++c) {
    const auto at = [&](size_t t) { return values[t * columns + c]; };
    std::deque<size_t> candidates;
    size_t next = 0;
    for (size_t t = 0; t < steps; ++t) {
      for (; next < std::min(steps, t + width + 1); ++next) {
        while (!candidates.empty() && !before(at(candidates.back()), at(next))) candidates.pop_back();
        candidates.push_back(next);
      }
      while (candidates.front() + width < t) candidates.pop_front();
      found[t * columns + c] = at(candidates.front());
    }
  }
  return found;
}

Known MakeKnown(std::vector<float> values, size_t place, size_t columns, size_t width) {
  std::vector<float> low = Extremes(values, columns, width, std::less<>());
  std::vector<float> high = Extremes(values, columns, width, std::greater<>());
  return {std::move(values), place, std::move(low), std::move(high)};
}

// No warping distance is lower: each step is compared with some step within the band, which lies in the envelope (Keogh and
// Ratanamahatana 2005). A little less, for rounding.
double LowerBound(const std::vector<float>& series, const Known& known) {
  double sum = 0;
  const size_t size = std::min(series.size(), known.values.size());  // steps beyond the shorter series count as 0
  for (size_t i = 0; i < size; ++i) {
    const float apart = std::max({known.low[i] - series[i], series[i] - known.high[i], 0.0f});
    sum += double{apart} * apart;
  }
  return sum * (1 - 1e-5);
}

// The place of the nearest, the first of equals: those with the lowest bounds are looked at first, until none can be nearer.
size_t NearestOf(const std::vector<float>& series, const std::vector<Known>& known, size_t columns) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t j = 0; j < known.size(); ++j) order.emplace_back(LowerBound(series, known[j]), j);
  std::sort(order.begin(), order.end());
  double least = kInfinity;
  size_t nearest = 0;
  for (const auto& [bound, j] : order) {
    if (bound > least) break;
    const double distance = WarpingDistance(series, known[j].values, columns, least);
    if (distance > least || (distance == least && known[j].place > nearest)) continue;
    least = distance;
    nearest = known[j].place;
  }
  return nearest;
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
                              std::span<const EncodedExample> others, size_t columns, Threads& threads, double most_work,
                              ProcessGroup& group) {
  const double steps = std::max(MeanSteps(train), MeanSteps(others));
  const double pairs = static_cast<double>(train.size()) * static_cast<double>(others.size());
  const auto work = [&](size_t shortened) {
    const double T = steps / static_cast<double>(shortened);
    return pairs * T * std::max(1.0, 2 * kBand * T) * static_cast<double>(columns);
  };
  NearestNeighbours nearest;
  while (work(nearest.shortened) > most_work && steps > kFewestSteps * static_cast<double>(nearest.shortened + 1)) {
    ++nearest.shortened;
  }
  nearest.stride = 1 + static_cast<size_t>(work(nearest.shortened) / most_work);

  std::vector<Known> known;
  size_t width = 0;
  for (const auto examples : {train, others}) width = std::max(width, WidestBand(examples, nearest.shortened));
  width = std::max(width, LengthRange(train, others, nearest.shortened));
  for (size_t j = 0; j < train.size(); j += nearest.stride) {
    known.push_back(MakeKnown(Shortened(train[j], columns, nearest.shortened), j, columns, width));
  }
  const std::span<const EncodedExample> own = OwnShare(group).Of(others);
  nearest.classes.resize(own.size());
  threads.For(own.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      const std::vector<float> series = Shortened(own[i], columns, nearest.shortened);
      nearest.classes[i] = targets[NearestOf(series, known, columns)];
    }
  });
  nearest.classes = Joined(group, std::move(nearest.classes));
  return nearest;
}

}  // namespace eddy
