// The floor for series: the class of the nearest training series under dynamic time warping (Sakoe and Chiba 1978). The
// distance of two steps is the squared Euclidean one over all columns; a path stays within a band of a tenth of the longer
// series (or the difference of their lengths) around the diagonal.
//
// A distance costs T times the band, and most need not be computed: a lower bound (Keogh and Ratanamahatana 2005) rules them
// out. Where all of them would cost more than kMostWarpingWork, series are shortened to means of neighbouring steps first,
// down to about 8 steps, and then only every second, third ... training series is looked at.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "eddy/threads.h"
#include "tasks/classify/batch.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr double kMostWarpingWork = 1e10;  // columns of steps compared, if bounds ruled out none; some ten seconds

// Series a [Ta, D] and b [Tb, D]. Infinity as soon as it is known to be above `limit`.
double WarpingDistance(std::span<const float> a, std::span<const float> b, size_t columns,
                       double limit = std::numeric_limits<double>::infinity());

struct NearestNeighbours {
  std::vector<int32_t> classes;  // of each of the others; of equally near ones the first
  size_t shortened = 1;          // steps that one mean stands for
  size_t stride = 1;             // training series that one stands for
  std::string Name() const;      // "1-nearest neighbour, time warping of 4-step means"
};

// Series scaled as the network reads them, D >= 1 columns. Never costs more than `most_work`. The processes of a group share
// the others out, and each gets the classes of all.
NearestNeighbours FindNearest(std::span<const EncodedExample> train, std::span<const int32_t> targets,
                              std::span<const EncodedExample> others, size_t columns, Threads& threads,
                              double most_work = kMostWarpingWork, ProcessGroup& group = Alone());

}  // namespace eddy
