#include "eddy/recurrent.h"

#include <cmath>

#include "eddy/error.h"
#include "recurrent/initialize.h"
#include "recurrent/layer_run.h"

namespace eddy {
namespace {

// In the order of parameters().
constexpr const char* kParameterNames[] = {".W", ".b", ".U", ".U2", ".c", ".p", ".P", ".s0", ".gain_x", ".gain_u"};

// The checks make their texts only where they fail: a layer over another framework's arrays is made anew for every call.
void CheckShare(double value, const char* name) {
  if (!(value >= 0 && value < 1)) Fail("recurrent", name, "in [0, 1)", std::to_string(value));
}

void Check(const RecurrentOptions& o) {
  constexpr size_t kMost = size_t{1} << 20;  // keeps every product of sizes far from overflow
  const auto size = [&](size_t value, size_t least, const char* name) {
    if (value >= least && value <= kMost) return;
    Fail("recurrent", name, "between " + std::to_string(least) + " and 2^20", std::to_string(value));
  };
  size(o.input, 1, "input");
  size(o.hidden, 1, "hidden");
  size(o.projection, 0, "projection");
  CheckShare(o.variational_dropout, "variational_dropout");
  CheckShare(o.recurrent_dropout, "recurrent_dropout");
  CheckShare(o.zoneout, "zoneout");
  if (!(o.state_clip >= 0 && std::isfinite(o.state_clip))) {
    Fail("recurrent", "state_clip", "at least 0", std::to_string(o.state_clip));
  }
  if (!std::isfinite(o.forget_bias)) Fail("recurrent", "forget_bias", "finite", std::to_string(o.forget_bias));
}

void CheckShape(const char* argument, const Tensor& tensor, const Shape& expected) {
  if (tensor.shape() != expected) Fail("recurrent", argument, expected.ToString(), tensor.shape().ToString());
}

// visit(i, shape): the layer's parameters, each with its place in kParameterNames.
template <class Visit>
void ForParameters(const RecurrentOptions& options, const LayerShape& s, const Visit& visit) {
  const bool all[] = {true,
                      true,
                      s.product,
                      s.product && s.M > 0,
                      s.product && s.recurrent_bias,
                      s.P > 0,
                      s.projected,
                      options.learned_state,
                      options.layer_norm,
                      options.layer_norm && s.product};
  const Shape shapes[] = {{s.GH(), s.D}, {s.GH()},    {s.F * s.H, s.R}, {(s.G - s.F) * s.H, s.H},
                          {s.GH()},      {s.P * s.H}, {s.R, s.H},       {s.Width()},
                          {s.GH()},      {s.GH()}};
  for (size_t i = 0; i < std::size(kParameterNames); ++i) {
    if (all[i]) visit(i, shapes[i]);
  }
}

// U [gates * H, inner]: a block a gate.
Tensor RecurrentWeights(size_t gates, size_t H, size_t inner, bool identity, Random& random) {
  Tensor U({gates * H, inner});
  for (size_t g = 0; g < gates; ++g) {
    Real* block = U.data() + g * H * inner;
    identity ? FillIdentity(block, H, inner) : FillOrthogonal(block, H, inner, random);
  }
  return U;
}

}  // namespace

Recurrent::Recurrent(const RecurrentOptions& options, std::string name, Random& random)
    : options_(options), cell_(&FindCell(options.cell)) {
  Check(options);
  const LayerShape shape(options, *cell_);
  const size_t H = shape.H, GH = shape.GH();
  const CellInfo& info = cell_->info;

  Tensor W({GH, shape.D}), b({GH});
  const double limit = std::sqrt(3 / static_cast<double>(shape.D));
  FillUniform(W, -limit, limit, random);
  if (info.forget_gate >= 0) {
    for (size_t j = 0; j < H; ++j) b[static_cast<size_t>(info.forget_gate) * H + j] = static_cast<Real>(options.forget_bias);
  }
  W_ = Parameter(name + ".W", W);
  b_ = Parameter(name + ".b", b);
  if (shape.product) {
    U_ = Parameter(name + ".U", RecurrentWeights(shape.F, H, shape.R, info.identity_recurrent, random));
    if (shape.M > 0)
      U2_ = Parameter(name + ".U2", RecurrentWeights(shape.G - shape.F, H, H, info.identity_recurrent, random));
    if (shape.recurrent_bias) c_ = Parameter(name + ".c", Tensor({GH}));
  }
  if (shape.P > 0) {
    Tensor p({shape.P * H});
    FillUniform(p, info.param_low, info.param_high, random);
    p_ = Parameter(name + ".p", p);
  }
  if (shape.projected) {
    Tensor P({shape.R, H});
    FillOrthogonal(P.data(), shape.R, H, random);
    P_ = Parameter(name + ".P", P);
  }
  if (options.learned_state) s0_ = Parameter(name + ".s0", Tensor({shape.Width()}));
  if (options.layer_norm) {
    Tensor ones({GH});
    ones.Fill(1);
    gain_x_ = Parameter(name + ".gain_x", ones.Clone());
    if (shape.product) gain_u_ = Parameter(name + ".gain_u", ones);
  }
}

std::vector<std::pair<std::string, Shape>> Recurrent::ParameterShapes(const RecurrentOptions& options) {
  Check(options);
  std::vector<std::pair<std::string, Shape>> all;
  ForParameters(options, LayerShape(options, FindCell(options.cell)),
                [&](size_t i, const Shape& shape) { all.emplace_back(kParameterNames[i], shape); });
  return all;
}

Recurrent::Recurrent(const RecurrentOptions& options, std::vector<Parameter> parameters)
    : options_(options), cell_(&FindCell(options.cell)) {
  Check(options);
  OwnedParameter* const own[] = {&W_, &b_, &U_, &U2_, &c_, &p_, &P_, &s0_, &gain_x_, &gain_u_};
  size_t count = 0;
  ForParameters(options, LayerShape(options, *cell_), [&](size_t i, const Shape& shape) {
    const char* const name = kParameterNames[i];
    if (count == parameters.size()) Fail("recurrent", "parameters", "more", std::to_string(count));
    Parameter& given = parameters[count++];
    const Parameter* const one[] = {&given};
    CheckParameters("recurrent", one);
    if (!given.name.ends_with(name)) Fail("recurrent", "a parameter's name", std::string("...") + name, given.name);
    CheckShape(name, given.value, shape);
    *own[i] = std::move(given);
  });
  if (count != parameters.size()) Fail("recurrent", "parameters", std::to_string(count), std::to_string(parameters.size()));
}

std::vector<Parameter*> Recurrent::Owned() const {
  std::vector<Parameter*> all;
  Require(static_cast<bool>(W_), "recurrent", "its parameters", "there", "gone with the layer it was moved to");
  for (const OwnedParameter* p : {&W_, &b_, &U_, &U2_, &c_, &p_, &P_, &s0_, &gain_x_, &gain_u_}) {
    if (*p) all.push_back(&**p);
  }
  return all;
}

void Recurrent::Freeze(Precision precision, Threads& threads) {
  frozen_ = std::make_shared<StepRunner>(options_, *cell_, parameters(), /*training=*/false, 0, precision, threads);
}

size_t Recurrent::state_width() const { return LayerShape(options_, *cell_).Width(); }
size_t Recurrent::output_width() const { return options_.projection ? options_.projection : options_.hidden; }

Tensor Recurrent::InitialState(size_t rows) const {
  const size_t width = state_width();
  Tensor state({rows, width});
  for (size_t r = 0; r < rows && s0_; ++r) std::copy_n(s0_->value.data(), width, state.data() + r * width);
  return state;
}

Recurrent::Output Recurrent::Forward(Tape& tape, Var x, const Sequence& sequence, Var state, const Bptt& bptt,
                                     Trace* trace) const {
  const Tensor input = tape.Value(x);
  const size_t T = sequence.steps, B = sequence.rows, width = state_width();
  CheckShape("x", input, {T, B, options_.input});
  const Tensor initial = state ? tape.Value(state) : InitialState(B);
  CheckShape("state", initial, {B, width});

  auto run = std::make_shared<LayerRun>(*this, sequence, tape, bptt, trace != nullptr);
  const Tensor y = bptt.outputs ? run->Outputs(T) : Tensor();
  const Tensor final_state = Tensor::Uninitialized({B, width});
  run->Forward(input, initial, y, final_state);
  if (trace != nullptr) {
    run->FinishTrace();
    trace->activations = run->trace.activations;
  }

  std::vector<Tensor> values = {final_state};
  if (bptt.outputs) values.push_back(y);
  // The parameters' Vars tie the outputs to them: backward writes their gradients itself.
  std::vector<Var> inputs = {x, state};
  for (Parameter* parameter : Owned()) inputs.push_back(tape.Use(*parameter));
  const auto backward = [run, &tape, x, state, input, trace](const std::vector<Var>& outputs) {
    const Var final_var = outputs[0], y_var = outputs.size() > 1 ? outputs[1] : Var();
    const Tensor dy = tape.HasGrad(y_var) ? tape.Grad(y_var) : Tensor();
    const Tensor d_final = tape.HasGrad(final_var) ? tape.Grad(final_var) : Tensor();
    const Tensor d_learned = state ? Tensor() : run->LearnedStateGradient();
    Tensor d_initial = tape.Needs(state) ? tape.Grad(state) : Tensor();
    if (!d_learned.empty()) d_initial = Tensor({run->rows(), d_learned.size()});
    run->Backward(input, dy, d_final, tape.Needs(x) ? tape.Grad(x) : Tensor(), d_initial);
    for (size_t i = 0; !d_learned.empty() && i < d_initial.size(); ++i) d_learned[i % d_learned.size()] += d_initial[i];
    if (trace != nullptr) trace->gradient_norms = run->trace.gradient_norms;
  };
  const std::vector<Var> outputs = tape.Record(std::move(values), inputs, backward);
  return {bptt.outputs ? outputs[1] : Var(), outputs[0]};
}

}  // namespace eddy
