// A composer a step at a time: the same numbers, bit for bit, as reading the whole piece. The weights are copied or shared
// as they are, so the network may go. A stream is for one thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decode/sampling.h"
#include "eddy/nade.h"
#include "tasks/compose/network.h"

namespace eddy {

struct DrawOptions {
  double temperature = 1;
  double top_p = 1;
};

class ComposeStream {
 public:
  // `melody` is what ReadMelody() made of the melody, [T, 1, width], of a network that harmonises; empty otherwise.
  explicit ComposeStream(const ComposeNetwork& network, const Tensor& melody = {});
  ~ComposeStream();
  ComposeStream(ComposeStream&&) noexcept;

  // Reads what stands before the next step, null at the beginning; the outputs [outputs()] of the step, valid until the next
  // call. With a melody at most T times.
  std::span<const Real> Read(const RollFrame* before);
  std::span<const Real> Read(int32_t before);

  // A frame as the last outputs make it likely, of keys below `limit` alone. Adds to `log_probability` that of the keys
  // below the limit as the network has it, whatever the options.
  RollFrame Draw(const DrawOptions& options, int limit, Random& random, double* log_probability = nullptr);

  // A value: keep it, and put it back to come to this point again. The outputs are those of the next Read().
  struct State {
    std::vector<Real> layers;
    size_t steps = 0;  // of the melody
  };
  State Save();
  void Load(const State& state);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eddy
