#include "recipe.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "eddy/cell.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "recurrent/initialize.h"

namespace eddy::published {
namespace {

class Network {
 public:
  Network(const Recipe& recipe, const EncoderOptions& layers, uint64_t seed)
      : last_(recipe.last), dropout_(recipe.dropout), random_(seed), encoder_(layers, "layer", random_) {
    const double limit = 1 / std::sqrt(static_cast<double>(encoder_.output_width()));
    Tensor weight({recipe.outputs, encoder_.output_width()});
    FillUniform(weight, -limit, limit, random_);
    weight_ = Parameter("head.weight", weight);
    bias_ = Parameter("head.bias", Tensor({recipe.outputs}));
    if (recipe.longest_lag > 1) StartFromLags(recipe.longest_lag);
  }

  Var Outputs(Tape& tape, const Batch& batch) {
    const size_t T = batch.sequence.steps, B = batch.sequence.rows;
    Var y = encoder_.Forward(tape, tape.Constant(batch.x), batch.sequence);
    if (last_) y = Reshape(tape, Slice(tape, y, T - 1, T), {B, encoder_.output_width()});
    return Linear(tape, Dropout(tape, y, dropout_), tape.Use(weight_), tape.Use(bias_));
  }

  std::vector<Parameter*> parameters() {
    std::vector<Parameter*> parameters = encoder_.parameters();
    parameters.insert(parameters.end(), {&weight_, &bias_});
    return parameters;
  }

 private:
  // The bias of the gate that keeps the state is log U(1, lag - 1), that of an lstm's input gate its negative.
  void StartFromLags(size_t longest) {
    if (encoder_.stack() == nullptr) return;
    for (Recurrent& layer : encoder_.stack()->layers()) {
      const std::string& cell = layer.options().cell;
      if (cell != "lstm" && cell != "gru") continue;
      const std::string_view gates = InfoOf(layer.cell()).gates;
      const auto place = [&](char gate) { return gates.find(gate) / 2 * layer.options().hidden; };
      for (Parameter* parameter : layer.parameters()) {
        if (!parameter->name.ends_with(".b")) continue;
        for (size_t j = 0; j < layer.options().hidden; ++j) {
          const double lag = std::log(1 + random_.Uniform() * (static_cast<double>(longest) - 2));
          parameter->value[place(cell == "lstm" ? 'f' : 'z') + j] = static_cast<Real>(lag);
          if (cell == "lstm") parameter->value[place('i') + j] = static_cast<Real>(-lag);
        }
      }
    }
  }

  bool last_;
  double dropout_;
  Random random_;  // of the weights at the start
  Encoder encoder_;
  Parameter weight_, bias_;  // [O, width], [O]
};

size_t CountParameters(const Recipe& recipe, EncoderOptions layers, size_t hidden) {
  SetHidden(layers, hidden);
  return CountWeights(Network(recipe, layers, 1).parameters());
}

// Layers of this name whose network has the number of parameters nearest to the recipe's.
EncoderOptions FittedLayers(const Recipe& recipe, const std::string& model) {
  StackOptions stack;
  stack.layers = recipe.layers;
  stack.dropout = recipe.dropout;
  stack.layer.variational_dropout = recipe.variational_dropout;
  stack.layer.hidden = 4;  // of which every architecture's width is a multiple
  EncoderOptions layers{recipe.inputs, {stack}, Precision::kFloat32};
  Compose(layers, model, recipe.span, {});
  for (LayerOptions& layer : layers.layers) {
    if (auto* tcn = std::get_if<TcnOptions>(&layer)) tcn->dropout = recipe.dropout;  // which Compose() limits
  }
  const auto count = [&](size_t width) { return CountParameters(recipe, layers, width * HiddenStep(layers)); };
  size_t low = 1, high = 2;  // counts grow with the width
  while (count(high) < recipe.parameters) low = high, high *= 2;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    (count(middle) < recipe.parameters ? low : high) = middle;
  }
  const auto distance = [&](size_t width) {
    return std::abs(static_cast<double>(count(width)) - static_cast<double>(recipe.parameters));
  };
  SetHidden(layers, (distance(low) < distance(high) ? low : high) * HiddenStep(layers));
  return layers;
}

class RecipeTraining : public Trainable {
 public:
  RecipeTraining(const Recipe& recipe, Network& network, uint64_t seed, Threads& threads)
      : recipe_(recipe), network_(network), seed_(seed), threads_(threads) {}

  std::vector<Parameter*> parameters() override { return network_.parameters(); }
  int64_t steps_per_epoch() const override { return recipe_.steps_per_epoch; }
  double units_per_step() const override { return 1; }

  double Step(int64_t step, Shard, const ShardWorker& worker) override {
    const Batch batch = recipe_.batch(step);
    Tape tape = worker.MakeTape(MixBits(seed_ + static_cast<uint64_t>(step)));
    const Var loss = recipe_.loss(tape, network_.Outputs(tape, batch), batch);
    const double value = static_cast<double>(tape.Value(loss)[0]);
    tape.Backward(loss);
    return value;
  }

  std::optional<double> Validate(double) override {
    const double figure = Figure(recipe_.valid);
    return recipe_.accuracy ? 1 - figure : figure;
  }

  double Figure(const std::vector<Batch>& part) {
    double sum = 0, count = 0;
    for (const Batch& batch : part) {
      Tape tape(threads_, Tape::Mode::kInference);
      const Var outputs = network_.Outputs(tape, batch);
      const double figure = recipe_.figure ? recipe_.figure(tape.Value(outputs), batch)
                                           : static_cast<double>(tape.Value(recipe_.loss(tape, outputs, batch))[0]);
      sum += figure * batch.count;
      count += batch.count;
    }
    return sum / count;
  }

 private:
  const Recipe& recipe_;
  Network& network_;
  uint64_t seed_;
  Threads& threads_;
};

}  // namespace

Random StepRandom(uint64_t seed, int64_t step) { return Random(MixBits(seed) + static_cast<uint64_t>(step)); }

Random PartRandom(uint64_t seed, const std::string& part) {
  for (const char c : part) seed = MixBits(seed + static_cast<unsigned char>(c));
  return Random(seed);
}

std::vector<Batch> DrawPart(size_t batches, Random random, const std::function<Batch(Random)>& make) {
  std::vector<Batch> part;
  for (size_t i = 0; i < batches; ++i) part.push_back(make(Random(random.Bits())));
  return part;
}

Outcome TrainAndTest(const Recipe& recipe, const std::string& model, uint64_t seed, Threads& threads,
                     const TrainingHooks& hooks) {
  const EncoderOptions layers = FittedLayers(recipe, model);
  Network network(recipe, layers, seed);
  RecipeTraining training(recipe, network, seed, threads);
  TrainingOptions options = recipe.training;
  SuitRate(options.schedule, layers);
  Outcome outcome{Describe(layers), CountWeights(network.parameters()), 0, {}};
  outcome.training = Train(training, options, threads, hooks);
  outcome.figure = training.Figure(recipe.test);
  return outcome;
}

double Accuracy(const Tensor& logits, const Batch& batch) {
  const size_t classes = logits.dim(logits.rank() - 1);
  double right = 0, count = 0;
  for (size_t i = 0; i < batch.labels.size(); ++i) {
    if (batch.labels[i] == kIgnore) continue;
    const Real* row = logits.data() + i * classes;
    right += std::max_element(row, row + classes) - row == batch.labels[i];
    ++count;
  }
  return right / count;
}

}  // namespace eddy::published
