// The time of a gru that was built outside the library over that of the library's own, for inference, a training step and a
// step of a stream: medians of runs that take turns, on one thread. Prints Markdown. Fails where their results differ.
#include <eddy/error.h>
#include <eddy/loss.h>
#include <eddy/ops.h>
#include <eddy/optim.h>
#include <eddy/recurrent.h>
#include <eddy/stream.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace eddy;

constexpr size_t kSteps = 64, kStreamSteps = 500;

RecurrentStack Layer(const std::string& cell, size_t hidden) {
  Random random(1);
  return RecurrentStack({.layer = {.cell = cell, .input = hidden, .hidden = hidden}}, "layer", random);
}

double Seconds(const std::function<void()>& run) {
  const auto start = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The median of the time of `theirs` over that of `ours`, whichever comes first.
double Ratio(const std::function<void()>& theirs, const std::function<void()>& ours, int rounds) {
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const bool first = round % 2 == 0;
    const double one = Seconds(first ? theirs : ours), other = Seconds(first ? ours : theirs);
    ratios.push_back(first ? one / other : other / one);
  }
  std::nth_element(ratios.begin(), ratios.begin() + rounds / 2, ratios.end());
  return ratios[static_cast<size_t>(rounds / 2)];
}

struct Problem {
  Threads threads = Threads(1);
  Tensor x, target;
  Sequence sequence;

  Problem(size_t rows, size_t hidden) : x({kSteps, rows, hidden}), target({kSteps, rows, hidden}) {
    Random random(2);
    for (Real& value : x.values()) value = static_cast<Real>(random.Normal());
    sequence.steps = kSteps;
    sequence.rows = rows;
  }

  void Infer(RecurrentStack& layer) {
    Tape tape(threads, Tape::Mode::kInference);
    layer.Forward(tape, tape.Constant(x), sequence);
  }

  void Train(RecurrentStack& layer) {
    ZeroGrad(layer.parameters(), threads);
    Tape tape(threads);
    tape.Backward(SquaredError(tape, layer.Forward(tape, tape.Constant(x), sequence).y, target));
  }
};

void RequireSameGradients(RecurrentStack& a, RecurrentStack& b) {
  for (size_t i = 0; i < a.parameters().size(); ++i) {
    if (!std::ranges::equal(a.parameters()[i]->grad.values(), b.parameters()[i]->grad.values())) {
      throw Error("outside_cell: the gradients must be the same, bit for bit");
    }
  }
}

void Compare(size_t hidden, size_t rows) {
  RecurrentStack outside = Layer("outside_gru", hidden), inside = Layer("gru", hidden);
  Problem problem(rows, hidden);
  const int rounds = hidden >= 512 ? 11 : 41;
  const double infer = Ratio([&] { problem.Infer(outside); }, [&] { problem.Infer(inside); }, rounds);
  const double train = Ratio([&] { problem.Train(outside); }, [&] { problem.Train(inside); }, rounds);
  RequireSameGradients(outside, inside);
  std::printf("| %zu | %zu | %.3f | %.3f |", hidden, rows, infer, train);
  if (rows > 1) {
    std::printf(" |\n");
    return;
  }
  RecurrentStream outside_stream(outside), inside_stream(inside);
  const std::vector<Real> x(hidden, Real{0.1f});
  const auto run = [&](RecurrentStream& stream) {
    for (size_t t = 0; t < kStreamSteps; ++t) stream.Step(x.data());
  };
  std::printf(" %.3f |\n", Ratio([&] { run(outside_stream); }, [&] { run(inside_stream); }, rounds));
}

}  // namespace

int main() {
  try {
    std::printf("| hidden | rows | inference | training | stream |\n|---|---|---|---|---|\n");
    for (const size_t hidden : {64, 256, 512}) {
      for (const size_t rows : {1, 16, 64}) Compare(hidden, rows);
    }
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
