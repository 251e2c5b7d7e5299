// A layer over parameters that stand elsewhere, and gradients that come from elsewhere: what lets another framework's
// modules be run by Eddy's layers.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <functional>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "eddy/recurrent.h"

namespace eddy {
namespace over_parameters_test {

constexpr size_t kSteps = 5, kRows = 3, kInputs = 5, kHidden = 13;

// Memory whose last element is followed by a page that may not be touched.
class Guarded {
 public:
  Tensor Make(const Shape& shape) {
    const size_t bytes = shape.size() * sizeof(Real), page = 4096, pages = (bytes + page - 1) / page;
    char* base =
        static_cast<char*>(mmap(nullptr, (pages + 1) * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_NE(base, MAP_FAILED);
    mprotect(base + pages * page, page, PROT_NONE);
    maps_.push_back({base, (pages + 1) * page});
    Real* data = reinterpret_cast<Real*>(base + pages * page - bytes);
    return Tensor::Over(shape, std::shared_ptr<Real[]>(std::shared_ptr<void>(), data));
  }
  Tensor Copy(const Tensor& from) {
    const Tensor to = Make(from.shape());
    std::copy(from.values().begin(), from.values().end(), to.data());
    return to;
  }
  ~Guarded() {
    for (const auto& [base, bytes] : maps_) munmap(base, bytes);
  }

 private:
  std::vector<std::pair<char*, size_t>> maps_;
};

Tensor Noise(const Shape& shape, Random& random) {
  Tensor noise(shape);
  for (Real& x : noise.values()) x = static_cast<Real>(random.Normal());
  return noise;
}

void ExpectSame(const Tensor& a, const Tensor& b) {
  ASSERT_EQ(a.shape(), b.shape());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)), 0);
}

class OverParameters : public testing::TestWithParam<std::string> {};

TEST_P(OverParameters, a_layer_equals_the_one_whose_parameters_it_shares_and_touches_nothing_beyond_them) {
  for (const bool options : {false, true}) {
    Random random(1);
    Recurrent layer({.cell = GetParam(),
                     .input = kInputs,
                     .hidden = kHidden,
                     .projection = options ? 3u : 0u,
                     .layer_norm = options,
                     .learned_state = options},
                    "layer", random);
    Guarded memory;
    std::vector<Parameter> parameters;
    for (const Parameter* p : layer.parameters()) {
      parameters.emplace_back();
      parameters.back().name = p->name;
      parameters.back().value = memory.Copy(p->value);
      parameters.back().grad = memory.Make(p->value.shape());
    }
    Recurrent other(layer.options(), std::move(parameters));

    const Tensor x = Noise({kSteps, kRows, kInputs}, random);
    const Tensor state = Noise({kRows, layer.state_width()}, random);
    const Tensor dy = Noise({kSteps, kRows, layer.output_width()}, random);
    const Tensor d_state = Noise({kRows, layer.state_width()}, random);
    Threads threads;

    // Gradients by way of a loss, sum(y dy) + sum(state d_state), and given.
    Tape tape(threads);
    const Var vx = tape.Differentiable(x), vs = tape.Differentiable(state);
    const Recurrent::Output made = layer.Forward(tape, vx, {kSteps, kRows, {}, {}}, vs);
    const Tensor y = tape.Value(made.y).Clone(), last = tape.Value(made.state).Clone();
    tape.SetGrad(made.y, dy.Clone());
    tape.SetGrad(made.state, d_state.Clone());
    tape.Backward();

    Tape other_tape(threads);
    const Var ox = other_tape.Differentiable(memory.Copy(x)), os = other_tape.Differentiable(memory.Copy(state));
    const Recurrent::Output theirs = other.Forward(other_tape, ox, {kSteps, kRows, {}, {}}, os);
    ExpectSame(other_tape.Value(theirs.y), y);
    ExpectSame(other_tape.Value(theirs.state), last);
    const Tensor dx = memory.Make(x.shape());
    other_tape.SetGrad(ox, dx);
    other_tape.SetGrad(theirs.y, memory.Copy(dy));
    other_tape.SetGrad(theirs.state, memory.Copy(d_state));
    other_tape.Backward();

    ExpectSame(dx, tape.Grad(vx));
    ExpectSame(other_tape.Grad(os), tape.Grad(vs));
    const std::vector<Parameter*> own = layer.parameters(), others = other.parameters();
    ASSERT_EQ(own.size(), others.size());
    for (size_t i = 0; i < own.size(); ++i) ExpectSame(others[i]->grad, own[i]->grad);
  }
}

std::vector<std::string> CellNames() {
  std::vector<std::string> names;
  for (const CellType* cell : Cells()) names.emplace_back(CellName(*cell));
  return names;
}

INSTANTIATE_TEST_SUITE_P(Cells, OverParameters, testing::ValuesIn(CellNames()), [](const auto& info) { return info.param; });

TEST(OverParameters, parameters_that_do_not_fit_throw) {
  const RecurrentOptions options{.cell = "gru", .input = 2, .hidden = 3};
  const auto make = [&](const std::function<void(std::vector<Parameter>&)>& change) {
    std::vector<Parameter> parameters;
    for (const auto& [name, shape] : Recurrent::ParameterShapes(options))
      parameters.emplace_back("layer" + name, Tensor(shape));
    change(parameters);
    return Recurrent(options, std::move(parameters));
  };
  EXPECT_NO_THROW(make([](auto&) {}));
  EXPECT_THROW(make([](auto& p) { p.pop_back(); }), Error);
  EXPECT_THROW(make([](auto& p) { p.emplace_back("layer.c", Tensor({9})); }), Error);
  EXPECT_THROW(make([](auto& p) { std::swap(p[0], p[1]); }), Error);
  EXPECT_THROW(make([](auto& p) { p[0] = Parameter("layer.W", Tensor({9, 4})); }), Error);
  EXPECT_THROW(make([](auto& p) { p[0].value = {}; }), Error);
  EXPECT_THROW(make([](auto& p) { p[0].grad = {}; }), Error);
}

TEST(GivenGradients, equal_those_of_a_loss_that_has_them) {
  Random random(2);
  const Tensor x = Noise({4, 3}, random), weights = Noise({4, 3}, random);
  Threads threads;
  Tape given(threads), summed(threads);
  const Var a = given.Differentiable(x), b = summed.Differentiable(x);
  given.SetGrad(Tanh(given, a), weights.Clone());
  given.Backward();
  // sum(weights tanh(x)): a product with a column of ones.
  Tensor ones({1, 12});
  ones.Fill(1);
  const Var product = Multiply(summed, Tanh(summed, b), summed.Constant(weights));
  summed.Backward(Linear(summed, Reshape(summed, product, {1, 12}), summed.Constant(ones)));
  ExpectSame(given.Grad(a), summed.Grad(b));
}

TEST(GivenGradients, that_do_not_fit_throw) {
  Threads threads;
  Tape tape(threads), inference(threads, Tape::Mode::kInference);
  const Var leaf = tape.Differentiable(Tensor({2, 3}));
  EXPECT_THROW(tape.SetGrad(leaf, Tensor({3, 2})), Error);
  EXPECT_THROW(tape.SetGrad(tape.Constant(Tensor({2})), Tensor({2})), Error);
  EXPECT_THROW(inference.Backward(), Error);
  tape.Backward();
  EXPECT_THROW(tape.Backward(), Error);
  EXPECT_THROW(tape.SetGrad(leaf, Tensor({2, 3})), Error);
}

}  // namespace over_parameters_test
}  // namespace eddy
