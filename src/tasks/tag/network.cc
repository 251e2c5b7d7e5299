#include "tasks/tag/network.h"

#include <algorithm>
#include <cmath>

#include "eddy/loss.h"
#include "eddy/ops.h"
#include "recurrent/initialize.h"

namespace eddy {
namespace {

const TaggerDesign& Checked(const TaggerDesign& design) {
  RequireValid(design);
  return design;
}

StackOptions WithInput(StackOptions stack, size_t input) {
  stack.layer.input = input;
  return stack;
}

// Uniform numbers whose mean square is 1 / width, as in Ma and Hovy 2016.
Parameter Vectors(std::string name, size_t count, size_t width, Random& random) {
  return UniformParameter(std::move(name), {count, width}, std::sqrt(3 / static_cast<double>(width)), random);
}

}  // namespace

TaggerNetwork::TaggerNetwork(const TaggerDesign& design, uint64_t seed)
    : design_(Checked(design)),
      random_(seed),
      embedding_(Vectors("embedding.weight", design.words.size(), design.embedding, random_)),
      stack_(WithInput(design.stack, design.inputs()), "layer", random_),
      field_(design.tags.size(), "field") {
  if (design.character_features > 0) {
    characters_ = Vectors("characters.weight", design.characters.size(), design.character_embedding, random_);
    convolution_.emplace(design.convolution(), "convolution", random_);
  }
  const size_t width = stack_.output_width(), tags = design.tags.size();
  head_weight_ = UniformParameter("head.weight", {tags, width}, 1 / std::sqrt(static_cast<double>(width)), random_);
  head_bias_ = Parameter("head.bias", Tensor({tags}));
  design_.stack = stack_.options();
}

Var TaggerNetwork::Spell(Tape& tape, const TaggerBatch& batch) {
  const Sequence& letters = batch.letters;
  const Var vectors = Embedding(tape, tape.Use(characters_), batch.characters);
  const Var read = Reshape(tape, vectors, {letters.steps, letters.rows, design_.character_embedding});
  const Var features = MaxOverTime(tape, convolution_->Forward(tape, read, letters), letters.lengths);  // [U, F]
  return Embedding(tape, features, batch.spellings);
}

Var TaggerNetwork::Scores(Tape& tape, const TaggerBatch& batch) {
  Var x = Embedding(tape, tape.Use(embedding_), batch.words);
  if (convolution_) x = Concat(tape, x, Spell(tape, batch));
  x = Reshape(tape, x, {batch.sequence.steps, batch.sequence.rows, design_.inputs()});
  const Var y = stack_.Forward(tape, Dropout(tape, x, design_.dropout), batch.sequence).y;
  return Linear(tape, Dropout(tape, y, design_.dropout), tape.Use(head_weight_), tape.Use(head_bias_));
}

Var TaggerNetwork::Loss(Tape& tape, Var scores, std::span<const int32_t> tags, const Sequence& sequence,
                        double temperature) {
  const auto cooled = [&](Var x) { return temperature == 1 ? x : Scale(tape, x, static_cast<Real>(1 / temperature)); };
  if (!design_.field) return SoftmaxCrossEntropy(tape, cooled(scores), tags);
  size_t tokens = 0;
  for (size_t row = 0; row < sequence.rows; ++row) tokens += sequence.Length(row);
  const std::vector<Parameter*> field = field_.parameters();
  const auto part = [&](size_t i) { return cooled(tape.Use(*field[i])); };
  return Scale(tape, CrfLoss(tape, cooled(scores), part(0), part(1), part(2), tags, sequence),
               static_cast<Real>(static_cast<double>(sequence.rows) / static_cast<double>(tokens)));
}

std::vector<int32_t> TaggerNetwork::Decode(const Tensor& scores, const Sequence& sequence) const {
  if (design_.field) return field_.Decode(scores, sequence).tags;
  const size_t tags = design_.tags.size();
  std::vector<int32_t> best;
  for (const Real* row = scores.data(); best.size() * tags < scores.size(); row += tags) {
    best.push_back(static_cast<int32_t>(std::max_element(row, row + tags) - row));
  }
  return best;
}

void TaggerNetwork::SetPrecision(Precision precision) {
  stack_.SetPrecision(precision);
  design_.stack.precision = precision;
}

void TaggerNetwork::SetTemperature(double temperature) {
  std::vector<Parameter*> scaled = field_.parameters();
  scaled.insert(scaled.end(), {&head_weight_, &head_bias_});
  for (Parameter* parameter : scaled) {
    for (Real& value : parameter->value.values()) value = static_cast<Real>(value / temperature);
  }
}

std::vector<Parameter*> TaggerNetwork::parameters() {
  std::vector<Parameter*> parameters = {&embedding_};
  const auto append = [&](const std::vector<Parameter*>& more) {
    parameters.insert(parameters.end(), more.begin(), more.end());
  };
  if (convolution_) {
    append({&characters_});
    append(convolution_->parameters());
  }
  append(stack_.parameters());
  append({&head_weight_, &head_bias_});
  if (design_.field) append(field_.parameters());
  return parameters;
}

}  // namespace eddy
