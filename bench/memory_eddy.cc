// Eddy's part of bench/memory: trains one layer once and prints, in bytes, how much resident memory grew by the end of the
// forward and at most, and how much of what the forward made the derived backward reads:
//     memory_eddy CELL T B D H
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>

#include "eddy/ops.h"
#include "eddy/recurrent.h"

namespace {

using namespace eddy;

// "VmRSS:" now, or "VmHWM:", the most since the process began or ForgetPeak().
size_t StatusBytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    size_t kib = 0;
    if (word == field && status >> kib) return kib * 1024;
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

struct Growth {
  size_t forward, peak;
};

Growth Train(const std::string& cell, size_t T, size_t B, size_t D, size_t H) {
  Random random(1);
  Threads threads;
  Recurrent layer({.cell = cell, .input = D, .hidden = H}, "layer", random);
  Tensor x({T, B, D}), dy({T, B, H});
  for (Tensor* tensor : {&x, &dy}) {
    for (Real& value : tensor->values()) value = static_cast<Real>(random.Normal());
  }
  ForgetPeak();
  const size_t before = StatusBytes("VmRSS:");
  Tape tape(threads);
  const Var in = tape.Differentiable(x);
  const auto out = layer.Forward(tape, in, {T, B, {}, {}});
  const size_t forward = StatusBytes("VmRSS:");
  const Var loss = tape.Record(Tensor{Shape{}}, {out.y}, [&](const Tensor&) { tape.Grad(out.y) = dy; });
  tape.Backward(loss);
  return {forward - before, StatusBytes("VmHWM:") - before};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return std::fprintf(stderr, "memory_eddy: CELL T B D H\n"), 2;
  const auto size = [&](int i) { return static_cast<size_t>(std::strtoull(argv[i], nullptr, 10)); };
  const size_t T = size(2), B = size(3), D = size(4), H = size(5);
  const CellFacts facts = FactsOf(FindCell(argv[1]));
  const size_t reads = T * B * H * static_cast<size_t>(facts.states + facts.kept) * sizeof(Real);
  Train(argv[1], 2, 1, 8, 8);  // what is made once in a process
  const Growth growth = Train(argv[1], T, B, D, H);
  std::printf("%zu %zu %zu\n", growth.forward, growth.peak, reads);
}
