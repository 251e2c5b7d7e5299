// Every loss: its gradient is the finite difference, it is finite at extreme inputs, weights and missing targets mean what
// they say, and its bits do not depend on the number of threads.
#include <limits>
#include <string>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "laws/gradient.h"

namespace eddy {
namespace loss_gradient_test {

enum class Targets { kAny, kCounts, kShares, kClasses };

struct LossCase {
  std::string name;
  size_t width;           // inputs a position
  bool target_a_element;  // a target an input; else a target a position
  Targets targets;
  std::function<Var(Tape&, Var, const Tensor& target, const Tensor& weights)> loss;
};

constexpr double kQuantiles[] = {0.1, 0.5, 0.9};

Var CrossEntropy(Tape& tape, Var x, const Tensor& target, const Tensor& weights, double smoothing) {
  std::vector<int32_t> classes;
  for (size_t i = 0; i < target.size(); ++i) {
    classes.push_back(!weights.empty() && weights[i] == 0 ? kIgnore : static_cast<int32_t>(target[i]));
  }
  return SoftmaxCrossEntropy(tape, x, classes, smoothing);
}

std::vector<LossCase> Cases() {
  using T = const Tensor&;
  return {
      {"cross_entropy", 11, false, Targets::kClasses, [](Tape& t, Var x, T y, T w) { return CrossEntropy(t, x, y, w, 0); }},
      {"smoothed_cross_entropy", 11, false, Targets::kClasses,
       [](Tape& t, Var x, T y, T w) { return CrossEntropy(t, x, y, w, 0.2); }},
      {"squared_error", 1, true, Targets::kAny, [](Tape& t, Var x, T y, T w) { return SquaredError(t, x, y, w); }},
      {"absolute_error", 1, true, Targets::kAny, [](Tape& t, Var x, T y, T w) { return AbsoluteError(t, x, y, w); }},
      {"huber", 1, true, Targets::kAny, [](Tape& t, Var x, T y, T w) { return Huber(t, x, y, 0.7, w); }},
      {"pinball", 3, false, Targets::kAny, [](Tape& t, Var x, T y, T w) { return Pinball(t, x, y, kQuantiles, w); }},
      {"gaussian", 2, false, Targets::kAny, [](Tape& t, Var x, T y, T w) { return GaussianLoss(t, x, y, w); }},
      {"student_t", 3, false, Targets::kAny, [](Tape& t, Var x, T y, T w) { return StudentTLoss(t, x, y, w); }},
      {"negative_binomial", 2, false, Targets::kCounts,
       [](Tape& t, Var x, T y, T w) { return NegativeBinomialLoss(t, x, y, w); }},
      {"bernoulli", 5, true, Targets::kShares, [](Tape& t, Var x, T y, T w) { return BernoulliLoss(t, x, y, w); }},
  };
}

class Loss : public testing::TestWithParam<LossCase> {
 protected:
  static Shape InputShape(size_t n) { return {n, GetParam().width}; }

  static Tensor Target(size_t n) {
    const size_t width = GetParam().width;
    Tensor target = Randoms(GetParam().target_a_element ? Shape{n, width} : Shape{n}, 99, 2);
    for (size_t i = 0; i < target.size(); ++i) {
      if (GetParam().targets == Targets::kCounts) target[i] = static_cast<Real>(i * i % 41);
      if (GetParam().targets == Targets::kShares) target[i] = static_cast<Real>(i * i % 3 == 1);
      if (GetParam().targets == Targets::kClasses) target[i] = static_cast<Real>(i * i % width);
    }
    return target;
  }

