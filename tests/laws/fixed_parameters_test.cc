// A fixed parameter of any cell, under any option, receives no gradient, and the other gradients are what they would be.
#include "eddy/ops.h"
#include "laws/cases.h"
#include "laws/gradient.h"

namespace eddy {
namespace fixed_parameters_test {

class EveryCellWithFixedParameters : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, EveryCellWithFixedParameters, testing::ValuesIn(EveryCellAndOption()), CaseName);

struct Step {
  Tensor dx;
  std::vector<Tensor> grads;
};

Step Train(Recurrent& layer, bool through_time) {
  Threads threads;
  Tape tape(threads);
  const Sequence sequence = RaggedSequence();
  const Var x = tape.Differentiable(RandomTensor({sequence.steps, sequence.rows, layer.options().input}, 3));
  const Var y = layer.Forward(tape, x, sequence, {}, {.memory_bytes = through_time ? size_t{1} : 0}).y;
  for (Parameter* parameter : layer.parameters()) parameter->grad.Fill(0);
  tape.Backward(Sum(tape, Multiply(tape, y, y)));
  Step step{tape.Grad(x), {}};
  for (Parameter* parameter : layer.parameters()) step.grads.push_back(parameter->grad.Clone());
  return step;
}

bool IsZero(const Tensor& tensor) {
  return std::all_of(tensor.values().begin(), tensor.values().end(), [](Real x) { return x == 0; });
}

TEST_P(EveryCellWithFixedParameters, leaves_each_alone_and_changes_no_other_gradient) {
  Random random(1);
  Recurrent layer(GetParam().options, "layer", random);
  Disturb(layer, 5);
  for (const bool through_time : {false, true}) {
    const Step expected = Train(layer, through_time);
    const std::vector<Parameter*> parameters = layer.parameters();
    for (size_t fixed = 0; fixed < parameters.size(); ++fixed) {
      parameters[fixed]->fixed = true;
      const Step given = Train(layer, through_time);
      parameters[fixed]->fixed = false;
      ExpectSameBits(expected.dx, given.dx);
      for (size_t i = 0; i < parameters.size(); ++i) {
        EXPECT_FALSE(IsZero(expected.grads[i])) << parameters[i]->name;
        if (i == fixed) {
          EXPECT_TRUE(IsZero(given.grads[i])) << parameters[i]->name;
        } else {
          ExpectSameBits(expected.grads[i], given.grads[i]);
        }
      }
    }
    SetFixed(parameters, true);
    const Step given = Train(layer, through_time);
    SetFixed(parameters, false);
    ExpectSameBits(expected.dx, given.dx);
    for (const Tensor& grad : given.grads) EXPECT_TRUE(IsZero(grad));
  }
}

}  // namespace fixed_parameters_test
}  // namespace eddy
