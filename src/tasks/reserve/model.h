// TrainedReserve: a network of reserves with what is around it: triangles in, payments of every origin out; to and from a
// model file.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "model/model_file.h"
#include "tasks/reserve/network.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr const char* kReserveTask = "reserve";

// Whether a member of an ensemble had no part of this origin's in its training; none leaves out anything where it is alone.
bool LeavesOut(size_t member, const ReserveView& view, const ReserveDesign& design);

// What an origin still pays, in the table's money, in developments known to N - 1.
struct OriginForecast {
  size_t triangle = 0, origin = 0, known = 0;
  std::vector<double> payments;   // the mean of each development's, not cumulative
  std::vector<double> variances;  // of each, as the networks give them

  double sum() const;
  double scale() const;  // the root of the sum of the variances

  auto fields() { return std::tie(triangle, origin, known, payments, variances); }
};

class TrainedReserve {
 public:
  TrainedReserve(const ReserveDesign& design, uint64_t seed) : network_(design, seed) {}

  // Of all origins that are not at their last development, by what was known at this calendar, by triangle. Each is the mean
  // over the members or, `left_out`, that of the member which left the origin out. The processes of a group share the
  // origins out.
  std::vector<OriginForecast> Forecast(const TriangleSet& set, size_t calendar, bool left_out, Threads& threads,
                                       ProcessGroup& group = Alone());

  ReserveNetwork& network() { return network_; }
  const ReserveDesign& design() const { return network_.design(); }

 private:
  ReserveNetwork network_;
};

// `training` is provenance, kept for people.
Model MakeReserveModel(TrainedReserve& reserve, const Json& training, Threads& threads);
// Throws Error for a model that is broken or of another task; runs the golden input.
TrainedReserve LoadReserve(const Model& model, Threads& threads);

}  // namespace eddy
