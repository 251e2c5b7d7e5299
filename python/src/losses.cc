#include <nanobind/stl/vector.h>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "tape.h"

namespace eddy::python {
namespace {

using OptionalInput = std::optional<Input>;

// A loss of predictions and a target array, with optional weights.
template <class Loss>
PyVar WithTarget(const char* name, const PyVar& prediction, const Input& target, nb::handle weights, const Loss& loss) {
  Tensor w;
  if (!weights.is_none()) w = Shared(nb::cast<Input>(weights));
  const Tensor t = Shared(target);
  return Operate(name, {nb::cast(prediction)}, [&](Tape& tape, Var* v) { return loss(tape, v[0], t, w); });
}

using TargetLoss = Var (*)(Tape&, Var, const Tensor&, const Tensor&);

#define EDDY_FLOATS "numpy.typing.NDArray[numpy.floating]"

void BindTargetLoss(nb::module_& m, const char* name, TargetLoss loss, const char* signature, const char* doc) {
  m.def(
      name,
      [name, loss](const PyVar& prediction, const Input& target, nb::handle weights) {
        return WithTarget(name, prediction, target, weights, loss);
      },
      nb::arg("prediction"), nb::arg("target"), nb::arg("weights") = nb::none(), nb::sig(signature), doc);
}

}  // namespace

void BindLosses(nb::module_& m) {
  m.attr("IGNORE") = kIgnore;
  m.def(
      "softmax_cross_entropy",
      [](const PyVar& logits, nb::handle targets, double smoothing) {
        const std::vector<int32_t> labels = Labels(targets, "softmax cross-entropy");
        return Operate("softmax cross-entropy", {nb::cast(logits)},
                       [&](Tape& t, Var* v) { return SoftmaxCrossEntropy(t, v[0], labels, smoothing); });
      },
      nb::arg("logits"), nb::arg("targets"), nb::arg("smoothing") = 0.0,
      nb::sig("def softmax_cross_entropy(logits: Var, targets: collections.abc.Sequence[int] | "
              "numpy.typing.NDArray[typing.Any], smoothing: float = 0.0) -> Var"),
      "logits [N..., V], targets [N...] in [0, V) or IGNORE: the mean of -log softmax(logits)[target].");
  BindTargetLoss(
      m, "squared_error", SquaredError,
      "def squared_error(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS " | None = None) -> Var",
      "The mean of (prediction - target)^2. `weights`, of the target's shape, say how much each position counts.");
  BindTargetLoss(m, "absolute_error", AbsoluteError,
                 "def absolute_error(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS
                 " | None = None) -> Var",
                 "The mean of |prediction - target|.");
  BindTargetLoss(m, "gaussian_loss", GaussianLoss,
                 "def gaussian_loss(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS
                 " | None = None) -> Var",
                 "prediction [N..., 2]: the mean and, before a softplus, the standard deviation; target [N...].");
  BindTargetLoss(
      m, "student_t_loss", StudentTLoss,
      "def student_t_loss(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS " | None = None) -> Var",
      "prediction [N..., 3]: location and, before a softplus, scale and degrees of freedom above 2; target [N...].");
  BindTargetLoss(m, "negative_binomial_loss", NegativeBinomialLoss,
                 "def negative_binomial_loss(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS
                 " | None = None) -> Var",
                 "prediction [N..., 2]: mean and dispersion, before a softplus; target [N...], counts.");
  BindTargetLoss(m, "bernoulli_loss", BernoulliLoss,
                 "def bernoulli_loss(prediction: Var, target: " EDDY_FLOATS ", weights: " EDDY_FLOATS
                 " | None = None) -> Var",
                 "prediction [N..., K] are logits, target [N..., K] in [0, 1]: summed over K.");
  m.def(
      "huber",
      [](const PyVar& prediction, const Input& target, double delta, nb::handle weights) {
        return WithTarget("huber", prediction, target, weights,
                          [&](Tape& tape, Var v, const Tensor& t, const Tensor& w) { return Huber(tape, v, t, delta, w); });
      },
      nb::arg("prediction"), nb::arg("target"), nb::arg("delta") = 1.0, nb::arg("weights") = nb::none(),
      nb::sig("def huber(prediction: Var, target: " EDDY_FLOATS ", delta: float = 1.0, weights: " EDDY_FLOATS
              " | None = None) -> Var"),
      "Squared below `delta`, absolute above.");
  m.def(
      "pinball",
      [](const PyVar& prediction, const Input& target, const std::vector<double>& quantiles, nb::handle weights) {
        return WithTarget("pinball", prediction, target, weights, [&](Tape& tape, Var v, const Tensor& t, const Tensor& w) {
          return Pinball(tape, v, t, quantiles, w);
        });
      },
      nb::arg("prediction"), nb::arg("target"), nb::arg("quantiles"), nb::arg("weights") = nb::none(),
      nb::sig("def pinball(prediction: Var, target: " EDDY_FLOATS
              ", quantiles: collections.abc.Sequence[float], weights: " EDDY_FLOATS " | None = None) -> Var"),
      "prediction [N..., Q], target [N...]: the quantile loss, summed over the Q quantiles.");
}

}  // namespace eddy::python
