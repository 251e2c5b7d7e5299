#include "tasks/translate/model.h"

#include <cmath>

#include "data/length_batches.h"
#include "eddy/error.h"
#include "kernels/loops.h"
#include "loss/token_nats.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 128;
constexpr size_t kMostSteps = 1 << 12;  // rows times steps of a batch: each has a number for every token of the vocabulary
constexpr size_t kGoldenSteps = 8;

struct PairBatch {
  TokenBatch source, target;
};

PairBatch MakePairBatch(std::span<const EncodedPair> pairs) {
  std::vector<std::span<const int32_t>> sources, targets;
  for (const EncodedPair& pair : pairs) {
    sources.emplace_back(pair.source);
    targets.emplace_back(pair.target);
  }
  return {MakeTokenBatch(sources), MakeTokenBatch(targets)};
}

// [T, B, V], each token predicted from the right ones before it.
Tensor Predict(TranslatorNetwork& network, const PairBatch& batch, Threads& threads, Tensor* weights = nullptr) {
  Tape tape(threads, Tape::Mode::kInference, 0, network.precision());
  const TranslatorNetwork::Memory memory = network.Read(tape, batch.source);
  const TokenBatch inputs = ShiftTargets(batch.target, network.design().target.vocabulary.end());
  return tape.Value(network.Write(tape, inputs, memory, memory.state, weights).logits);
}

std::vector<int32_t> TokensOf(const Tensor& input, size_t side, const Vocabulary& vocabulary) {
  std::vector<int32_t> tokens;
  for (size_t t = 0; t < input.dim(0); ++t) {
    const Real token = input[2 * t + side];
    const bool fits = token >= 0 && token < static_cast<Real>(vocabulary.size()) && token == std::floor(token);
    Require(fits, "load model", "the golden input", "of tokens in the vocabulary", "of something else");
    tokens.push_back(static_cast<int32_t>(token));
  }
  return tokens;
}

// [T, 2]: a source and a target of tokens from all over the vocabularies.
Tensor GoldenInput(const TranslatorDesign& design) {
  Tensor input({kGoldenSteps, 2});
  for (size_t t = 0; t < kGoldenSteps; ++t) {
    input[2 * t] = static_cast<Real>(t * design.source.vocabulary.size() / kGoldenSteps);
    input[2 * t + 1] = static_cast<Real>(t * design.target.vocabulary.size() / kGoldenSteps);
  }
  return input;
}

// The logits of the last step.
GoldenRun GoldenRunOf(TranslatorNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    Require(input.rank() == 2 && input.dim(1) == 2, "load model", "the golden input", "of shape [T, 2]",
            input.shape().ToString());
    const TranslatorDesign& design = network.design();
    const std::vector<int32_t> source = TokensOf(input, 0, design.source.vocabulary);
    const std::vector<int32_t> target = TokensOf(input, 1, design.target.vocabulary);
    const EncodedPair pair = {source, target};
    const Tensor logits = Predict(network, MakePairBatch(std::span(&pair, 1)), threads);
    return logits.Rows(logits.dim(0) - 1, 1).Reshape({design.target.vocabulary.size()}).Clone();
  };
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const TranslatorDesign& design) {
  RequireShape(model, "source.weight", {design.source.vocabulary.size(), design.embedding});
  RequireShape(model, "target.weight", {design.target.vocabulary.size(), design.embedding});
  for (const StackOptions* stack : {&design.encoder, &design.decoder}) {
    RequireFits(*stack, model.tensors);
    Require(stack->layer.input == design.embedding, "load model", "the layers' input", std::to_string(design.embedding),
            std::to_string(stack->layer.input));
  }
}

}  // namespace

std::vector<double> PairNats(TranslatorNetwork& network, std::span<const EncodedPair> pairs, Threads& threads) {
  const auto length = [&](size_t i) { return std::max(pairs[i].source.size(), pairs[i].target.size()); };
  std::vector<double> nats(pairs.size());
  for (const std::vector<size_t>& numbers : BatchesByLength(pairs.size(), length, kMostRows, kMostSteps)) {
    std::vector<EncodedPair> rows;
    for (const size_t i : numbers) rows.push_back(pairs[i]);
    const Tensor logits = Predict(network, MakePairBatch(rows), threads);
    const size_t B = rows.size(), V = logits.dim(2);
    ForRows(threads, B, logits.size() / B, [&](size_t b) {
      double& sum = nats[numbers[b]];
      for (size_t t = 0; t < rows[b].target.size(); ++t) {
        sum += TokenNats(logits.data() + (t * B + b) * V, V, rows[b].target[t]);
      }
    });
  }
  return nats;
}

double NatsPerToken(TranslatorNetwork& network, std::span<const EncodedPair> pairs, Threads& threads, ProcessGroup& group) {
  double nats = 0;
  for (const double pair : Joined(group, PairNats(network, OwnShare(group).Of(pairs), threads))) nats += pair;
  size_t tokens = 0;
  for (const EncodedPair& pair : pairs) tokens += pair.target.size();
  return nats / static_cast<double>(tokens);
}

Tensor Align(TranslatorNetwork& network, EncodedPair pair, Threads& threads) {
  Tensor weights;
  Predict(network, MakePairBatch(std::span(&pair, 1)), threads, &weights);
  return weights.Reshape({pair.target.size(), pair.source.size()});
}

Model MakeTranslatorModel(TranslatorNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kTranslateTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.precision();
  StoreNetwork(network.parameters(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  return model;
}

TranslatorNetwork LoadTranslator(const Model& model, Threads& threads) {
  RequireTask(model, kTranslateTask);
  const TranslatorDesign design = TranslatorDesignFromJson(model.description);
  RequireTensors(model, design);
  TranslatorNetwork network(design, 0);
  RestoreNetwork(model, network.parameters(), GoldenRunOf(network, threads));
  return network;
}

}  // namespace eddy
