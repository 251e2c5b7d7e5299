// A cell of one's own, outside Eddy's tree: cells/ugrnn.h, which CMakeLists.txt hands to eddy_add_cells. It is tried on
// doubles, trained to remember its input for three steps, stored, read back and run as a stream.
#include <eddy/error.h>
#include <eddy/loss.h>
#include <eddy/ops.h>
#include <eddy/optim.h>
#include <eddy/recurrent.h>
#include <eddy/stream.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "cells/ugrnn.h"

namespace {

constexpr size_t kHidden = 24, kSteps = 24, kRows = 8, kDelay = 3;

void Check(bool holds, const char* what) {
  std::printf("%-60s %s\n", what, holds ? "yes" : "NO");
  if (!holds) std::exit(1);
}

// A cell's Step is an ordinary function of doubles.
bool TheGateChooses() {
  using eddy::Ugrnn;
  const double keeps = Ugrnn::Step<double>({.f = 50, .n = 1}, {0, 0}, {0.3}).h;
  const double takes = Ugrnn::Step<double>({.f = -50, .n = 1}, {0, 0}, {0.3}).h;
  return std::abs(keeps - 0.3) < 1e-12 && std::abs(takes - std::tanh(1)) < 1e-12;
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
      : stack({.layer = {.cell = "ugrnn", .input = 1, .hidden = kHidden}}, "stack", random),
        weight("head.W", eddy::Tensor({1, kHidden})),
        bias("head.b", eddy::Tensor({1})) {}

  std::vector<eddy::Parameter*> parameters() {
    std::vector<eddy::Parameter*> all = stack.parameters();
    all.insert(all.end(), {&weight, &bias});
    return all;
  }
  eddy::Var States(eddy::Tape& tape, const eddy::Tensor& x) {
    return stack.Forward(tape, tape.Constant(x), SequenceOf(x)).y;
  }
};

// Returns the last loss; the variance of what is to be remembered is 1.
double Train(Network& network, eddy::Random& random, eddy::Threads& threads) {
  eddy::Optimizer optimizer({.name = "adam"}, network.parameters(), threads);
  double last = 0;
  for (int update = 0; update < 400; ++update) {
    eddy::Tensor x({kSteps, kRows, 1}), target({kSteps, kRows, 1});
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(random.Normal());
      if (i >= kDelay * kRows) target[i] = x[i - kDelay * kRows];
    }
    eddy::Tape tape(threads);
    const eddy::Var y = eddy::Linear(tape, network.States(tape, x), tape.Use(network.weight), tape.Use(network.bias));
    const eddy::Var loss = eddy::SquaredError(tape, y, target);
    last = static_cast<double>(tape.Value(loss)[0]);
    eddy::ZeroGrad(network.parameters(), threads);
    tape.Backward(loss);
    eddy::ClipGlobalNorm(network.parameters(), 1, threads);
    optimizer.Step(1e-2);
  }
  return last;
}

// The weights, one array after another; whoever reads them builds the same network first.
void Save(const std::string& path, Network& network) {
  std::ofstream file(path, std::ios::binary);
  for (const eddy::Parameter* p : network.parameters()) {
    file.write(reinterpret_cast<const char*>(p->value.data()),
               static_cast<std::streamsize>(p->value.size() * sizeof(float)));
  }
}

void Load(const std::string& path, Network& network) {
  std::ifstream file(path, std::ios::binary);
  for (eddy::Parameter* p : network.parameters()) {
    file.read(reinterpret_cast<char*>(p->value.data()), static_cast<std::streamsize>(p->value.size() * sizeof(float)));
  }
  if (!file) throw eddy::Error("own_cell: the file must hold all weights");
}

// Whether a stream of `network` puts out, bit for bit, what `other` puts out of the whole sequence.
bool StreamsAs(const Network& network, Network& other, eddy::Random& random, eddy::Threads& threads) {
  eddy::Tensor x({kSteps, 1, 1});
  for (float& value : x.values()) value = static_cast<float>(random.Normal());
  eddy::Tape tape(threads, eddy::Tape::Mode::kInference);
  const eddy::Tensor whole = tape.Value(other.States(tape, x));
  eddy::RecurrentStream stream(network.stack);
  for (size_t t = 0; t < kSteps; ++t) {
    const std::span<const eddy::Real> h = stream.Step(&x[t]);
    for (size_t j = 0; j < kHidden; ++j) {
      if (h[j] != whole[t * kHidden + j]) return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argc > 1 ? argv[1] : "own_cell.weights";
  try {
    Check(TheGateChooses(), "Step<double> does what its equations say");
    std::string names;
    for (const eddy::CellType* cell : eddy::Cells()) names += " " + std::string(eddy::CellName(*cell));
    std::printf("cells:%s\n", names.c_str());
    Check(names.find(" ugrnn") != std::string::npos, "the table of cells has ugrnn");
    Check(!eddy::FactsOf(eddy::FindCell("ugrnn")).linear, "and knows that it is not linear");

    eddy::Random random(1);
    eddy::Threads threads(1);
    Network network(random);
    const double loss = Train(network, random, threads);
    std::printf("loss %.4f\n", loss);
    Check(loss < 0.3, "it learns to remember for three steps");

    Save(path, network);
    Network loaded(random);
    Load(path, loaded);
    Check(StreamsAs(loaded, network, random, threads), "stored, loaded and streamed it gives the same, bit for bit");
  } catch (const eddy::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
