// What is wrong with a layer, a stream or a search is said by an Error, and layers may move at any time.
#include <type_traits>

#include "eddy/crf.h"
#include "eddy/ctc.h"
#include "eddy/encoder.h"
#include "eddy/error.h"
#include "nn/every_layer.h"

namespace eddy {
namespace layer_misuse_test {

const Sequence kSequence{5, 2, {5, 3}, {}};

struct TrainingStep {
  Tensor y, dx;
  std::vector<Tensor> grads;
};

// A training step of a layer, with `between` done between its forward and its backward.
template <class Layer>
TrainingStep Train(const Layer& layer, const auto& between) {
  Threads threads;
  Tape tape(threads);
  TrainingStep run;
  std::vector<Tensor> grads;
  for (const Parameter* parameter : layer.parameters()) run.grads.push_back(parameter->grad);
  const Var x = tape.Differentiable(SomeInputs(5, 2)), y = Outputs(layer, tape, x, kSequence);
  run.y = tape.Value(y);
  between();
  tape.Backward(Sum(tape, Multiply(tape, y, y)));
  run.dx = tape.Grad(x);
  return run;
}

void ExpectSame(const TrainingStep& a, const TrainingStep& b) {
  EXPECT_TRUE(SameBits(a.y, b.y));
  EXPECT_TRUE(SameBits(a.dx, b.dx));
  ASSERT_EQ(a.grads.size(), b.grads.size());
  for (size_t i = 0; i < a.grads.size(); ++i) EXPECT_TRUE(SameBits(a.grads[i], b.grads[i])) << i;
}

TEST(layers, are_moved_but_not_copied) {
  ForEveryLayer([](const auto& make) {
    using Layer = decltype(make());
    static_assert(!std::is_copy_constructible_v<Layer> && !std::is_copy_assignable_v<Layer>);
    static_assert(std::is_nothrow_move_constructible_v<Layer>);
  });
  static_assert(!std::is_copy_constructible_v<Crf>);
}

TEST(layers, may_move_between_forward_and_backward) {
  ForEveryLayer([](const auto& make) {
    const auto still = make();
    const TrainingStep expected = Train(still, [] {});
    std::vector<decltype(make())> growing;
    growing.push_back(make());
    const TrainingStep given = Train(growing[0], [&] {
      for (int i = 0; i < 5; ++i) growing.push_back(make());
    });
    ExpectSame(expected, given);
  });
}

TEST(layers, may_go_between_forward_and_backward) {
  ForEveryLayer([](const auto& make) {
    const auto still = make();
    const TrainingStep expected = Train(still, [] {});
    auto gone = std::make_unique<decltype(make())>(make());
    ExpectSame(expected, Train(*gone, [&] { gone.reset(); }));
  });
}

TEST(layers, keep_their_parameters_in_place_when_they_move) {
  ForEveryLayer([](const auto& make) {
    auto layer = make();
    const std::vector<Parameter*> before = layer.parameters();
    auto moved = std::move(layer);
    EXPECT_EQ(moved.parameters(), before);
  });
}

TEST(layers, that_have_been_moved_from_are_refused) {
  ForEveryLayer([](const auto& make) {
    auto layer = make();
    const auto moved = std::move(layer);
    Threads threads;
    Tape tape(threads);
    const Var x = tape.Constant(SomeInputs(5, 2));
    EXPECT_THROW(Outputs(layer, tape, x, kSequence), Error);  // NOLINT(bugprone-use-after-move)
  });
  RecurrentStack stack = [] {
    Random random(1);
    return RecurrentStack(SomeStack(), "l", random);
  }();
  const RecurrentStack moved = std::move(stack);
  EXPECT_THROW(RecurrentStream{stack}, Error);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(stack.output_width(), kWidth);
  Random random(1);
  Recurrent layer(SomeRecurrent(), "l", random);
  const Recurrent other = std::move(layer);
  Threads threads;
  EXPECT_THROW(layer.Freeze(Precision::kFloat32, threads), Error);  // NOLINT(bugprone-use-after-move)
  EXPECT_THROW(layer.parameters(), Error);
  Tcn tcn({.input = kWidth, .hidden = kWidth}, "l", random);
  const Tcn another = std::move(tcn);
  EXPECT_THROW(TcnStream{tcn}, Error);  // NOLINT(bugprone-use-after-move)
  Crf crf(3, "crf");
  const Crf field = std::move(crf);
  EXPECT_THROW(crf.Decode(Tensor({1, 1, 3}), {1, 1, {}, {}}), Error);  // NOLINT(bugprone-use-after-move)
}

TEST(layers, refuse_a_parameter_that_was_given_another_shape) {
  ForEveryLayer([](const auto& make) {
    for (size_t i = 0; i < make().parameters().size(); ++i) {
      for (const bool of_value : {true, false}) {
        auto layer = make();
        Parameter& parameter = *layer.parameters()[i];
        (of_value ? parameter.value : parameter.grad) = Tensor({1, 1});
        Threads threads;
        Tape tape(threads);
        EXPECT_THROW(Outputs(layer, tape, tape.Constant(SomeInputs(5, 2)), kSequence), Error) << parameter.name;
      }
    }
  });
}

TEST(layers, refuse_inputs_that_do_not_fit) {
  ForEveryLayer([](const auto& make) {
    const auto layer = make();
    Threads threads;
    Tape tape(threads), other(threads);
    EXPECT_THROW(Outputs(layer, tape, {}, kSequence), Error);
    EXPECT_THROW(Outputs(layer, tape, other.Constant(SomeInputs(5, 2)), kSequence), Error);
    EXPECT_THROW(Outputs(layer, tape, tape.Constant(Tensor({5, 2, kWidth + 1})), kSequence), Error);
    EXPECT_THROW(Outputs(layer, tape, tape.Constant(Tensor({5, 2, 0})), kSequence), Error);
    EXPECT_THROW(Outputs(layer, tape, tape.Constant(Tensor(Shape{})), kSequence), Error);
    if constexpr (requires { layer.Forward(tape, Var(), kSequence); }) {
      const Var x = tape.Constant(SomeInputs(5, 2));
      EXPECT_THROW(Outputs(layer, tape, x, {6, 2, {}, {}}), Error);
      EXPECT_THROW(Outputs(layer, tape, x, {5, 3, {}, {}}), Error);
      EXPECT_THROW(Outputs(layer, tape, x, {5, 2, {5}, {}}), Error);
      EXPECT_THROW(Outputs(layer, tape, x, {5, 2, {5, 6}, {}}), Error);
      EXPECT_THROW(Outputs(layer, tape, x, {5, 2, {}, {0, 1}}), Error);
    }
  });
}

TEST(layers, too_large_for_any_memory_are_refused) {
  Random random(1);
  RecurrentOptions huge = SomeRecurrent();
  huge.input = huge.hidden = size_t{1} << 20;
  EXPECT_THROW(Recurrent(huge, "l", random), Error);
  EXPECT_THROW(LinearLayer({.input = size_t{1} << 20, .output = size_t{1} << 20}, "l", random), Error);
  EXPECT_THROW(LinearLayer({.input = 0, .output = 1}, "l", random), Error);
  EXPECT_THROW(LinearLayer({.input = 1, .output = size_t{1} << 40}, "l", random), Error);
}

TEST(layers, of_no_blocks_or_of_more_than_anyone_has_are_refused) {
  Random random(1);
  for (const size_t blocks : {size_t{0}, size_t{1} << 61}) {
    EXPECT_THROW(Transformer({.input = 4, .hidden = 4, .blocks = blocks}, "l", random), Error);
    EXPECT_THROW(Griffin({.input = 4, .hidden = 4, .blocks = blocks}, "l", random), Error);
    EXPECT_THROW(RecurrentBlocks({.input = 4, .hidden = 4, .blocks = blocks}, "l", random), Error);
    EXPECT_THROW(Tcn({.input = 4, .hidden = 4, .blocks = blocks}, "l", random), Error);
  }
  EXPECT_THROW(ResidualStack({.input = 4, .hidden = 4}, std::vector<std::unique_ptr<Mixer>>(1), "l", random), Error);
}

TEST(streams, that_have_been_moved_from_do_nothing_or_are_refused) {
  ForEveryStream([](const auto& make) {
    auto stream = make(1);
    const std::vector<Real> x(kWidth, Real{1});
    auto moved = std::move(stream);
    EXPECT_FALSE(moved.Step(x.data()).empty());
    EXPECT_TRUE(stream.Step(x.data()).empty());  // NOLINT(bugprone-use-after-move)
    if constexpr (requires { stream.state(); }) {
      EXPECT_THROW(stream.state(), Error);
      EXPECT_THROW(stream.Reset(), Error);
    }
    if constexpr (requires { stream.state_size(); }) {
      EXPECT_THROW(stream.state_size(), Error);
    }
    static_assert(noexcept(stream.Step(nullptr)));
  });
}

TEST(streams, have_between_one_row_and_a_million) {
  ForEveryStream([](const auto& make) {
    for (const size_t rows : {size_t{0}, (size_t{1} << 20) + 1, size_t{1} << 61, ~size_t{0}}) {
      EXPECT_THROW(make(rows), Error) << rows;
    }
  });
}

TEST(streams, whose_state_no_memory_holds_are_refused) {
  Random random(1);
  const size_t large = size_t{1} << 20;
  const Conv1d layer({.input = 8, .output = 1, .kernel = 8, .convolution = {.dilation = large}}, "l", random);
  EXPECT_THROW(Conv1dStream(layer, large), Error);
}

TEST(a_segment, is_for_one_forward) {
  Random random(1);
  const Tcn layer({.input = kWidth, .hidden = kWidth, .blocks = 2}, "l", random);
  const RecurrentStack stack(SomeStack(), "l", random);
  Threads threads;
  Tape tape(threads);
  const Sequence sequence{5, 2, {}, {}};
  const Var x = tape.Constant(SomeInputs(5, 2));
  Segment first;
  layer.Forward(tape, x, sequence, &first);
  Segment second(first.after());
  layer.Forward(tape, x, sequence, &second);
  EXPECT_THROW(layer.Forward(tape, x, sequence, &second), Error);
}

TEST(a_segment, refuses_what_another_layer_or_batch_handed_on) {
  Random random(1);
  const Tcn layer({.input = kWidth, .hidden = kWidth}, "l", random);
  Threads threads;
  Tape tape(threads), other(threads);
  const Sequence sequence{5, 2, {}, {}};
  const Var x = tape.Constant(SomeInputs(5, 2));
  const auto var = [&](const Shape& shape) { return tape.Constant(Tensor(shape)); };
  const std::vector<std::vector<Var>> wrong = {
      {var({2, kWidth})},
      {var({2, kWidth}), var({1, 1}), var({2, kWidth}), var({2, 1})},
      {var({2, kWidth}), var({2}), var({2, kWidth}), var({2, 1})},
      {var({2, 1}), var({2, kWidth}), var({2, 1}), var({2, kWidth})},
      {var({3, kWidth}), var({3, 1}), var({3, kWidth}), var({3, 1})},
      {Var(), Var(), Var(), Var()},
      {other.Constant(Tensor({2, kWidth})), var({2, 1}), var({2, kWidth}), var({2, 1})},
  };
  for (const std::vector<Var>& before : wrong) {
    Segment segment(before);
    EXPECT_THROW(layer.Forward(tape, x, sequence, &segment), Error);
  }
  Segment segment;
  EXPECT_THROW(layer.Forward(tape, tape.Constant(Tensor({5, 2})), sequence, &segment), Error);
}

TEST(a_state, is_saved_and_loaded_whole) {
  Random random(1);
  const Encoder encoder({.input = kWidth, .layers = {SomeStack()}}, "l", random);
  EncoderStream stream(encoder);
  std::vector<Real> state(stream.state_size());
  stream.SaveState(state);
  stream.LoadState(state);
  for (const size_t size : {size_t{0}, state.size() - 1, state.size() + 1}) {
    std::vector<Real> wrong(size);
    EXPECT_THROW(stream.SaveState(wrong), Error);
    EXPECT_THROW(stream.LoadState(wrong), Error);
  }
  const EncoderStream moved = std::move(stream);
  EXPECT_THROW(stream.SaveState(state), Error);  // NOLINT(bugprone-use-after-move)
  EXPECT_THROW(stream.Reset(), Error);
}

TEST(a_search, that_has_been_moved_from_is_refused) {
  CtcBeamSearch search(3, 2);
  const std::vector<Real> logits(3);
  CtcBeamSearch moved = std::move(search);
  moved.Step(logits.data());
  EXPECT_THROW(search.Step(logits.data()), Error);  // NOLINT(bugprone-use-after-move)
  EXPECT_THROW(search.Best(), Error);
}

}  // namespace layer_misuse_test
}  // namespace eddy
