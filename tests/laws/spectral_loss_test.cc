// The spectral loss: its gradient, and what it hears and does not hear.
#include <limits>
#include <numbers>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "laws/gradient.h"

namespace eddy {
namespace spectral_loss_test {

constexpr SpectralWindow kWindows[] = {{8, 2}, {16, 5}};

Graph LossOf(const Tensor& target, std::span<const SpectralWindow> windows = kWindows) {
  return [=](Tape& tape, const std::vector<Var>& v) { return SpectralLoss(tape, v[0], target, windows, 1e-3); };
}

double Loss(const Tensor& sound, const Tensor& target, std::span<const SpectralWindow> windows = kWindows) {
  Threads threads;
  Tape tape(threads, Tape::Mode::kInference);
  return double{tape.Value(SpectralLoss(tape, tape.Constant(sound), target, windows))[0]};
}

Tensor Sine(double cycles, double phase) {
  const Tensor sound({64, 1, 8});
  for (size_t i = 0; i < sound.size(); ++i) {
    sound[i] = static_cast<Real>(std::sin(2 * std::numbers::pi * cycles * static_cast<double>(i) / 512 + phase));
  }
  return sound;
}

TEST(spectral_loss, has_the_gradient_of_finite_differences) {
  ExpectGradientsMatchDifferences(LossOf(Randoms({5, 2, 4}, 9)), {Randoms({5, 2, 4}, 1)}, 1e-6, kDouble ? 1e-5 : 1e-3);
  ExpectGradientsMatchDifferences(LossOf(Tensor({5, 2, 4})), {Randoms({5, 2, 4}, 2)}, 1e-6, kDouble ? 1e-5 : 1e-3);
}

TEST(spectral_loss, gives_the_same_bits_for_any_number_of_threads) {
  const SpectralWindow windows[] = {{128, 32}, {256, 64}};
  ExpectSameForAnyThreads(LossOf(Randoms({60, 7, 16}, 9), windows), {Randoms({60, 7, 16}, 1)});
}

TEST(spectral_loss, of_a_sound_against_itself_is_0_with_gradients_0) {
  const Tensor sound = Randoms({6, 2, 4}, 3);
  const Gradients same = Differentiate(LossOf(sound), {sound});
  EXPECT_EQ(same.value[0], 0);
  for (const Real slope : same.grads[0].values()) EXPECT_EQ(slope, 0);
}

TEST(spectral_loss, hears_pitch_and_loudness_and_not_phase) {
  const SpectralWindow windows[] = {{128, 32}};
  const Tensor target = Sine(40, 0);
  EXPECT_LT(Loss(Sine(40, 2), target, windows), 0.1);
  EXPECT_GT(Loss(Sine(60, 0), target, windows), 1);
  const Tensor noise = Randoms({64, 1, 8}, 1), louder = Randoms({64, 1, 8}, 1, 2);
  EXPECT_NEAR(Loss(louder, noise, windows), 1 + std::log(2), 1e-3) << "a convergence of 1, and the logarithm of 2";
}

TEST(spectral_loss, is_the_mean_over_rows_and_does_not_depend_on_the_samples_of_a_step) {
  const Tensor a = Randoms({12, 1, 4}, 1), b = Randoms({12, 1, 4}, 2), x = Randoms({12, 1, 4}, 3),
               y = Randoms({12, 1, 4}, 4);
  const auto beside = [](const Tensor& left, const Tensor& right) {
    const Tensor both({12, 2, 4});
    for (size_t i = 0; i < both.size(); ++i) both[i] = (i / 4 % 2 == 0 ? left : right)[i / 8 * 4 + i % 4];
    return both;
  };
  EXPECT_NEAR(Loss(beside(a, b), beside(x, y)), (Loss(a, x) + Loss(b, y)) / 2, 1e-6);
  EXPECT_EQ(Loss(a, x), Loss(a.Reshape({48, 1, 1}), x.Reshape({48, 1, 1})));
}

TEST(spectral_loss, of_silence_is_finite) {
  const Tensor silence({6, 1, 4}), sound = Randoms({6, 1, 4}, 1, 1e6);
  EXPECT_EQ(Loss(silence, silence), 0);
  EXPECT_TRUE(std::isfinite(Loss(sound, silence)));
  EXPECT_TRUE(std::isfinite(Loss(silence, sound)));
  const Tensor slopes = Differentiate(LossOf(sound), {silence}).grads[0];
  for (const Real slope : slopes.values()) EXPECT_TRUE(std::isfinite(slope));
}

TEST(spectral_loss, refuses_what_does_not_fit) {
  const Tensor sound({5, 2, 4});
  const auto refuses = [&](const Tensor& target, std::vector<SpectralWindow> windows, double least = 1e-6) {
    Threads threads;
    Tape tape(threads);
    EXPECT_THROW(SpectralLoss(tape, tape.Constant(sound), target, windows, least), Error);
  };
  refuses(Tensor({5, 2, 3}), {{8, 2}});
  refuses(sound, {});
  refuses(sound, {{24, 4}});  // longer than the sound
  refuses(sound, {{6, 2}});
  refuses(sound, {{0, 2}});
  refuses(sound, {{8, 0}});
  refuses(sound, {{8, 9}});
  refuses(sound, {{8, 2}}, 0);
  refuses(sound, {{8, 2}}, std::numeric_limits<double>::quiet_NaN());
  const Tensor spoilt({5, 2, 4});
  spoilt[3] = std::numeric_limits<Real>::quiet_NaN();
  refuses(spoilt, {{8, 2}});
  Threads threads;
  Tape tape(threads);
  EXPECT_THROW(SpectralLoss(tape, tape.Constant(Tensor({40})), Tensor({40}), kWindows), Error);
}

}  // namespace spectral_loss_test
}  // namespace eddy
