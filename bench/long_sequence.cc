// Trains one long sequence fully, not truncated, and prints the time and the peak of resident memory:
//     long_sequence [steps = 1000000] [last | every] [budget in MiB = 64]
// lstm, 8 inputs, hidden 64, batch 1; the loss is on the last step or on every step.
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "eddy/recurrent.h"

namespace {

double PeakMib() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace eddy;
  const size_t steps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
  const bool every = argc > 2 && std::string_view(argv[2]) == "every";
  const size_t budget = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 64;
  constexpr size_t kInputs = 8, kHidden = 64;

  const auto start = std::chrono::steady_clock::now();
  Random random(1);
  Threads threads(2);
  Tensor x = Tensor::Uninitialized({steps, 1, kInputs});
  for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
  RecurrentOptions options;
  options.input = kInputs;
  options.hidden = kHidden;
  Recurrent layer(options, "lstm", random);

  Tape tape(threads);
  const auto out = layer.Forward(tape, tape.Constant(x), {steps, 1, {}, {}}, {}, {every, budget << 20});
  const Var put_out = every ? out.y : out.state;
  const Tensor target(tape.Value(put_out).shape());
  const Var loss = SquaredError(tape, put_out, target);
  std::printf("%zu steps, loss on %s step: %.6f\n", steps, every ? "every" : "the last",
              static_cast<double>(tape.Value(loss)[0]));
  tape.Backward(loss);
  double squares = 0;
  for (Real g : layer.parameters()[0]->grad.values()) squares += static_cast<double>(g * g);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("gradient norm of W %.3e, %.1f s, peak of resident memory %.0f MiB\n", std::sqrt(squares), seconds, PeakMib());
}