  static Graph With(const Tensor& target, const Tensor& weights = {}) {
    return [=](Tape& tape, const std::vector<Var>& v) { return GetParam().loss(tape, v[0], target, weights); };
  }
};
INSTANTIATE_TEST_SUITE_P(Every, Loss, testing::ValuesIn(Cases()), [](const auto& info) { return info.param.name; });

TEST_P(Loss, has_the_gradient_of_finite_differences) {
  const size_t n = 13;
  ExpectGradientsMatchDifferences(With(Target(n)), {Randoms(InputShape(n), 1)});
  ExpectGradientsMatchDifferences(With(Target(n)), {Randoms(InputShape(n), 2, 3)}, 1e-7);
}

TEST_P(Loss, gives_the_same_bits_for_any_number_of_threads) {
  const size_t n = 5000;
  ExpectSameForAnyThreads(With(Target(n)), {Randoms(InputShape(n), 1)});
}

TEST_P(Loss, leaves_out_positions_of_weight_0_even_where_the_target_is_missing) {
  const Tensor input = Randoms(InputShape(3), 1), target = Target(3);
  const size_t width = GetParam().width, wide = target.size() / 3;
  const Tensor weights = Tensor::From({3}, std::vector<Real>{1, 0, 1});
  const Tensor shaped = wide == width && width == 1 ? weights.Reshape({3, 1}) : weights;
  const auto without_the_second = [](const Tensor& all) {
    const size_t width = all.size() / 3;
    Tensor rest(all.rank() == 1 ? Shape{2} : Shape{2, width});
    std::copy_n(all.data(), width, rest.data());
    std::copy_n(all.data() + 2 * width, width, rest.data() + width);
    return rest;
  };
  const Gradients expected = Differentiate(With(without_the_second(target)), {without_the_second(input)});
  if (GetParam().targets != Targets::kClasses) {
    for (size_t i = 0; i < wide; ++i) target[wide + i] = std::numeric_limits<Real>::quiet_NaN();
  }
  const Gradients given = Differentiate(With(target, shaped), {input});
  EXPECT_NEAR(given.value[0], expected.value[0], 1e-6 * std::fabs(expected.value[0]));
  for (size_t i = 0; i < width; ++i) {
    EXPECT_EQ(given.grads[0][width + i], 0);
    EXPECT_NEAR(given.grads[0][i], expected.grads[0][i], 1e-6);
    EXPECT_NEAR(given.grads[0][2 * width + i], expected.grads[0][width + i], 1e-6);
  }
}

TEST_P(Loss, is_a_weighted_mean) {
  if (GetParam().targets == Targets::kClasses) return;  // has no weights
  const Tensor input = Randoms(InputShape(3), 1), target = Target(3);
  const Shape shape = GetParam().width == 1 ? Shape{3, 1} : Shape{3};
  const auto value = [&](const std::vector<Real>& weights) {
    return static_cast<double>(Differentiate(With(target, Tensor::From(shape, weights)), {input}).value[0]);
  };
  const double expected = (value({1, 0, 0}) + 3 * value({0, 1, 0}) + 0.5 * value({0, 0, 1})) / 4.5;
  EXPECT_NEAR(value({1, 3, 0.5}), expected, 1e-6 * (1 + std::fabs(expected)));
  EXPECT_NEAR(value({2, 6, 1}), expected, 1e-6 * (1 + std::fabs(expected)));
}

TEST_P(Loss, of_no_position_that_counts_is_0_with_gradients_0) {
  for (size_t n : {size_t{0}, size_t{2}}) {
    const Tensor weights = GetParam().width == 1 ? Tensor({n, 1}) : Tensor({n});
    const Gradients g = Differentiate(With(Target(n), weights), {Randoms(InputShape(n), 1)});
    EXPECT_EQ(g.value[0], 0);
    for (Real d : g.grads[0].values()) EXPECT_EQ(d, 0);
  }
}

TEST_P(Loss, is_finite_with_finite_gradients_at_every_combination_of_extremes) {
  const std::vector<Real> inputs = {-1e30f, -1e4f, -100, -1, 0, 1, 100, 1e4f, 1e30f};
  std::vector<Real> targets;
  switch (GetParam().targets) {
    case Targets::kAny:
      targets = {-1e30f, -1e6f, -1, 0, 1, 1e6f, 1e30f};
      break;
    case Targets::kCounts:
      targets = {0, 1, 1e6f, 1e30f};
      break;
    case Targets::kShares:
      targets = {0, 1};
      break;
    case Targets::kClasses:
      targets = {0, 1, static_cast<Real>(GetParam().width - 1)};
      break;
  }
  const size_t width = GetParam().width, varied = std::min<size_t>(width, 3);
  size_t combinations = 1;
  for (size_t i = 0; i < varied; ++i) combinations *= inputs.size();
  for (size_t c = 0; c < combinations; ++c) {
    Tensor input(InputShape(1));
    for (size_t i = 0, rest = c; i < varied; ++i, rest /= inputs.size()) input[i] = inputs[rest % inputs.size()];
    for (Real y : targets) {
      Tensor target = Target(1);
      target.Fill(y);
      Threads threads;
      Tape tape(threads);
      const Var x = tape.Differentiable(input);
      const Var loss = GetParam().loss(tape, x, target, {});
      ASSERT_TRUE(std::isfinite(tape.Value(loss)[0])) << "combination " << c << ", target " << y;
      tape.Backward(loss);
      for (Real g : tape.Grad(x).values()) ASSERT_TRUE(std::isfinite(g)) << "combination " << c << ", target " << y;
    }
  }
}

TEST_P(Loss, of_nan_is_nan) {
  Tensor input = Randoms(InputShape(2), 1);
  input[0] = std::numeric_limits<Real>::quiet_NaN();
  Threads threads;
  Tape tape(threads);
  EXPECT_TRUE(std::isnan(tape.Value(GetParam().loss(tape, tape.Constant(input), Target(2), {}))[0]));
}

TEST_P(Loss, refuses_targets_and_weights_that_do_not_fit) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Tensor(InputShape(3)));
  EXPECT_THROW(GetParam().loss(tape, x, Target(2), {}), Error);
  if (GetParam().targets == Targets::kClasses) return;
  EXPECT_THROW(GetParam().loss(tape, x, Target(3), Tensor({2})), Error);
  for (Real bad : {Real{-1}, std::numeric_limits<Real>::infinity(), std::numeric_limits<Real>::quiet_NaN()}) {
    Tensor weights({3});
    weights[1] = bad;
    EXPECT_THROW(GetParam().loss(tape, x, Target(3), weights), Error);
  }
  Tensor target = Target(3);
  target[2] = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_THROW(GetParam().loss(tape, x, target, {}), Error);
  target[2] = GetParam().targets == Targets::kShares ? Real{2} : std::numeric_limits<Real>::infinity();
  EXPECT_THROW(GetParam().loss(tape, x, target, {}), Error);
}

