// What is wrong on a tape, or with a tensor, is said by an Error: nothing is read that is not there.
#include <gtest/gtest.h>

#include <optional>
#include <type_traits>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "eddy/random.h"

namespace eddy {
namespace tape_misuse_test {

std::string MessageOf(const auto& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Tensor Ones(const Shape& shape) {
  Tensor ones(shape);
  ones.Fill(1);
  return ones;
}

TEST(a_none_var, is_no_value) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Differentiable(Ones({2, 3})), none;
  EXPECT_EQ(MessageOf([&] { tape.Value(none); }), "tape: a value must be one of this tape, but is none");
  EXPECT_THROW(tape.Grad(none), Error);
  EXPECT_THROW(tape.Backward(none), Error);
  EXPECT_FALSE(tape.Needs(none));
  EXPECT_FALSE(tape.HasGrad(none));
  EXPECT_THROW(Add(tape, none, x), Error);
  EXPECT_THROW(Add(tape, x, none), Error);
  EXPECT_THROW(Linear(tape, x, none), Error);
  EXPECT_THROW(LayerNorm(tape, x, none), Error);
  EXPECT_THROW(Embedding(tape, none, {}), Error);
  EXPECT_THROW(SquaredError(tape, none, Ones({2, 3})), Error);
  for (const auto& operation : {Tanh, Relu, Gelu, Exp, Log, Softmax, Sum}) EXPECT_THROW(operation(tape, none), Error);
  EXPECT_THROW(Stack(tape, std::vector<Var>{x, none}), Error);
}

TEST(a_var_of_another_tape, is_no_value_even_where_its_place_has_one) {
  Threads threads;
  Tape one(threads), two(threads);
  const Var x = one.Differentiable(Ones({2, 3})), y = two.Differentiable(Ones({2, 3}));
  EXPECT_EQ(MessageOf([&] { two.Value(x); }), "tape: a value must be one of this tape, but is another tape's");
  EXPECT_THROW(Add(two, x, y), Error);
  EXPECT_THROW(Add(two, y, x), Error);
  EXPECT_THROW(Reshape(two, x, {6}), Error);
  EXPECT_THROW(two.Record(Ones({1}), {x}, [](const Tensor&) {}), Error);
  EXPECT_THROW(two.Needs(x), Error);
  EXPECT_THROW(two.HasGrad(x), Error);
  EXPECT_THROW(two.Grad(x), Error);
  EXPECT_THROW(two.Backward(Sum(one, x)), Error);
}

TEST(a_var_of_another_tape, is_told_from_those_of_a_later_tape_at_the_same_place) {
  Threads threads;
  std::optional<Tape> tape;
  tape.emplace(threads);
  const Var x = tape->Constant(Ones({2}));
  tape.emplace(threads);
  tape->Constant(Ones({2}));
  EXPECT_THROW(tape->Value(x), Error);
}

TEST(an_empty_tensor, is_no_value) {
  Threads threads;
  Tape tape(threads);
  EXPECT_EQ(MessageOf([&] { tape.Constant({}); }), "tape: a value must be an array, but is an empty tensor");
  EXPECT_THROW(tape.Differentiable({}), Error);
  EXPECT_THROW(tape.Record(Tensor(), {}, [](const Tensor&) {}), Error);
  Parameter none;
  EXPECT_THROW(tape.Use(none), Error);
  EXPECT_THROW(tape.Use(std::as_const(none)), Error);
  const Var x = tape.Constant(Ones({2, 3}));
  EXPECT_THROW(SquaredError(tape, x, {}), Error);
  EXPECT_THROW(Tensor().Reshape({0}), Error);
  EXPECT_THROW(Tensor().Rows(0, 1), Error);
  EXPECT_THROW(Tensor::Over({2}, nullptr), Error);
  EXPECT_TRUE(Tensor().Clone().empty());
}

TEST(what_was_moved_from, is_empty) {
  Tensor from = Ones({2, 3});
  const Tensor to = std::move(from);
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(from.size(), 0u);
  EXPECT_EQ(from.shape(), Shape());
  EXPECT_EQ(to.size(), 6u);
  Threads threads;
  Tape tape(threads);
  Parameter parameter("p", Ones({2}));
  const Parameter other = std::move(parameter);
  EXPECT_THROW(tape.Use(parameter), Error);  // NOLINT(bugprone-use-after-move)
}

TEST(a_parameter, of_another_shape_than_its_gradient_is_refused) {
  Threads threads;
  Tape tape(threads);
  Parameter parameter("weights", Ones({2, 3}));
  parameter.value = Ones({4, 3});
  EXPECT_EQ(MessageOf([&] { tape.Use(parameter); }), "tape: the gradient of weights must be of shape [4, 3], but is [2, 3]");
  parameter.grad = {};
  EXPECT_THROW(tape.Use(parameter), Error);
}

TEST(backward, keeps_the_value_of_the_loss_and_frees_the_others) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Differentiable(Ones({2, 3})), y = Scale(tape, x, 2), loss = Sum(tape, y);
  tape.Backward(loss);
  EXPECT_EQ(tape.Value(loss)[0], 12);
  EXPECT_EQ(tape.Value(x)[0], 1);
  EXPECT_EQ(tape.Grad(x)[5], 2);
  EXPECT_EQ(MessageOf([&] { tape.Value(y); }), "tape: a value must be one that is kept, but is freed by Backward");
  EXPECT_THROW(tape.Grad(y), Error);
  EXPECT_THROW(tape.Grad(loss), Error);
  EXPECT_THROW(Tanh(tape, y), Error);
  EXPECT_FALSE(tape.HasGrad(y));
}

TEST(backward, runs_once) {
  Threads threads;
  Tape tape(threads), of_constants(threads), inference(threads, Tape::Mode::kInference);
  const Var loss = Sum(tape, tape.Differentiable(Ones({2, 3})));
  tape.Backward(loss);
  EXPECT_EQ(MessageOf([&] { tape.Backward(loss); }),
            "backward: the tape must be a new one, but is one that has been run backward");
  const Var constant = of_constants.Constant(Ones({1}));
  of_constants.Backward(constant);
  EXPECT_THROW(of_constants.Backward(constant), Error);
  EXPECT_THROW(inference.Backward(inference.Constant(Ones({1}))), Error);
}

TEST(backward, wants_a_loss_of_one_element) {
  Threads threads;
  Tape tape(threads);
  EXPECT_THROW(tape.Backward(tape.Differentiable(Ones({2}))), Error);
  EXPECT_THROW(tape.Backward(tape.Differentiable(Tensor({0}))), Error);
}

TEST(backward, gives_no_gradient_to_what_needs_none) {
  Threads threads;
  Tape tape(threads);
  EXPECT_THROW(tape.Grad(tape.Constant(Ones({2}))), Error);
}

TEST(a_tape, is_neither_copied_nor_moved) {
  static_assert(!std::is_copy_constructible_v<Tape> && !std::is_move_constructible_v<Tape>);
  static_assert(!std::is_copy_assignable_v<Tape> && !std::is_move_assignable_v<Tape>);
  static_assert(!std::is_copy_constructible_v<Parameter> && std::is_nothrow_move_constructible_v<Parameter>);
}

TEST(a_huge_shape, is_refused_by_name) {
  const size_t large = size_t{1} << 31;
  EXPECT_EQ(MessageOf([&] {
              Tensor({large, large});
            }),
            "tensor: shape must be one that there is memory for, but is [2147483648, 2147483648]");
  EXPECT_THROW(Tensor({large, large, large}), Error);  // whose size overflows
  EXPECT_THROW(Tensor({large, large, 4}), Error);      // to 0
  EXPECT_THROW(Tensor({~size_t{0}}), Error);
  EXPECT_THROW(Tensor({1, 1, 1, 1, 1}), Error);
  EXPECT_EQ(Ones({2}).dim(99), 0u);
  Threads threads;
  Tape tape(threads);
  EXPECT_THROW(tape.Uninitialized({large, large}), Error);
  EXPECT_THROW(Reshape(tape, tape.Constant(Ones({4})), {large, large, 4}), Error);
  EXPECT_THROW(tape.Uninitialized({1}).Rows(1, ~size_t{0}), Error);
}

TEST(operations, refuse_ranges_and_sizes_that_are_not_there) {
  Threads threads;
  Tape tape(threads);
  const Var x = tape.Constant(Ones({2, 3})), scalar = tape.Constant(Ones({}));
  EXPECT_THROW(SliceColumns(tape, x, 1, 4), Error);
  EXPECT_THROW(SliceColumns(tape, x, 2, 1), Error);
  EXPECT_THROW(SliceColumns(tape, scalar, 0, 1), Error);
  EXPECT_THROW(Slice(tape, x, 0, ~size_t{0}), Error);
  EXPECT_THROW(Subtract(tape, x, scalar), Error);
  EXPECT_THROW(MatrixProduct(tape, x, x), Error);
  EXPECT_THROW(MatrixProduct(tape, scalar, x), Error);
  EXPECT_THROW(LastOverTime(tape, x), Error);
  EXPECT_THROW(LastOverTime(tape, tape.Constant(Ones({2, 1, 1})), std::vector<size_t>{3}), Error);
  EXPECT_THROW(Softmax(tape, scalar), Error);
  EXPECT_THROW(Stack(tape, {}), Error);
  EXPECT_THROW(Stack(tape, std::vector<Var>{x, scalar}), Error);
  EXPECT_THROW(Stack(tape, std::vector<Var>{tape.Constant(Ones({1, 1, 1, 1}))}), Error);
  EXPECT_THROW(SoftmaxCrossEntropy(tape, tape.Constant(Tensor({1, 0})), std::vector<int32_t>{0}), Error);
  EXPECT_THROW(WeightNorm(tape, scalar, scalar), Error);
}

TEST(losses, refuse_an_empty_target_and_rows_of_nothing) {
  Threads threads;
  Tape tape(threads);
  const auto var = [&](const Shape& shape) { return tape.Constant(Tensor(shape)); };
  EXPECT_THROW(GaussianLoss(tape, var({2}), {}), Error);  // one position, as a scalar target has
  EXPECT_THROW(Pinball(tape, var({1}), {}, std::vector<double>{0.5}), Error);
  EXPECT_THROW(Pinball(tape, var({2, 0}), Tensor({2}), {}), Error);
  EXPECT_THROW(BernoulliLoss(tape, var({2, 0}), Tensor({2, 0})), Error);
  EXPECT_THROW(BernoulliLoss(tape, var({}), {}), Error);
}

TEST(random_numbers, refuse_an_empty_range_and_a_state_that_gives_only_zeros) {
  Random random(1);
  EXPECT_EQ(MessageOf([&] { random.Below(0); }), "random: bound must be above 0, but is 0");
  EXPECT_THROW(Random(Random::State{}), Error);
  EXPECT_EQ(random.Below(1), 0u);
}

}  // namespace tape_misuse_test
}  // namespace eddy
