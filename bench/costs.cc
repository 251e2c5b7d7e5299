// What a layer's choices cost, as ratios of the time of one training step (forward and backward) in one run: every cell a
// gate, every option of the loop, ragged batches, a second thread, bfloat16. The variants take turns; a ratio is the median
// over the rounds of that within a round. Prints Markdown.
//     costs [T x B x D x H = 100x32x128x128] [rounds = 15]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eddy/recurrent.h"

namespace {

using namespace eddy;

struct Setting {
  size_t T = 100, B = 32, D = 128, H = 128;
};

struct Variant {
  std::string name;
  StackOptions options;
  Sequence sequence;
  int threads = 1;
  Precision precision = Precision::kFloat32;
  double bar = 0;  // what the ratio should not exceed (or, for a speed-up, stay below)
};

// One variant's layer, ready to be trained again and again.
class Trained {
 public:
  Trained(const Variant& variant, const Setting& s)
      : variant_(variant), random_(1), stack_(variant.options, "layer", random_), threads_(variant.threads) {
    x_ = Tensor::Uninitialized({s.T, s.B, s.D});
    for (Real& value : x_.values()) value = static_cast<Real>(random_.Normal());
  }

  double Milliseconds() {
    const auto start = std::chrono::steady_clock::now();
    for (Parameter* parameter : stack_.parameters()) parameter->grad.Fill(0);
    Tape tape(threads_, Tape::Mode::kTraining, 1, variant_.precision);
    const Var y = stack_.Forward(tape, tape.Differentiable(x_), variant_.sequence).y;
    if (dy_.empty()) {
      dy_ = Tensor::Uninitialized(tape.Value(y).shape());
      for (Real& value : dy_.values()) value = static_cast<Real>(random_.Normal());
    }
    tape.Backward(tape.Record(Tensor{Shape{}}, {y}, [&](const Tensor&) { tape.Grad(y) = dy_; }));
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  Variant variant_;
  Random random_;
  RecurrentStack stack_;
  Threads threads_;
  Tensor x_, dy_;
};

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// The first variant is what the others are compared with; `share(i)` is what variant i does of its work.
void Compare(const char* title, const std::vector<Variant>& variants, const Setting& setting, size_t rounds,
             const std::function<double(size_t)>& share) {
  std::vector<std::unique_ptr<Trained>> trained;
  for (const Variant& variant : variants) trained.push_back(std::make_unique<Trained>(variant, setting));
  std::vector<std::vector<double>> times(variants.size()), ratios(variants.size());
  for (size_t round = 0; round <= rounds; ++round) {
    std::vector<double> now;
    for (const auto& one : trained) now.push_back(std::min(one->Milliseconds(), one->Milliseconds()));
    for (size_t i = 0; i < variants.size() && round > 0; ++i) {  // the first round warms up
      times[i].push_back(now[i]);
      ratios[i].push_back(now[i] / share(i) / now[0] * share(0));
    }
  }
  std::printf("\n| %s | ms | ratio | at most |\n|---|---:|---:|---:|\n", title);
  for (size_t i = 0; i < variants.size(); ++i) {
    std::printf("| %s | %.2f | %.2f | %.2f |\n", variants[i].name.c_str(), Median(times[i]), Median(ratios[i]),
                variants[i].bar);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Setting setting;
  if (argc > 1 && std::sscanf(argv[1], "%zux%zux%zux%zu", &setting.T, &setting.B, &setting.D, &setting.H) != 4) {
    std::fprintf(stderr, "costs: the shape must be TxBxDxH, such as 100x32x128x128\n");
    return 2;
  }
  const size_t rounds = argc > 2 ? std::max(1ul, std::strtoul(argv[2], nullptr, 10)) : 15;
  std::printf("Training steps of %zu x %zu x %zu x %zu (steps x rows x inputs x hidden units), medians of %zu rounds.\n",
              setting.T, setting.B, setting.D, setting.H, rounds);

  Variant lstm = {"lstm", {}, {setting.T, setting.B, {}, {}}, 1, Precision::kFloat32, 1};
  lstm.options.layer.cell = "lstm";
  lstm.options.layer.input = setting.D;
  lstm.options.layer.hidden = setting.H;
  const auto with = [&](const char* name, double bar, const std::function<void(Variant&)>& change) {
    Variant variant = lstm;
    variant.name = name;
    variant.bar = bar;
    change(variant);
    return variant;
  };
  const auto all_the_same = [](size_t) { return 1.0; };

  std::vector<Variant> cells = {lstm};
  std::vector<double> gates = {FactsOf(FindCell("lstm")).gates * 1.0};
  for (const CellType* cell : Cells()) {
    if (CellName(*cell) == "lstm") continue;
    cells.push_back(with("", 1.15, [&](Variant& v) { v.name = v.options.layer.cell = CellName(*cell); }));
    gates.push_back(FactsOf(*cell).gates);
  }
  Compare("cell, a gate", cells, setting, rounds, [&](size_t i) { return gates[i]; });

  Compare("lstm with",
          {
              lstm,
              with("layer normalisation", 1.3, [](Variant& v) { v.options.layer.layer_norm = true; }),
              with("zoneout", 1.3, [](Variant& v) { v.options.layer.zoneout = 0.1; }),
              with("variational dropout", 1.3, [](Variant& v) { v.options.layer.variational_dropout = 0.2; }),
              with("recurrent dropout", 1.3, [](Variant& v) { v.options.layer.recurrent_dropout = 0.2; }),
              with("projection to half", 1.3,
                   [&](Variant& v) { v.options.layer.projection = std::max<size_t>(1, setting.H / 2); }),
              with("peepholes", 1.3, [](Variant& v) { v.options.layer.cell = "lstm_peephole"; }),
              with("state clipping", 1.3, [](Variant& v) { v.options.layer.state_clip = 1; }),
              with("a learned initial state", 1.3, [](Variant& v) { v.options.layer.learned_state = true; }),
              with("reversed", 1.3, [](Variant& v) { v.options.layer.reverse = true; }),
          },
          setting, rounds, all_the_same);

  Compare("rows",
          {
              lstm,
              with("ragged, half as long on average", 0.6,
                   [&](Variant& v) {
                     for (size_t row = 0; row < setting.B; ++row)
                       v.sequence.lengths.push_back((2 * row + 1) * setting.T / (2 * setting.B));
                   }),
          },
          setting, rounds, all_the_same);

  Compare("hardware",
          {
              lstm,
              with("two threads", 1 / 1.85, [](Variant& v) { v.threads = 2; }),
              with("bfloat16", 1 / 1.6, [](Variant& v) { v.precision = Precision::kBfloat16; }),
              with("bfloat16, two threads", 1 / 1.6 / 1.85,
                   [](Variant& v) { v.threads = 2, v.precision = Precision::kBfloat16; }),
          },
          setting, rounds, all_the_same);
}
