#include "tasks/translate/network.h"

#include <cmath>

#include "eddy/attention.h"
#include "eddy/error.h"
#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

const TranslatorDesign& Checked(const TranslatorDesign& design) {
  RequireValid(design);
  return design;
}

StackOptions WithInput(StackOptions stack, size_t input) {
  stack.layer.input = input;
  return stack;
}

// The tied softmax wants vectors about this long, so that its logits begin small.
Parameter Vectors(std::string name, size_t tokens, size_t width, Random& random) {
  return UniformParameter(std::move(name), {tokens, width}, std::sqrt(3.0 / static_cast<double>(width)), random);
}

Parameter Weight(std::string name, size_t outputs, size_t inputs, Random& random) {
  return UniformParameter(std::move(name), {outputs, inputs}, std::sqrt(3.0 / static_cast<double>(inputs)), random);
}

}  // namespace

TranslatorNetwork::TranslatorNetwork(const TranslatorDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      source_vectors_(Vectors("source.weight", design.source.vocabulary.size(), design.embedding, random_)),
      target_vectors_(Vectors("target.weight", design.target.vocabulary.size(), design.embedding, random_)),
      encoder_(WithInput(design.encoder, design.embedding), "encoder", random_),
      decoder_(WithInput(design.decoder, design.embedding), "decoder", random_) {
  const size_t read = encoder_.output_width(), written = decoder_.output_width();
  for (size_t i = 0; i < decoder_.layers().size(); ++i) {
    const std::string name = "start." + std::to_string(i);
    const size_t width = decoder_.layers()[i].state_width();
    start_weight_.push_back(Weight(name + ".weight", width, read, random_));
    start_bias_.emplace_back(name + ".bias", Tensor({width}));
  }
  key_weight_ = Weight("key.weight", written, read, random_);
  if (design.attention == AttentionScore::kAdditive) {
    query_weight_ = Weight("query.weight", written, written, random_);
    score_weight_ = UniformParameter("score.weight", {written}, std::sqrt(3.0 / static_cast<double>(written)), random_);
  }
  combine_weight_ = Weight("combine.weight", design.embedding, written + read, random_);
  combine_bias_ = Parameter("combine.bias", Tensor({design.embedding}));
  head_bias_ = Parameter("head.bias", Tensor({design.target.vocabulary.size()}));
  design_.encoder = encoder_.options();
  design_.decoder = decoder_.options();
}

Var TranslatorNetwork::Embed(Tape& tape, Parameter& table, const TokenBatch& batch) const {
  const Var vectors = Embedding(tape, tape.Use(table), batch.tokens);
  const Var x = Reshape(tape, vectors, {batch.sequence.steps, batch.sequence.rows, design_.embedding});
  return Dropout(tape, x, design_.dropout);
}

TranslatorNetwork::Memory TranslatorNetwork::Read(Tape& tape, const TokenBatch& source) {
  Memory memory;
  memory.sequence = source.sequence;
  memory.values = encoder_.Forward(tape, Embed(tape, source_vectors_, source), source.sequence).y;
  memory.keys = Linear(tape, memory.values, tape.Use(key_weight_));
  const Var mean = MeanOverTime(tape, memory.values, source.sequence.lengths);
  for (size_t i = 0; i < start_weight_.size(); ++i) {
    memory.state.push_back(Tanh(tape, Linear(tape, mean, tape.Use(start_weight_[i]), tape.Use(start_bias_[i]))));
  }
  return memory;
}

Var TranslatorNetwork::Attend(Tape& tape, Var s, const Sequence& queries, const Memory& memory, Tensor* weights) {
  if (design_.attention == AttentionScore::kAdditive) {
    return AdditiveAttention(tape, Linear(tape, s, tape.Use(query_weight_)), memory.keys, tape.Use(score_weight_),
                             memory.values, queries, memory.sequence, weights);
  }
  return Attention(tape, s, memory.keys, memory.values, {.heads = 1, .scale = 1}, queries, memory.sequence, weights);
}

TranslatorNetwork::Written TranslatorNetwork::Write(Tape& tape, const TokenBatch& inputs, const Memory& memory,
                                                    const std::vector<Var>& state, Tensor* weights) {
  const RecurrentStack::Output decoded =
      decoder_.Forward(tape, Embed(tape, target_vectors_, inputs), inputs.sequence, state);
  Sequence queries = inputs.sequence;
  Var s = decoded.y;
  if (queries.rows != memory.sequence.rows) {  // a single step: what shares a row of the memory becomes its queries
    queries = {queries.rows / memory.sequence.rows, memory.sequence.rows, {}, {}};
    s = Reshape(tape, s, {queries.steps, queries.rows, decoder_.output_width()});
  }
  const Var context = Attend(tape, s, queries, memory, weights);
  const Var combined = Linear(tape, Concat(tape, s, context), tape.Use(combine_weight_), tape.Use(combine_bias_));
  const Var output = Dropout(tape, Tanh(tape, combined), design_.dropout);
  return {Linear(tape, output, tape.Use(target_vectors_), tape.Use(head_bias_)), decoded.state};
}

void TranslatorNetwork::SetPrecision(Precision precision) {
  encoder_.SetPrecision(precision);
  decoder_.SetPrecision(precision);
  design_.encoder.precision = design_.decoder.precision = precision;
}

void TranslatorNetwork::Freeze(Threads& threads) {
  encoder_.Freeze(threads);
  decoder_.Freeze(threads);
}

void TranslatorNetwork::Thaw() {
  encoder_.Thaw();
  decoder_.Thaw();
}

std::vector<Parameter*> TranslatorNetwork::parameters() {
  std::vector<Parameter*> parameters = {&source_vectors_, &target_vectors_};
  for (RecurrentStack* stack : {&encoder_, &decoder_}) {
    for (Parameter* parameter : stack->parameters()) parameters.push_back(parameter);
  }
  for (size_t i = 0; i < start_weight_.size(); ++i) {
    parameters.insert(parameters.end(), {&start_weight_[i], &start_bias_[i]});
  }
  parameters.push_back(&key_weight_);
  if (!query_weight_.value.empty()) parameters.insert(parameters.end(), {&query_weight_, &score_weight_});
  parameters.insert(parameters.end(), {&combine_weight_, &combine_bias_, &head_bias_});
  return parameters;
}

}  // namespace eddy
