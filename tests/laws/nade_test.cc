// The joint outputs: gradients against finite differences, probabilities that sum to one, steps that are the whole.
#include "eddy/nade.h"

#include "eddy/error.h"
#include "eddy/loss.h"
#include "laws/gradient.h"

namespace eddy {
namespace nade_test {

Tensor Coins(const Shape& shape, uint64_t seed) {
  Random random(seed);
  Tensor coins(shape);
  for (Real& coin : coins.values()) coin = random.Uniform() < 0.3 ? 1 : 0;
  return coins;
}

double LossOf(const Tensor& bias, const Tensor& hidden, const Tensor& write, const Tensor& read, const Tensor& targets,
              const Tensor& weights = {}) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kInference);
  return tape.Value(NadeLoss(tape, tape.Constant(bias), tape.Constant(hidden), tape.Constant(write), tape.Constant(read),
                             targets, weights))[0];
}

TEST(nade, gradients_are_finite_differences) {
  const Tensor targets = Coins({2, 3, 7}, 1);
  const Tensor weights = Tensor::From({2, 3}, std::vector<Real>{1, 2, 0, 0.5, 1, 3});
  for (const Tensor& weighted : {Tensor(), weights}) {
    const Graph graph = [&](Tape& tape, const std::vector<Var>& v) {
      return NadeLoss(tape, v[0], v[1], v[2], v[3], targets, weighted);
    };
    ExpectGradientsMatchDifferences(
        graph, {Randoms({2, 3, 7}, 2), Randoms({2, 3, 11}, 3), Randoms({7, 11}, 4), Randoms({7, 11}, 5)});
  }
}

TEST(nade, any_number_of_threads_gives_the_same_bits) {
  const Tensor targets = Coins({40, 30, 33}, 1);
  const Graph graph = [&](Tape& tape, const std::vector<Var>& v) { return NadeLoss(tape, v[0], v[1], v[2], v[3], targets); };
  ExpectSameForAnyThreads(graph,
                          {Randoms({40, 30, 33}, 2), Randoms({40, 30, 65}, 3), Randoms({33, 65}, 4), Randoms({33, 65}, 5)});
}

TEST(nade, probabilities_of_all_outcomes_sum_to_one) {
  const size_t K = 6, H = 4;
  const Tensor bias = Randoms({1, K}, 1), hidden = Randoms({1, H}, 2), write = Randoms({K, H}, 3), read = Randoms({K, H}, 4);
  double sum = 0;
  for (size_t outcome = 0; outcome < size_t{1} << K; ++outcome) {
    Tensor targets({1, K});
    for (size_t k = 0; k < K; ++k) targets[k] = static_cast<Real>(outcome >> k & 1);
    sum += std::exp(-LossOf(bias, hidden, write, read, targets));
  }
  EXPECT_NEAR(sum, 1, kDouble ? 1e-12 : 1e-5);
}

TEST(nade, outputs_that_read_nothing_of_each_other_are_independent) {
  const size_t K = 6, H = 4;
  const Tensor bias = Randoms({5, K}, 1), targets = Coins({5, K}, 2), hidden({5, H}), nothing({K, H});
  Threads threads;
  Tape tape(threads, Tape::Mode::kInference);
  const double coins = tape.Value(BernoulliLoss(tape, tape.Constant(bias), targets))[0];
  EXPECT_NEAR(LossOf(bias, hidden, nothing, Randoms({K, H}, 3), targets), coins, kDouble ? 1e-12 : 1e-5);
}

TEST(nade, steps_are_what_the_loss_sums) {
  const size_t K = 9, H = 13;
  const Tensor bias = Randoms({1, K}, 1), hidden = Randoms({1, H}, 2), write = Randoms({K, H}, 3), read = Randoms({K, H}, 4);
  const Tensor targets = Coins({1, K}, 5);
  NadeStep step(write, read);
  step.Begin(bias.values(), hidden.values());
  double nats = 0;
  while (step.next() < K) {
    const bool on = targets[step.next()] != 0;
    nats += Softplus(on ? -step.Logit() : step.Logit());
    step.Set(on);
  }
  EXPECT_NEAR(nats, LossOf(bias, hidden, write, read, targets), kDouble ? 1e-12 : 1e-5);
  EXPECT_THROW(step.Logit(), Error);
  EXPECT_THROW(step.Set(true), Error);
}

TEST(nade, shapes_that_do_not_fit_and_targets_between_0_and_1_are_errors) {
  const Tensor bias = Randoms({2, 5}, 1), hidden = Randoms({2, 3}, 2), weights = Randoms({5, 3}, 3), targets({2, 5});
  EXPECT_THROW(LossOf(bias, Randoms({3, 3}, 1), weights, weights, targets), Error);
  EXPECT_THROW(LossOf(bias, hidden, Randoms({4, 3}, 1), weights, targets), Error);
  EXPECT_THROW(LossOf(bias, hidden, weights, Randoms({5, 4}, 1), targets), Error);
  EXPECT_THROW(LossOf(bias, hidden, weights, weights, Tensor({2, 4})), Error);
  Tensor half({2, 5});
  half[7] = Real{0.5};
  EXPECT_THROW(LossOf(bias, hidden, weights, weights, half), Error);
  EXPECT_NO_THROW(LossOf(bias, hidden, weights, weights, half, Tensor::From({2}, std::vector<Real>{1, 0})));
}

}  // namespace nade_test
}  // namespace eddy
