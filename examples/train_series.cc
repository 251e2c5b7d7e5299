// Training on data of one's own, from memory: a gru learns to say the next value of a series. The loop is written out: a
// tape, a layer, a loss, Backward, an optimizer's step. Give it a file of numbers, one a line, or it makes a series of its
// own.
#include <eddy/error.h>
#include <eddy/loss.h>
#include <eddy/ops.h>
#include <eddy/optim.h>
#include <eddy/recurrent.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

namespace {

constexpr size_t kSteps = 32, kRows = 16, kHidden = 32;  // a batch: 16 stretches of 32 steps

// Two waves of different length, and noise.
std::vector<float> MakeSeries(eddy::Random& random) {
  std::vector<float> series(2000);
  for (size_t t = 0; t < series.size(); ++t) {
    const double at = static_cast<double>(t);
    series[t] = static_cast<float>(std::sin(at / 5) + 0.5 * std::sin(at / 3) + 0.05 * random.Normal());
  }
  return series;
}

std::vector<float> ReadSeries(const char* path) {
  std::ifstream file(path);
  std::vector<float> series;
  for (float value; file >> value;) series.push_back(value);
  if (series.size() < 4 * kSteps) throw eddy::Error("train_series: the file must hold at least 128 numbers");
  return series;
}

// To mean 0 and variance 1 over the first `count` values, those that are trained on.
void Standardise(std::vector<float>& series, size_t count) {
  double sum = 0, squares = 0;
  for (size_t t = 0; t < count; ++t) sum += series[t];
  const double mean = sum / static_cast<double>(count);
  for (size_t t = 0; t < count; ++t) squares += (series[t] - mean) * (series[t] - mean);
  const double deviation = std::sqrt(squares / static_cast<double>(count)) + 1e-12;
  for (float& value : series) value = static_cast<float>((value - mean) / deviation);
}

eddy::Sequence SequenceOf(const eddy::Tensor& x) {  // [T, B, D], every row of T steps
  eddy::Sequence sequence;
  sequence.steps = x.dim(0);
  sequence.rows = x.dim(1);
  return sequence;
}

struct Network {
  eddy::RecurrentStack stack;
  eddy::Parameter weight, bias;

  explicit Network(eddy::Random& random)
      : stack({.layer = {.cell = "gru", .input = 1, .hidden = kHidden}}, "stack", random),
        weight("head.W", eddy::Tensor({1, kHidden})),
        bias("head.b", eddy::Tensor({1})) {}

  std::vector<eddy::Parameter*> parameters() {
    std::vector<eddy::Parameter*> all = stack.parameters();
    all.insert(all.end(), {&weight, &bias});
    return all;
  }

  // x [T, B, 1] -> the values that follow, [T, B, 1]: a change from the last one.
  eddy::Var Predict(eddy::Tape& tape, const eddy::Tensor& x) {
    const eddy::Var input = tape.Constant(x);
    const eddy::Var h = stack.Forward(tape, input, SequenceOf(x)).y;
    return eddy::Add(tape, input, eddy::Linear(tape, h, tape.Use(weight), tape.Use(bias)));
  }
};

double SquaredErrorOfPersistence(const std::vector<float>& series, size_t begin) {
  double sum = 0;
  for (size_t t = begin; t + 1 < series.size(); ++t) sum += std::pow(series[t + 1] - series[t], 2);
  return sum / static_cast<double>(series.size() - 1 - begin);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    eddy::Random random(1);
    std::vector<float> series = argc > 1 ? ReadSeries(argv[1]) : MakeSeries(random);
    const size_t trained = series.size() * 4 / 5;  // the rest is held out
    Standardise(series, trained);

    eddy::Threads threads(1);
    Network network(random);
    eddy::Optimizer optimizer({.name = "adamw"}, network.parameters(), threads);
    const eddy::Schedule schedule({.rate = 1e-2});
    constexpr int kUpdates = 150;
    for (int update = 0; update < kUpdates; ++update) {
      eddy::Tensor x({kSteps, kRows, 1}), next({kSteps, kRows, 1});
      for (size_t row = 0; row < kRows; ++row) {
        const size_t begin = random.Below(trained - kSteps);
        for (size_t t = 0; t < kSteps; ++t) {
          x[t * kRows + row] = series[begin + t];
          next[t * kRows + row] = series[begin + t + 1];
        }
      }
      eddy::Tape tape(threads);
      const eddy::Var loss = eddy::SquaredError(tape, network.Predict(tape, x), next);
      if (update % 50 == 0) std::printf("update %3d: loss %.4f\n", update, static_cast<double>(tape.Value(loss)[0]));
      eddy::ZeroGrad(network.parameters(), threads);
      tape.Backward(loss);
      eddy::ClipGlobalNorm(network.parameters(), 1, threads);
      optimizer.Step(schedule.Rate(update / static_cast<double>(kUpdates)));
    }

    const size_t held_out = series.size() - 1 - trained;
    const eddy::Tensor x = eddy::Tensor::From({held_out, 1, 1}, std::span(series).subspan(trained, held_out));
    const eddy::Tensor next = eddy::Tensor::From({held_out, 1, 1}, std::span(series).subspan(trained + 1, held_out));
    eddy::Tape tape(threads, eddy::Tape::Mode::kInference);
    const double error = static_cast<double>(tape.Value(eddy::SquaredError(tape, network.Predict(tape, x), next))[0]);
    const double floor = SquaredErrorOfPersistence(series, trained);
    std::printf("held out: squared error %.4f; of the last value, %.4f\n", error, floor);
    return argc > 1 || error < floor / 2 ? 0 : 1;
  } catch (const eddy::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
