// Every operation: its gradient is the finite difference, its bits do not depend on the number of threads.
#include <limits>
#include <string>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "laws/gradient.h"

namespace eddy {
namespace ops_gradient_test {

struct OperationCase {
  std::string name;
  Graph graph;
  std::vector<Shape> small;  // of the inputs; all gradients are checked
  std::vector<Shape> large;  // enough to be split over threads
};

std::vector<int32_t> SomeIndices(size_t count, int32_t bound) {
  std::vector<int32_t> indices(count);
  for (size_t i = 0; i < count; ++i) indices[i] = static_cast<int32_t>(i * i % static_cast<size_t>(bound));
  return indices;
}

// From 0 to T, whatever B is.
std::vector<size_t> SomeLengths(const Tensor& x) {
  std::vector<size_t> lengths(x.dim(1));
  for (size_t i = 0; i < lengths.size(); ++i) lengths[i] = (i * 7 + 1) % (x.dim(0) + 1);
  return lengths;
}

std::vector<OperationCase> Cases() {
  using Vars = const std::vector<Var>&;
  return {
      {"linear",
       [](Tape& t, Vars v) { return Linear(t, v[0], v[1], v[2]); },
       {{2, 3, 5}, {4, 5}, {4}},
       {{40, 50, 33}, {65, 33}, {65}}},
      {"linear_without_bias",
       [](Tape& t, Vars v) { return Linear(t, v[0], v[1]); },
       {{3, 5}, {4, 5}},
       {{900, 33}, {65, 33}}},
      {"matrix_product",
       [](Tape& t, Vars v) { return MatrixProduct(t, v[0], v[1]); },
       {{2, 3, 5}, {5, 4}},
       {{40, 50, 33}, {33, 65}}},
      {"embedding", [](Tape& t, Vars v) { return Embedding(t, v[0], SomeIndices(11, 5)); }, {{5, 3}}, {{5, 5000}}},
      {"tanh", [](Tape& t, Vars v) { return Tanh(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"sigmoid", [](Tape& t, Vars v) { return Sigmoid(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"relu", [](Tape& t, Vars v) { return Relu(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"gelu", [](Tape& t, Vars v) { return Gelu(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"exp", [](Tape& t, Vars v) { return Exp(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"log", [](Tape& t, Vars v) { return Log(t, v[0]); }, {{3, 7}}, {{300, 131}}},
      {"softmax", [](Tape& t, Vars v) { return Softmax(t, v[0]); }, {{2, 3, 5}}, {{20, 30, 101}}},
      {"dropout", [](Tape& t, Vars v) { return Dropout(t, v[0], 0.4); }, {{3, 7}}, {{300, 131}}},
      {"variational_dropout", [](Tape& t, Vars v) { return VariationalDropout(t, v[0], 0.4); }, {{2, 3, 4}}, {{50, 20, 37}}},
      {"weight_norm", [](Tape& t, Vars v) { return WeightNorm(t, v[0], v[1]); }, {{4, 2, 3}, {4}}, {{300, 10, 13}, {300}}},
      {"layer_norm",
       [](Tape& t, Vars v) { return LayerNorm(t, v[0], v[1], v[2]); },
       {{2, 3, 5}, {5}, {5}},
       {{20, 30, 101}, {101}, {101}}},
      {"layer_norm_without_shift",
       [](Tape& t, Vars v) { return LayerNorm(t, v[0], v[1]); },
       {{3, 5}, {5}},
       {{600, 101}, {101}}},
      {"group_norm",
       [](Tape& t, Vars v) { return GroupNorm(t, v[0], 3, v[1], v[2]); },
       {{2, 3, 12}, {12}, {12}},
       {{20, 30, 102}, {102}, {102}}},
      {"rms_norm", [](Tape& t, Vars v) { return RmsNorm(t, v[0], v[1]); }, {{2, 3, 5}, {5}}, {{20, 30, 101}, {101}}},
      {"multiply", [](Tape& t, Vars v) { return Multiply(t, v[0], v[1]); }, {{3, 5}, {3, 5}}, {{300, 131}, {300, 131}}},
      {"multiply_by_itself", [](Tape& t, Vars v) { return Multiply(t, v[0], v[0]); }, {{3, 5}}, {{300, 131}}},
      {"add", [](Tape& t, Vars v) { return Add(t, v[0], v[1]); }, {{3, 5}, {3, 5}}, {{300, 131}, {300, 131}}},
      {"add_to_itself", [](Tape& t, Vars v) { return Add(t, v[0], v[0]); }, {{3, 5}}, {{300, 131}}},
      {"subtract", [](Tape& t, Vars v) { return Subtract(t, v[0], v[1]); }, {{3, 5}, {3, 5}}, {{300, 131}, {300, 131}}},
      {"subtract_from_itself", [](Tape& t, Vars v) { return Subtract(t, v[0], v[0]); }, {{3, 5}}, {{300, 131}}},
      {"sum", [](Tape& t, Vars v) { return Sum(t, v[0]); }, {{2, 3, 4}}, {{30, 40, 37}}},
      {"scale", [](Tape& t, Vars v) { return Scale(t, v[0], Real{-1.5}); }, {{3, 5}}, {{300, 131}}},
      {"concat", [](Tape& t, Vars v) { return Concat(t, v[0], v[1]); }, {{2, 3, 4}, {2, 3, 1}}, {{30, 40, 17}, {30, 40, 9}}},
      {"varying_filter",
       [](Tape& t, Vars v) {
         const Shape taps = t.Value(v[0]).shape();
         return VaryingFilter(t, v[0], {}, Randoms({taps[0], taps[1], taps[2] + 4}, 5));
       },
       {{4, 2, 3}},
       {{30, 20, 37}}},
      {"varying_filter_that_goes_on",
       [](Tape& t, Vars v) {
         const Shape taps = t.Value(v[0]).shape();
         return VaryingFilter(t, v[0], v[1], Randoms({taps[0], taps[1], taps[2] + 4}, 5));
       },
       {{4, 2, 3}, {2, 3}},
       {{30, 20, 37}, {20, 37}}},
      {"slice", [](Tape& t, Vars v) { return Slice(t, v[0], 1, 3); }, {{4, 2, 3}}, {{4, 100, 131}}},
      {"slice_columns", [](Tape& t, Vars v) { return SliceColumns(t, v[0], 1, 3); }, {{2, 3, 4}}, {{30, 40, 37}}},
      {"stack",
       [](Tape& t, Vars v) {
         return Stack(t, std::vector<Var>{v[0], v[1], v[0]});
       },
       {{2, 3}, {2, 3}},
       {{300, 131}, {300, 131}}},
      {"last_over_time", [](Tape& t, Vars v) { return LastOverTime(t, v[0]); }, {{4, 2, 3}}, {{30, 20, 37}}},
      {"last_over_time_of_ragged_rows",
       [](Tape& t, Vars v) { return LastOverTime(t, v[0], SomeLengths(t.Value(v[0]))); },
       {{3, 5, 2}},
       {{30, 20, 37}}},
      {"max_over_time", [](Tape& t, Vars v) { return MaxOverTime(t, v[0]); }, {{4, 2, 3}}, {{30, 20, 37}}},
      {"max_over_time_of_ragged_rows",
       [](Tape& t, Vars v) { return MaxOverTime(t, v[0], SomeLengths(t.Value(v[0]))); },
       {{3, 5, 2}},
       {{30, 20, 37}}},
      {"mean_over_time", [](Tape& t, Vars v) { return MeanOverTime(t, v[0]); }, {{4, 2, 3}}, {{30, 20, 37}}},
      {"mean_over_time_of_ragged_rows",
       [](Tape& t, Vars v) { return MeanOverTime(t, v[0], SomeLengths(t.Value(v[0]))); },
       {{3, 5, 2}},
       {{30, 20, 37}}},
      {"reshape", [](Tape& t, Vars v) { return Reshape(t, v[0], {v.size() * 6}); }, {{2, 3}}, {{1, 6}}},
  };
}

class Operation : public testing::TestWithParam<OperationCase> {};
INSTANTIATE_TEST_SUITE_P(Every, Operation, testing::ValuesIn(Cases()), [](const auto& info) { return info.param.name; });

std::vector<Tensor> Inputs(const std::string& name, const std::vector<Shape>& shapes) {
  std::vector<Tensor> inputs;
  for (const Shape& shape : shapes) inputs.push_back(Randoms(shape, inputs.size() + 1));
  for (Real& x : inputs[0].values()) {
    if (name == "relu") x += std::copysign(Real{0.1}, x);  // which has no derivative at 0: stay away
    if (name == "log") x = 1 + std::fabs(x);               // which is defined above 0 only
  }
  return inputs;
}

TEST_P(Operation, has_the_gradient_of_finite_differences) {
  const std::vector<Tensor> inputs = Inputs(GetParam().name, GetParam().small);
  ExpectGradientsMatchDifferences(GetParam().graph, inputs);
}

TEST_P(Operation, gives_the_same_bits_for_any_number_of_threads) {
  const std::vector<Tensor> inputs = Inputs(GetParam().name, GetParam().large);
  ExpectSameForAnyThreads(GetParam().graph, inputs);
}

TEST_P(Operation, gives_the_same_value_in_inference_but_for_dropout) {
  if (GetParam().name.ends_with("dropout")) return;
  const std::vector<Tensor> inputs = Inputs(GetParam().name, GetParam().small);
  Threads threads;
  Tape tape(threads, Tape::Mode::kInference);
  std::vector<Var> vars;
  for (const Tensor& input : inputs) vars.push_back(tape.Differentiable(input));
  ExpectSameBits(tape.Value(GetParam().graph(tape, vars)), Differentiate(GetParam().graph, inputs).value);
}

TEST(operations, an_input_that_needs_no_gradient_gets_none) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Randoms({3, 5}, 1)), w = tape.Differentiable(Randoms({1, 5}, 2));
  const Var y = Linear(tape, Slice(tape, x, 0, 1), w);
  tape.Backward(y);
  EXPECT_TRUE(tape.HasGrad(w));
  EXPECT_FALSE(tape.Needs(x));
}

TEST(operations, an_array_used_twice_gets_the_sum_of_its_gradients) {
  const Graph tied = [](Tape& t, const std::vector<Var>& v) {
    const std::vector<int32_t> indices = {2, 0, 2};
    return Linear(t, Tanh(t, Embedding(t, v[0], indices)), v[0]);
  };
  ExpectGradientsMatchDifferences(tied, {Randoms({4, 3}, 5)});
}

TEST(activations, are_finite_and_right_at_any_finite_input) {
  const Real most = std::numeric_limits<Real>::max();
  const std::vector<Real> extremes = {-most, -1e4f, -100, -20, -1e-30f, 0, 1e-30f, 20, 100, 1e4f, most};
  const Tensor x = Tensor::From({extremes.size()}, extremes);
  for (const auto& function : {Tanh, Sigmoid, Relu, Gelu}) {
    const Gradients g = Differentiate([&](Tape& t, const std::vector<Var>& v) { return function(t, v[0]); }, {x});
    for (Real y : g.value.values()) EXPECT_TRUE(std::isfinite(y)) << y;
    for (Real d : g.grads[0].values()) EXPECT_TRUE(std::isfinite(d)) << d;
  }
  Threads threads;
  Tape tape(threads);
  const Var v = tape.Constant(x);
  EXPECT_EQ(tape.Value(Tanh(tape, v))[0], -1);
  EXPECT_LT(tape.Value(Sigmoid(tape, v))[0], 1e-37);
  EXPECT_EQ(tape.Value(Sigmoid(tape, v))[10], 1);
  EXPECT_EQ(tape.Value(Gelu(tape, v))[0], 0);
  EXPECT_EQ(tape.Value(Gelu(tape, v))[10], most);
}

TEST(activations, are_those_of_the_standard_library_whatever_the_length_and_place) {
  const double tolerance = kDouble ? 1e-14 : 1e-6;
  Threads threads;
  const Tensor all = Randoms({70}, 3, 4);
  for (size_t n = 0; n <= 70; ++n) {
    Tape tape(threads);
    const Var x = tape.Constant(Tensor::From({n}, all.values().last(n)));
    const Tensor tanh = tape.Value(Tanh(tape, x)), sigmoid = tape.Value(Sigmoid(tape, x)), gelu = tape.Value(Gelu(tape, x));
    for (size_t i = 0; i < n; ++i) {
      const double value = all[70 - n + i];
      EXPECT_NEAR(tanh[i], std::tanh(value), tolerance);
      EXPECT_NEAR(sigmoid[i], 1 / (1 + std::exp(-value)), tolerance);
      EXPECT_NEAR(gelu[i], value * std::erfc(-value / std::sqrt(2.)) / 2, tolerance * std::max(1., std::fabs(value)));
      Tape alone(threads);
      const Var one = alone.Constant(Tensor::From({1}, all.values().subspan(70 - n + i, 1)));
      EXPECT_EQ(tanh[i], alone.Value(Tanh(alone, one))[0]);
      EXPECT_EQ(sigmoid[i], alone.Value(Sigmoid(alone, one))[0]);
      EXPECT_EQ(gelu[i], alone.Value(Gelu(alone, one))[0]);
    }
  }
}

TEST(activations, pass_on_nan) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Tensor::From({1}, std::vector<Real>{std::numeric_limits<Real>::quiet_NaN()}));
  for (const auto& function : {Tanh, Sigmoid, Relu, Gelu}) EXPECT_TRUE(std::isnan(tape.Value(function(tape, x))[0]));
}

TEST(dropout, drops_its_share_and_keeps_the_mean) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kTraining, 3);
  Tensor ones({100000});
  ones.Fill(1);
  const Tensor y = tape.Value(Dropout(tape, tape.Constant(ones), 0.3));
  const auto zeros = std::count(y.values().begin(), y.values().end(), Real{0});
  EXPECT_NEAR(static_cast<double>(zeros) / 1e5, 0.3, 0.01);
  for (Real v : y.values()) EXPECT_TRUE(v == 0 || std::fabs(v - Real{1} / Real{0.7}) < 1e-5f);
}

TEST(dropout, is_the_identity_in_inference_and_at_probability_0) {
  Threads threads;
  Tape inference(threads, Tape::Mode::kInference), training(threads);
  const Tensor x = Randoms({2, 3, 4}, 1);
  ExpectSameBits(x, inference.Value(Dropout(inference, inference.Constant(x), 0.9)));
  ExpectSameBits(x, inference.Value(VariationalDropout(inference, inference.Constant(x), 0.9)));
  ExpectSameBits(x, training.Value(Dropout(training, training.Constant(x), 0)));
}

TEST(dropout, two_masks_of_a_tape_differ_and_the_seed_decides_them) {
  const auto masks = [](uint64_t seed) {
    Threads threads;
    Tape tape(threads, Tape::Mode::kTraining, seed);
    Tensor ones({64});
    ones.Fill(1);
    const Var x = tape.Constant(ones);
    const Var first = Dropout(tape, x, 0.5), second = Dropout(tape, x, 0.5);
    const auto a = tape.Value(first).values(), b = tape.Value(second).values();
    return std::pair(std::vector<Real>(a.begin(), a.end()), std::vector<Real>(b.begin(), b.end()));
  };
  EXPECT_NE(masks(1).first, masks(1).second);
  EXPECT_EQ(masks(1), masks(1));
  EXPECT_NE(masks(1), masks(2));
}

TEST(dropout, a_variational_mask_is_the_same_at_every_step) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kTraining, 5);
  Tensor ones({6, 3, 40});
  ones.Fill(1);
  const Tensor y = tape.Value(VariationalDropout(tape, tape.Constant(ones), 0.5));
  for (size_t i = 0; i < y.size(); ++i) EXPECT_EQ(y[i], y[i % 120]);
}

TEST(layer_norm, of_a_constant_row_is_its_shift) {
  Threads threads;
  Tape tape(threads);
  Tensor x({2, 4});
  x.Fill(Real{1e6});
  const Tensor shift = Randoms({4}, 1);
  const Tensor y = tape.Value(LayerNorm(tape, tape.Constant(x), tape.Constant(Randoms({4}, 2)), tape.Constant(shift)));
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(y[i], shift[i % 4]);
}

TEST(weight_norm, gives_each_row_its_length_and_a_direction_of_zeros_zeros) {
  Threads threads;
  Tape tape(threads);
  const Tensor v = Tensor::From({3, 2}, std::vector<Real>{3, 4, 0, 0, -6, 8}),
               g = Tensor::From({3}, std::vector<Real>{10, 1, -5});
  const Tensor w = tape.Value(WeightNorm(tape, tape.Constant(v), tape.Constant(g)));
  const std::vector<Real> expected = {6, 8, 0, 0, 3, -4};
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(w[i], expected[i], 1e-6);
  EXPECT_THROW(WeightNorm(tape, tape.Constant(v), tape.Constant(Tensor({2}))), Error);
}

TEST(pooling_over_time, reads_no_step_beyond_a_row_s_end) {
  Threads threads;
  Tape tape(threads);
  const std::vector<Real> values = {1, 5, -3, 7, 2, 100};  // [3, 2, 1]: rows 1 -3 2 and 5 7 100
  const Var x = tape.Constant(Tensor::From({3, 2, 1}, values));
  const std::vector<size_t> lengths = {3, 2}, none = {0, 1};
  EXPECT_EQ(tape.Value(MaxOverTime(tape, x, lengths))[0], 2);
  EXPECT_EQ(tape.Value(MaxOverTime(tape, x, lengths))[1], 7);
  EXPECT_EQ(tape.Value(MeanOverTime(tape, x, lengths))[0], 0);
  EXPECT_EQ(tape.Value(MeanOverTime(tape, x, lengths))[1], 6);
  EXPECT_EQ(tape.Value(LastOverTime(tape, x, lengths))[0], 2);
  EXPECT_EQ(tape.Value(LastOverTime(tape, x, lengths))[1], 7);
  for (const auto& pool : {MaxOverTime, MeanOverTime, LastOverTime}) {
    EXPECT_EQ(tape.Value(pool(tape, x, none))[0], 0);
    EXPECT_EQ(tape.Value(pool(tape, x, none))[1], 5);
    EXPECT_THROW(pool(tape, x, std::vector<size_t>{3}), Error);
    EXPECT_THROW(pool(tape, x, std::vector<size_t>{3, 4}), Error);
    EXPECT_THROW(pool(tape, tape.Constant(Tensor({3, 2})), {}), Error);
  }
}

TEST(varying_filter, glides_from_the_taps_before_to_its_own) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kInference);
  Tensor taps({2, 1, 3}), sound({2, 1, 6});
  taps[1] = 1;  // passes sound on
  taps[4] = 5;
  for (size_t i = 0; i < 12; ++i) sound[i] = 1;
  const Tensor y = tape.Value(VaryingFilter(tape, tape.Constant(taps), {}, sound));
  const Real expected[] = {1, 1, 1, 1, 2, 3, 4, 5};
  ASSERT_EQ(y.shape(), (Shape{2, 1, 4}));
  for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(y[i], expected[i], 1e-6) << i;
}

TEST(softmax, of_any_finite_row_is_a_distribution) {
  Threads threads;
  Tape tape(threads);
  const Real most = std::numeric_limits<Real>::max();
  const std::vector<Real> values = {-most, 0, most, 1e4f, 1e4f, 1e4f, -1e30f, -1e30f, -1e30f};
  const Var y = Softmax(tape, tape.Constant(Tensor::From({3, 3}, values)));
  const std::vector<Real> expected = {0, 0, 1, Real{1} / 3, Real{1} / 3, Real{1} / 3, Real{1} / 3, Real{1} / 3, Real{1} / 3};
  for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(tape.Value(y)[i], expected[i], 1e-6);
}

TEST(operations, are_those_of_the_standard_library_and_of_a_naive_loop) {
  Threads threads;
  Tape tape(threads);
  const Tensor x = Randoms({4, 3}, 1), y = Randoms({3, 5}, 2);
  const Var vx = tape.Constant(x), vy = tape.Constant(y);
  const Tensor product = tape.Value(MatrixProduct(tape, vx, vy));
  double total = 0;
  for (size_t i = 0; i < 4; ++i) {
    for (size_t j = 0; j < 5; ++j) {
      double sum = 0;
      for (size_t k = 0; k < 3; ++k) sum += static_cast<double>(x[i * 3 + k]) * y[k * 5 + j];
      EXPECT_NEAR(product[i * 5 + j], sum, 1e-5);
    }
    for (size_t k = 0; k < 3; ++k) total += x[i * 3 + k];
  }
  EXPECT_NEAR(tape.Value(Sum(tape, vx))[0], total, 1e-5);
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(tape.Value(Exp(tape, vx))[i], std::exp(x[i]));
    EXPECT_EQ(tape.Value(Log(tape, Exp(tape, vx)))[i], std::log(std::exp(x[i])));
  }
  const Var rows[] = {Slice(tape, vx, 0, 2), Slice(tape, vx, 2, 4)};
  ExpectSameBits(tape.Value(Reshape(tape, Stack(tape, rows), {4, 3})), x);
  ExpectSameBits(tape.Value(Concat(tape, SliceColumns(tape, vx, 0, 1), SliceColumns(tape, vx, 1, 3))), x);
  for (const Real zero : tape.Value(Subtract(tape, vx, vx)).values()) EXPECT_EQ(zero, 0);
}

TEST(operations, of_nothing_give_nothing) {
  Threads threads(2);
  Tape tape(threads);
  const Var none = tape.Differentiable(Tensor({0, 3}));
  EXPECT_EQ(tape.Value(Linear(tape, none, tape.Constant(Randoms({2, 3}, 1)))).shape(), (Shape{0, 2}));
  EXPECT_EQ(tape.Value(Tanh(tape, none)).shape(), (Shape{0, 3}));
  EXPECT_EQ(tape.Value(Slice(tape, none, 0, 0)).shape(), (Shape{0, 3}));
  EXPECT_EQ(tape.Value(SliceColumns(tape, none, 1, 3)).shape(), (Shape{0, 2}));
  EXPECT_EQ(tape.Value(Softmax(tape, none)).shape(), (Shape{0, 3}));
  EXPECT_EQ(tape.Value(Softmax(tape, tape.Constant(Tensor({3, 0})))).shape(), (Shape{3, 0}));
  EXPECT_EQ(tape.Value(MatrixProduct(tape, none, tape.Constant(Randoms({3, 2}, 1)))).shape(), (Shape{0, 2}));
  EXPECT_EQ(tape.Value(LastOverTime(tape, tape.Constant(Tensor({0, 2, 3})))).shape(), (Shape{2, 3}));
  EXPECT_EQ(tape.Value(Sum(tape, none))[0], 0);
  EXPECT_EQ(tape.Value(Embedding(tape, tape.Constant(Randoms({2, 3}, 1)), {})).shape(), (Shape{0, 3}));
}

TEST(operations, refuse_shapes_that_do_not_fit_and_name_both) {
  Threads threads;
  Tape tape(threads);
  const auto var = [&](const Shape& shape) { return tape.Constant(Tensor(shape)); };
  const auto message = [](const auto& call) -> std::string {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message([&] {
              Linear(tape, var({2, 3}), var({4, 5}));
            }),
            "linear: weight must be [N, 3] for an input [2, 3], but is [4, 5]");
  EXPECT_EQ(message([&] {
              Linear(tape, var({2, 3}), var({4, 3}), var({3}));
            }),
            "linear: bias must be of shape [4], but is [3]");
  EXPECT_EQ(message([&] { Add(tape, var({2, 3}), var({3, 2})); }), "add: b must be of shape [2, 3], but is [3, 2]");
  EXPECT_EQ(message([&] {
              Slice(tape, var({2, 3}), 1, 3);
            }),
            "slice: the range of steps must be within [2, 3], but is 1 to 3");
  const std::vector<int32_t> high = {4}, low = {-1};
  EXPECT_EQ(message([&] { Embedding(tape, var({4, 2}), high); }), "embedding: index must be in [0, 4), but is 4");
  EXPECT_EQ(message([&] { Embedding(tape, var({4, 2}), low); }), "embedding: index must be in [0, 4), but is -1");
  EXPECT_THROW(Concat(tape, var({2, 3}), var({3, 3})), Error);
  EXPECT_THROW(Concat(tape, var({2, 3}), var({2, 3, 1})), Error);
  EXPECT_THROW(Reshape(tape, var({2, 3}), {7}), Error);
  EXPECT_THROW(Multiply(tape, var({2, 3}), var({3, 2})), Error);
  EXPECT_THROW(LayerNorm(tape, var({2, 3}), var({2})), Error);
  EXPECT_THROW(RmsNorm(tape, var({2, 3}), var({2})), Error);
  EXPECT_THROW(GroupNorm(tape, var({2, 3}), 2, var({3})), Error);
  EXPECT_THROW(GroupNorm(tape, var({2, 3}), 0, var({3})), Error);
  EXPECT_THROW(LayerNorm(tape, var({}), var({1})), Error);
  EXPECT_THROW(VaryingFilter(tape, var({2, 3}), {}, Tensor({2, 3, 4})), Error);
  EXPECT_THROW(VaryingFilter(tape, var({2, 3, 4}), {}, Tensor({2, 3, 3})), Error);
  EXPECT_THROW(VaryingFilter(tape, var({2, 3, 4}), {}, Tensor({3, 3, 4})), Error);
  EXPECT_THROW(VaryingFilter(tape, var({2, 3, 4}), var({2, 4}), Tensor({2, 3, 5})), Error);
  EXPECT_THROW(VariationalDropout(tape, var({2, 3}), 0.5), Error);
  for (double probability : {-0.1, 1., std::nan("")}) EXPECT_THROW(Dropout(tape, var({2}), probability), Error);
}

}  // namespace ops_gradient_test
}  // namespace eddy
