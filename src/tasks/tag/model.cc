#include "tasks/tag/model.h"

#include <cmath>
#include <numeric>
#include <span>

#include "data/length_batches.h"
#include "eddy/error.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 128;
constexpr size_t kMostSteps = 1 << 14;  // rows times steps of a batch
constexpr size_t kGoldenSteps = 8;
constexpr size_t kGoldenLetters = 5;

std::vector<std::vector<size_t>> BatchesOf(const EncodedTokens& tokens) {
  const auto length = [&](size_t i) { return tokens.rows[i].words.size(); };
  return BatchesByLength(tokens.rows.size(), length, kMostRows, kMostSteps);
}

// Calls visit(rows, batch, tape, scores) for each of these batches.
template <class Visit>
void ForBatches(TaggerNetwork& network, const EncodedTokens& tokens, std::span<const std::vector<size_t>> batches,
                Threads& threads, const Visit& visit) {
  for (const std::vector<size_t>& rows : batches) {
    const TaggerBatch batch = MakeTaggerBatch(tokens, rows);
    Tape tape(threads, Tape::Mode::kInference, 0, network.design().stack.precision);
    visit(rows, batch, tape, network.Scores(tape, batch));
  }
}

double SumOf(const std::vector<double>& numbers) { return std::accumulate(numbers.begin(), numbers.end(), 0.0); }

double CountTokens(const EncodedTokens& tokens) {
  double count = 0;
  for (const EncodedTokens::Row& row : tokens.rows) count += static_cast<double>(row.words.size());
  return count;
}

struct ScoredBatch {
  Sequence sequence;
  std::vector<int32_t> tags;
  Tensor scores;
  double tokens = 0;
};

// Calls visit(ScoredBatch) for this process' share of the batches, in their order.
template <class Visit>
void ForScored(TaggerNetwork& network, const EncodedTokens& tokens, const TagIds& tags, Threads& threads,
               const ProcessGroup& group, const Visit& visit) {
  const std::vector<std::vector<size_t>> batches = BatchesOf(tokens);
  ForBatches(network, tokens, OwnShare(group).Of(std::span(batches)), threads,
             [&](const std::vector<size_t>& rows, const TaggerBatch& batch, Tape& tape, Var scores) {
               const Sequence& sequence = batch.sequence;
               const size_t count = std::accumulate(sequence.lengths.begin(), sequence.lengths.end(), size_t{0});
               visit(ScoredBatch{sequence, BatchTags(tags, rows, sequence), tape.Value(scores), static_cast<double>(count)});
             });
}

// Nats a token, times the tokens.
double TotalLoss(TaggerNetwork& network, const ScoredBatch& batch, double temperature, Threads& threads) {
  Tape tape(threads, Tape::Mode::kInference);
  const Var loss = network.Loss(tape, tape.Constant(batch.scores), batch.tags, batch.sequence, temperature);
  return batch.tokens * static_cast<double>(tape.Value(loss)[0]);
}

// A row a token: its place in the vocabulary, then those of its characters.
Tensor GoldenInput(const TaggerDesign& design) {
  Tensor input = Tensor::Uninitialized({kGoldenSteps, 1 + kGoldenLetters});
  for (size_t i = 0; i < input.size(); ++i) {
    const size_t tokens = i % (1 + kGoldenLetters) == 0 ? design.words.size() : design.characters.size();
    input[i] = static_cast<Real>(i * tokens / input.size());
  }
  return input;
}

EncodedTokens GoldenTokens(const Tensor& input, const TaggerDesign& design) {
  Require(input.rank() == 2 && input.dim(0) >= 1 && input.dim(1) >= 2, "load model", "the golden input",
          "a row of a word and its characters for each token", input.shape().ToString());
  EncodedTokens tokens;
  tokens.rows.resize(1);
  const auto read = [](Real number, const Vocabulary& vocabulary) {
    const bool fits = number >= 0 && number < static_cast<Real>(vocabulary.size()) && number == std::floor(number);
    Require(fits, "load model", "the golden input", "of tokens in the vocabulary", "of something else");
    return static_cast<int32_t>(number);
  };
  for (size_t t = 0; t < input.dim(0); ++t) {
    const Real* row = input.data() + t * input.dim(1);
    tokens.rows[0].words.push_back(read(row[0], design.words));
    tokens.rows[0].spellings.push_back(static_cast<int32_t>(t));
    std::vector<int32_t>& spelling = tokens.spellings.emplace_back();
    for (size_t i = 1; i < input.dim(1); ++i) spelling.push_back(read(row[i], design.characters));
  }
  return tokens;
}

