#include "tasks/reserve/network.h"

#include <cmath>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

constexpr double kHeadGain = 0.1;        // small, so that training begins near the references
constexpr double kEmbeddingLimit = 0.1;  // of its numbers at the start
constexpr Real kFirstScale = Real(-0.4), kFirstFreedom = Real(3);

}  // namespace

ReserveInput MakeReserveInput(std::span<const ReserveView* const> views, const ReserveDesign& design) {
  const size_t N = design.developments, B = views.size(), D = design.features(), K = design.references();
  ReserveInput input;
  input.features = Tensor::Uninitialized({N, B, D});
  input.references = Tensor::Uninitialized({N, B, K});
  input.sequence.steps = N;
  input.sequence.rows = B;
  for (size_t t = 0; t < N; ++t) {
    for (size_t b = 0; b < B; ++b) {
      std::copy_n(&views[b]->features[t * D], D, &input.features[(t * B + b) * D]);
      std::copy_n(&views[b]->references[t * K], K, &input.references[(t * B + b) * K]);
      input.companies.push_back(views[b]->company);
      input.lines.push_back(views[b]->line);
    }
  }
  return input;
}

ReserveNetwork::ReserveNetwork(const ReserveDesign& design, uint64_t seed) : design_(design) {
  RequireValid(design);
  Random random(seed);
  const size_t W = design.outputs(), E = design.embedding;
  for (size_t i = 0; i < design.members; ++i) {
    const std::string name = "member" + std::to_string(i) + ".";
    Encoder encoder(design.encoder, name + "recurrent", random);
    const double limit = kHeadGain / std::sqrt(static_cast<double>(encoder.output_width()));
    Parameter weight = UniformParameter(name + "head.weight", {W, encoder.output_width()}, limit, random);
    Member member{std::move(encoder),
                  UniformParameter(name + "embedding.company", {design.known.size() + 1, E}, kEmbeddingLimit, random),
                  UniformParameter(name + "embedding.line", {design.patterns.size() + 1, E}, kEmbeddingLimit, random),
                  std::move(weight),
                  Parameter(name + "head.skip", Tensor({W, design.inputs()})),
                  Parameter(name + "head.bias", Tensor({W}))};
    member.bias.value[W - 2] = kFirstScale;
    member.bias.value[W - 1] = kFirstFreedom;
    members_.push_back(std::move(member));
  }
  design_.encoder = members_[0].encoder.options();
}

Var ReserveNetwork::Read(Tape& tape, const ReserveInput& input, Member& member) {
  const size_t N = input.sequence.steps, B = input.sequence.rows, E = design_.embedding;
  const Var company = Reshape(tape, Embedding(tape, tape.Use(member.companies), input.companies), {N, B, E});
  const Var line = Reshape(tape, Embedding(tape, tape.Use(member.lines), input.lines), {N, B, E});
  return Concat(tape, tape.Constant(input.features), Concat(tape, company, line));
}

Tensor ReserveNetwork::Read(const ReserveInput& input, size_t member, Threads& threads) {
  Tape tape(threads, Tape::Mode::kInference);
  return tape.Value(Read(tape, input, members_[member])).Clone();
}

Var ReserveNetwork::Forward(Tape& tape, const ReserveInput& input, size_t member) {
  Member& m = members_[member];
  const size_t K = design_.references(), W = design_.outputs();
  const Var x = Read(tape, input, m);
  const Var y = Dropout(tape, m.encoder.Forward(tape, x, input.sequence), design_.dropout);
  const Var raw = Add(tape, Linear(tape, y, tape.Use(m.weight), tape.Use(m.bias)), Linear(tape, x, tape.Use(m.skip)));
  Tensor ones({K, 1});
  for (Real& each : ones.values()) each = 1;
  const Var mixed = Multiply(tape, Softmax(tape, SliceColumns(tape, raw, 0, K)), tape.Constant(input.references));
  const Var location = Add(tape, MatrixProduct(tape, mixed, tape.Constant(ones)), SliceColumns(tape, raw, K, K + 1));
  return Concat(tape, location, SliceColumns(tape, raw, K + 1, W));
}

void ReserveNetwork::SetPrecision(Precision precision) {
  for (Member& member : members_) member.encoder.SetPrecision(precision);
  design_.encoder.precision = precision;
}

std::vector<Parameter*> ReserveNetwork::parameters() {
  std::vector<Parameter*> parameters;
  for (Member& member : members_) {
    for (Parameter* each : member.encoder.parameters()) parameters.push_back(each);
    parameters.insert(parameters.end(), {&member.companies, &member.lines, &member.weight, &member.skip, &member.bias});
  }
  return parameters;
}

}  // namespace eddy
