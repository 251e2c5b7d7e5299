// A const layer runs, on any number of threads at once; its weights can be read, and copied to another.
#include <thread>

#include "eddy/error.h"
#include "nn/every_layer.h"

namespace eddy {
namespace const_layer_test {

template <class Layer>
Tensor Infer(const Layer& layer, int count = 1) {
  Threads threads(count, Threads::Share::kAlways);
  Tape tape(threads, Tape::Mode::kInference);
  return tape.Value(Outputs(layer, tape, tape.Constant(SomeInputs(5, 3)), {5, 3, {5, 2, 4}, {}}));
}

TEST(a_const_layer, is_shared_by_threads_with_a_tape_each) {
  ForEveryLayer([](const auto& make) {
    const auto layer = make();
    const Tensor expected = Infer(layer);
    std::vector<Tensor> given(4);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < given.size(); ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < 2; ++round) given[i] = Infer(layer, static_cast<int>(i % 2) + 1);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Tensor& y : given) EXPECT_TRUE(SameBits(expected, y));
  });
}

TEST(a_const_layer, frozen_for_inference_is_shared_by_threads_too) {
  Random random(1);
  RecurrentStack stack(SomeStack(), "l", random);
  Threads packing;
  stack.Freeze(packing);
  const RecurrentStack& layer = stack;
  const Tensor expected = Infer(layer);
  std::vector<Tensor> given(4);
  std::vector<std::thread> threads;
  for (Tensor& y : given) threads.emplace_back([&] { y = Infer(layer); });
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& y : given) EXPECT_TRUE(SameBits(expected, y));
}

TEST(a_const_layer, gives_its_weights_to_be_read_and_copied_to_another) {
  ForEveryLayer([](const auto& make) {
    auto other = make();
    for (Parameter* parameter : other.parameters()) {
      for (Real& x : parameter->value.values()) x += Real{0.25};
    }
    const auto layer = make();
    EXPECT_FALSE(SameBits(Infer(layer), Infer(other)));
    const std::vector<const Parameter*> parameters = layer.parameters();
    CopyWeights(parameters, other.parameters());
    EXPECT_TRUE(SameBits(Infer(layer), Infer(other)));
    EXPECT_NE(parameters[0]->value.data(), other.parameters()[0]->value.data());
  });
}

TEST(weights, are_copied_between_networks_of_the_same_shapes_only) {
  Random random(1);
  const LinearLayer from({.input = 3, .output = 2}, "a", random);
  LinearLayer wider({.input = 4, .output = 2}, "b", random), without({.input = 3, .output = 2, .bias = false}, "c", random);
  const Tensor before = wider.parameters()[0]->value.Clone();
  EXPECT_THROW(CopyWeights(from.parameters(), wider.parameters()), Error);
  EXPECT_THROW(CopyWeights(from.parameters(), without.parameters()), Error);
  EXPECT_THROW(CopyWeights(from.parameters(), std::vector<Parameter*>{nullptr, nullptr}), Error);
  EXPECT_TRUE(SameBits(before, wider.parameters()[0]->value));
}

TEST(a_const_parameter, receives_no_gradient) {
  Threads threads;
  Tape tape(threads);
  Parameter parameter("p", Tensor({2, 3}));
  EXPECT_FALSE(tape.Needs(tape.Use(std::as_const(parameter))));
  EXPECT_TRUE(tape.Needs(tape.Use(parameter)));
  parameter.fixed = true;
  EXPECT_FALSE(tape.Needs(tape.Use(parameter)));
}

TEST(fixed_parameters, of_every_layer_receive_no_gradient) {
  ForEveryLayer([](const auto& make) {
    auto layer = make();
    const std::vector<Parameter*> parameters = layer.parameters();
    const auto train = [&] {
      Threads threads;
      Tape tape(threads);
      const Var x = tape.Differentiable(SomeInputs(5, 2)), y = Outputs(layer, tape, x, {5, 2, {5, 3}, {}});
      for (Parameter* parameter : parameters) parameter->grad.Fill(0);
      tape.Backward(Sum(tape, Multiply(tape, y, y)));
      return tape.Grad(x);
    };
    const Tensor expected = train();
    for (Parameter* fixed : parameters) {
      fixed->fixed = true;
      EXPECT_TRUE(SameBits(expected, train()));
      for (const Parameter* parameter : parameters) {
        const auto values = parameter->grad.values();
        const bool zero = std::all_of(values.begin(), values.end(), [](Real d) { return d == 0; });
        EXPECT_TRUE(zero || !parameter->fixed) << parameter->name;
      }
      fixed->fixed = false;
    }
  });
}

TEST(a_linear_stream, gives_the_bits_of_the_whole_sequence) {
  Random random(1);
  for (const bool bias : {true, false}) {
    LinearLayer layer({.input = kWidth, .output = 37, .bias = bias}, "head", random);
    for (Parameter* parameter : layer.parameters()) {
      for (Real& x : parameter->value.values()) x = static_cast<Real>(random.Normal());
    }
    for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
      Threads threads;
      Tape tape(threads, Tape::Mode::kInference, 0, precision);
      const Tensor x = SomeInputs(5, 3), y = tape.Value(layer.Forward(tape, tape.Constant(x)));
      LinearStream stream(layer, 3, precision);
      for (size_t t = 0; t < 5; ++t) {
        const std::span<const Real> step = stream.Step(x.data() + t * 3 * kWidth);
        ASSERT_EQ(step.size(), 3 * 37u);
        EXPECT_TRUE(std::equal(step.begin(), step.end(), y.data() + t * 3 * 37));
      }
    }
  }
}

TEST(a_linear_stream, refuses_weights_that_do_not_fit) {
  EXPECT_THROW(LinearStream(Tensor({3}), {}), Error);
  EXPECT_THROW(LinearStream(Tensor(), {}), Error);
  EXPECT_THROW(LinearStream(Tensor({3, 2}), Tensor({2})), Error);
}

}  // namespace const_layer_test
}  // namespace eddy