GoldenRun GoldenRunOf(TaggerNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    Tensor output;
    const EncodedTokens tokens = GoldenTokens(input, network.design());
    ForBatches(network, tokens, BatchesOf(tokens), threads,
               [&](const auto&, const TaggerBatch&, Tape& tape, Var scores) { output = tape.Value(scores); });
    return output.Reshape({output.dim(0), output.dim(2)});
  };
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const TaggerDesign& design) {
  RequireFits(design.stack, model.tensors);
  RequireShape(model, "head.bias", {design.tags.size()});
  RequireShape(model, "embedding.weight", {design.words.size(), design.embedding});
  Require(design.stack.layer.input == design.inputs(), "load model", "the layers' input", std::to_string(design.inputs()),
          std::to_string(design.stack.layer.input));
  if (design.character_features == 0) return;
  RequireShape(model, "characters.weight", {design.characters.size(), design.character_embedding});
  RequireShape(model, "convolution.b", {design.character_features});
}

}  // namespace

// Whole batches are shared out, since the numbers of one are computed together.
TagIds SayTags(TaggerNetwork& network, const EncodedTokens& tokens, Threads& threads, ProcessGroup& group) {
  const std::vector<std::vector<size_t>> batches = BatchesOf(tokens);
  std::vector<double> own;
  ForBatches(network, tokens, OwnShare(group).Of(std::span(batches)), threads,
             [&](const std::vector<size_t>& rows, const TaggerBatch& batch, Tape& tape, Var scores) {
               const std::vector<int32_t> best = network.Decode(tape.Value(scores), batch.sequence);
               for (size_t b = 0; b < rows.size(); ++b) {
                 for (size_t t = 0; t < batch.sequence.lengths[b]; ++t) own.push_back(best[t * rows.size() + b]);
               }
             });
  const std::vector<double> all = Joined(group, std::move(own));
  TagIds tags(tokens.rows.size());
  auto next = all.begin();
  for (const std::vector<size_t>& rows : batches) {
    for (const size_t row : rows) {
      for (size_t t = 0; t < tokens.rows[row].words.size(); ++t) tags[row].push_back(static_cast<int32_t>(*next++));
    }
  }
  return tags;
}

double MeasureTags(TaggerNetwork& network, const EncodedTokens& tokens, const TagIds& tags, Threads& threads,
                   ProcessGroup& group) {
  std::vector<double> losses;
  ForScored(network, tokens, tags, threads, group,
            [&](const ScoredBatch& batch) { losses.push_back(TotalLoss(network, batch, 1, threads)); });
  return SumOf(Joined(group, std::move(losses))) / CountTokens(tokens);
}

Calibration CalibrateTags(TaggerNetwork& network, const EncodedTokens& tokens, const TagIds& tags, Threads& threads,
                          ProcessGroup& group) {
  constexpr int kPerOctave = 4, kOctaves = 4;
  std::vector<ScoredBatch> batches;
  ForScored(network, tokens, tags, threads, group, [&](const ScoredBatch& batch) { batches.push_back(batch); });
  const double counted = CountTokens(tokens);
  const auto loss_at = [&](double temperature) {
    std::vector<double> losses;
    for (const ScoredBatch& batch : batches) losses.push_back(TotalLoss(network, batch, temperature, threads));
    return SumOf(Joined(group, std::move(losses))) / counted;
  };
  Calibration best = {1, loss_at(1)};
  // The loss is convex in 1 / temperature: the first rise is beyond the minimum.
  for (int i = 1; i <= kPerOctave * kOctaves; ++i) {
    const double temperature = std::exp2(static_cast<double>(i) / kPerOctave), loss = loss_at(temperature);
    if (!(loss < best.loss)) break;
    best = {temperature, loss};
  }
  return best;
}

Model MakeTaggerModel(TaggerNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kTagTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.design().stack.precision;
  StoreNetwork(network.parameters(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  return model;
}

TaggerNetwork LoadTagger(const Model& model, Threads& threads) {
  RequireTask(model, kTagTask);
  const TaggerDesign design = TaggerDesignFromJson(model.description);
  RequireTensors(model, design);
  TaggerNetwork network(design, 0);
  RestoreNetwork(model, network.parameters(), GoldenRunOf(network, threads));
  return network;
}

}  // namespace eddy