TEST(cross_entropy, refuses_classes_and_smoothing_out_of_range) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Tensor({1, 4}));
  const std::vector<int32_t> high = {4}, low = {-2}, good = {3};
  EXPECT_THROW(SoftmaxCrossEntropy(tape, x, high), Error);
  EXPECT_THROW(SoftmaxCrossEntropy(tape, x, low), Error);
  for (double smoothing : {-0.1, 1., std::nan("")}) EXPECT_THROW(SoftmaxCrossEntropy(tape, x, good, smoothing), Error);
}

TEST(cross_entropy, of_equal_logits_is_the_logarithm_of_the_classes_whatever_their_number) {
  Threads threads;
  for (size_t classes = 1; classes < 600; ++classes) {
    Tape tape(threads);
    Tensor logits({1, classes});
    logits.Fill(Real{1e4});
    const Var x = tape.Differentiable(logits);
    const std::vector<int32_t> targets = {static_cast<int32_t>(classes) - 1};
    const Var loss = SoftmaxCrossEntropy(tape, x, targets);
    EXPECT_NEAR(tape.Value(loss)[0], std::log(static_cast<double>(classes)), 1e-6 * std::log(classes + 1.));
    tape.Backward(loss);
    for (size_t i = 0; i < classes; ++i) {
      EXPECT_NEAR(tape.Grad(x)[i], 1. / static_cast<double>(classes) - (i + 1 == classes), 1e-6);
    }
  }
}

TEST(pinball, refuses_quantiles_out_of_range) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Tensor({2, 1}));
  for (double q : {0., 1., -1., std::nan("")}) EXPECT_THROW(Pinball(tape, x, Tensor({2}), std::span(&q, 1)), Error);
  EXPECT_THROW(Pinball(tape, x, Tensor({2}), {}), Error);
}

TEST(huber, refuses_a_delta_that_is_not_above_0) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Tensor({2}));
  for (double delta : {0., -1., std::nan("")}) EXPECT_THROW(Huber(tape, x, Tensor({2}), delta), Error);
}

TEST(likelihoods, go_to_their_limits) {
  Threads threads;
  Tape tape(threads);
  const Tensor y = Tensor::From({1}, std::vector<Real>{3});
  const auto parameters = [&](const std::vector<Real>& raw) { return tape.Constant(Tensor::From({1, raw.size()}, raw)); };
  // Student's t with many degrees of freedom is Gaussian.
  EXPECT_NEAR(tape.Value(StudentTLoss(tape, parameters({1, 0.5f, 1e12f}), y))[0],
              tape.Value(GaussianLoss(tape, parameters({1, 0.5f}), y))[0], 1e-6);
  // The negative binomial with little dispersion is Poisson: m - y log m + log y!.
  const double m = Softplus(2);
  EXPECT_NEAR(tape.Value(NegativeBinomialLoss(tape, parameters({2, -100}), y))[0], m - 3 * std::log(m) + std::log(6), 1e-5);
}

}  // namespace loss_gradient_test
}  // namespace eddy
