// Law: the derived backward equals finite differences, for every cell under every option, whole and checkpointed.
#include <cmath>

#include "cases.h"

namespace eddy {
namespace gradient_test {

constexpr bool kDouble = sizeof(Real) == 8;

// A scalar function of everything that comes out of a layer.
struct Problem {
  RecurrentOptions options;
  Sequence sequence;
  Bptt bptt;
  Threads threads{1};
  Random random{1};
  Recurrent layer{options, "layer", random};
  Tensor x, state, weight_y, weight_state;

  Problem(const RecurrentOptions& o, const Sequence& s, const Bptt& b) : options(o), sequence(s), bptt(b) {
    Disturb(layer, 2);
    x = RandomTensor({s.steps, s.rows, o.input}, 3);
    state = RandomTensor({s.rows, layer.state_width()}, 4, 0.3);
    weight_y = RandomTensor({s.steps, s.rows, layer.output_width()}, 5);
    weight_state = RandomTensor(state.shape(), 6);
  }

  double Loss() {
    Tape tape(threads, Tape::Mode::kTraining, 7);
    const auto out = layer.Forward(tape, tape.Differentiable(x), sequence, tape.Differentiable(state), bptt);
    double loss = 0;
    const Tensor y = tape.Value(out.y), final_state = tape.Value(out.state);
    for (size_t i = 0; i < y.size(); ++i) loss += static_cast<double>(y[i] * weight_y[i]);
    for (size_t i = 0; i < final_state.size(); ++i) loss += static_cast<double>(final_state[i] * weight_state[i]);
    return loss;
  }

  // Fills the parameters' gradients; returns those of x and state.
  std::pair<Tensor, Tensor> Gradients() {
    Tape tape(threads, Tape::Mode::kTraining, 7);
    const Var vx = tape.Differentiable(x), vs = tape.Differentiable(state);
    const auto out = layer.Forward(tape, vx, sequence, vs, bptt);
    const Var loss = tape.Record(Tensor({1}), {out.y, out.state}, [&](const Tensor&) {
      for (size_t i = 0; i < weight_y.size(); ++i) tape.Grad(out.y)[i] += weight_y[i];
      for (size_t i = 0; i < weight_state.size(); ++i) tape.Grad(out.state)[i] += weight_state[i];
    });
    tape.Backward(loss);
    return {tape.Grad(vx), tape.Grad(vs)};
  }

  void Compare(const std::string& name, const Tensor& values, const Tensor& gradient) {
    constexpr double step = 1e-5;
    double scale = 1e-3;
    for (Real g : gradient.values()) scale = std::max(scale, std::abs(static_cast<double>(g)));
    // A sample of elements: each costs two forwards.
    const size_t stride = std::max<size_t>(1, values.size() / 12);
    for (size_t i = 0; i < values.size(); i += stride) {
      const Real old = values[i];
      const auto at = [&](double h) {
        values[i] = old + static_cast<Real>(h);
        const double loss = Loss();
        values[i] = old;
        return loss;
      };
      // Fourth order: the error of the differences is far below what is tested.
      const double numeric = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      EXPECT_NEAR(static_cast<double>(gradient[i]), numeric, 1e-8 * scale) << name << " element " << i;
    }
  }

  void Check() {
    const auto [dx, dstate] = Gradients();
    for (Parameter* parameter : layer.parameters()) Compare(parameter->name, parameter->value, parameter->grad);
    Compare("x", x, dx);
    Compare("state", state, dstate);
  }
};

class EveryCellTest : public testing::TestWithParam<Case> {};

TEST_P(EveryCellTest, the_derived_backward_equals_finite_differences) {
  if (!kDouble) GTEST_SKIP() << "finite differences need double; the goldens hold the gradients in float";
  Problem(GetParam().options, RaggedSequence(), {}).Check();
}

TEST_P(EveryCellTest, checkpointing_through_time_equals_keeping_everything) {
  Problem kept(GetParam().options, RaggedSequence(), {}), checkpointed(GetParam().options, RaggedSequence(), {true, 1});
  const auto [dx, dstate] = kept.Gradients();
  const auto [dx2, dstate2] = checkpointed.Gradients();
  EXPECT_EQ(kept.Loss(), checkpointed.Loss());
  const auto near = [](const Tensor& a, const Tensor& b) {
    for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], (kDouble ? 1e-12 : 1e-4) * (1 + std::abs(a[i])));
  };
  near(dx, dx2);
  near(dstate, dstate2);
  for (size_t i = 0; i < kept.layer.parameters().size(); ++i) {
    near(kept.layer.parameters()[i]->grad, checkpointed.layer.parameters()[i]->grad);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, EveryCellTest, testing::ValuesIn(EveryCellAndOption()), CaseName);

}  // namespace gradient_test
}  // namespace eddy
