#include "tasks/text/training.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/ops.h"
#include "kernels/loops.h"
#include "loss/token_nats.h"
#include "model/safetensors.h"
#include "train/process_exchange.h"
#include "train/shard_loss.h"

namespace eddy {
namespace {

constexpr size_t kMostLogits = size_t{1} << 24;  // held at once while measuring
constexpr size_t kMeasuringSteps = 256;

constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();

struct MeasuringPlan {
  size_t pieces, least, warm_up;  // of MeasuringPieces
  size_t tokens;                  // at most about so many are measured
};
// Twenty quick looks cost a few hundredths of the training of a model of a million tokens.
constexpr MeasuringPlan kQuickPlan = {kUnlimited, 512, 128, 32'768};
constexpr double kLeastLook = 4096;  // tokens
constexpr MeasuringPlan kExactPlan = {64, 500'000, 4096, kUnlimited};
constexpr size_t kLineLanes = 64;

// Steps [begin, end) of a batch, as what stands before the next one.
TextBatch Context(const TextBatch& batch, size_t begin, size_t end) {
  const size_t rows = batch.sequence.rows;
  const auto cut = [&](const auto& values) {
    using Values = std::decay_t<decltype(values)>;
    return Values(values.begin() + static_cast<ptrdiff_t>(begin * rows),
                  values.begin() + static_cast<ptrdiff_t>(end * rows));
  };
  TextBatch part;
  part.sequence.steps = end - begin;
  part.sequence.rows = rows;
  part.inputs = cut(batch.inputs);
  if (!batch.sequence.resets.empty()) part.sequence.resets = cut(batch.sequence.resets);
  return part;
}

// What is read: `after` behind `before`. A row that ended before has no more steps.
TextBatch Join(const TextBatch& before, const TextBatch& after) {
  TextBatch joined{after.sequence, after.inputs, {}, 0, {}};
  joined.sequence.steps += before.sequence.steps;
  for (size_t& length : joined.sequence.lengths) length += length > 0 ? before.sequence.steps : 0;
  joined.inputs.insert(joined.inputs.begin(), before.inputs.begin(), before.inputs.end());
  std::vector<uint8_t>& resets = joined.sequence.resets;
  if (resets.empty() && before.sequence.resets.empty()) return joined;
  resets.resize(after.inputs.size());
  resets.insert(resets.begin(), before.inputs.size(), 0);
  std::copy(before.sequence.resets.begin(), before.sequence.resets.end(), resets.begin());
  return joined;
}

// Steps whose loss is one figure of TextScore::blocks: enough of these for a spread, and not so few tokens that neighbours
// hang together.
size_t BlockSteps(size_t tokens, size_t rows) {
  constexpr size_t kBlocks = 64, kLeastTokens = 128;
  const size_t least = (kLeastTokens + rows - 1) / rows;
  return std::clamp<size_t>(tokens / (rows * kBlocks), least, std::max(least, kMeasuringSteps));
}

std::span<const int32_t> TargetsOf(const TextBatch& batch, size_t begin, size_t end) {
  const size_t rows = batch.sequence.rows;
  return std::span(batch.targets).subspan(begin * rows, (end - begin) * rows);
}

size_t Counted(std::span<const int32_t> targets) {
  return targets.size() - static_cast<size_t>(std::count(targets.begin(), targets.end(), kIgnore));
}

// Of each lane of a batch, the nats of its targets in steps [begin, end), for which the layers put out y.
std::vector<double> LaneNats(TextNetwork& model, Tape& tape, Var y, const TextBatch& batch, size_t begin, size_t end) {
  const size_t rows = batch.sequence.rows;
  const std::span<const int32_t> targets = TargetsOf(batch, begin, end);
  std::vector<double> nats(rows);
  if (Counted(targets) == 0) return nats;
  const Tensor logits = tape.Value(model.Logits(tape, Slice(tape, y, begin, end)));
  const size_t classes = logits.size() / targets.size();
  std::vector<double> each(targets.size());
  ForRows(tape.threads(), targets.size(), classes, [&](size_t i) {
    if (targets[i] != kIgnore) each[i] = TokenNats(logits.data() + i * classes, classes, targets[i]);
  });
  for (size_t i = 0; i < each.size(); ++i) nats[i % rows] += each[i];
  return nats;
}

// Of blocks of so many tokens and the nats [lanes, blocks] in them.
TextScore ScoreOf(const std::vector<size_t>& tokens, const std::vector<double>& nats) {
  TextScore score;
  for (size_t block = 0; block < tokens.size(); ++block) {
    if (tokens[block] == 0) continue;
    double sum = 0;
    for (size_t i = block; i < nats.size(); i += tokens.size()) sum += nats[i];
    score.blocks.push_back({tokens[block], sum / static_cast<double>(tokens[block])});
    score.tokens += tokens[block];
    score.nats += sum;
  }
  score.nats /= static_cast<double>(std::max<size_t>(score.tokens, 1));
  return score;
}

bool HasEnded(const Sequence& lanes) {
  const auto ended = [](size_t length) { return length == 0; };
  return !lanes.lengths.empty() && std::all_of(lanes.lengths.begin(), lanes.lengths.end(), ended);
}

// Every n-th piece, so that about `tokens` of `all` are left.
void Thin(std::vector<Piece>& pieces, size_t all, size_t tokens) {
  const size_t every = all / tokens + 1;
  size_t kept = 0;
  for (size_t i = (every - 1) / 2; i < pieces.size(); i += every) pieces[kept++] = pieces[i];
  pieces.resize(std::max<size_t>(kept, 1));
}

std::vector<Piece> PlannedPieces(const Corpus& corpus, const MeasuringPlan& plan, size_t tokens) {
  std::vector<Piece> pieces = MeasuringPieces(corpus, plan.pieces, plan.least, plan.warm_up);
  Thin(pieces, corpus.predicted(), tokens);
  return pieces;
}

// Rows [begin, end) of a batch.
TextBatch RowsOf(const TextBatch& batch, size_t begin, size_t end) {
  const size_t rows = batch.sequence.rows;
  if (end - begin == rows) return batch;
  const auto cut = [&](const auto& values) {  // [T, rows], or none
    std::decay_t<decltype(values)> part;
    for (size_t i = 0; i < values.size(); ++i) {
      if (i % rows >= begin && i % rows < end) part.push_back(values[i]);
    }
    return part;
  };
  TextBatch part;
  part.sequence.steps = batch.sequence.steps;
  part.sequence.rows = end - begin;
  part.sequence.resets = cut(batch.sequence.resets);
  part.sequence.lengths = cut(batch.sequence.lengths);
  part.inputs = cut(batch.inputs);
  part.targets = cut(batch.targets);
  part.counted = Counted(part.targets);
  return part;
}

std::string NameOfState(Shard shard, size_t layer) {
  const std::string prefix = shard.count == 1 ? "" : "shard" + std::to_string(shard.index) + "/";
  return prefix + "state" + std::to_string(layer);
}

std::vector<Var> Constants(Tape& tape, const std::vector<Tensor>& values) {
  std::vector<Var> constants;
  for (const Tensor& value : values) constants.push_back(tape.Constant(value));
  return constants;
}

std::vector<Tensor> Values(const Tape& tape, const std::vector<Var>& vars) {
  std::vector<Tensor> values;
  for (Var var : vars) values.push_back(tape.Value(var));
  return values;
}

template <class T>
std::vector<T> WholeNumbers(const Json& object, const std::string& key, size_t size, int64_t most) {
  std::vector<T> numbers;
  for (double number : NumbersField(object, key)) {
    const bool fits = number >= 0 && number <= static_cast<double>(most) && number == std::floor(number);
    Require(fits, "stored text state", key, "of tokens", "of something else");
    numbers.push_back(static_cast<T>(number));
  }
  Require(numbers.size() == size, "stored text state", key, "of the size of its context", "of another");
  return numbers;
}

}  // namespace

TextTraining::TextTraining(TextNetwork& model, const TextSplit& text, const TextBatching& batching, double label_smoothing,
                           uint64_t seed, Threads& threads, Precision precision)
    : model_(model),
      text_(text),
      batching_(batching),
      label_smoothing_(label_smoothing),
      seed_(seed),
      threads_(threads),
      precision_(precision),
      pieces_(text.train, std::max<size_t>(batching.rows, 1), seed),
      lanes_(text.train, batching.rows),
      carried_(batching.shards) {
  Require(batching.rows >= 1, "train", "the batch", "at least 1", "0");
  Require(batching.k1 >= 1 && batching.k2 >= batching.k1, "train", "the unroll K1,K2", "1 <= K1 <= K2",
          std::to_string(batching.k1) + "," + std::to_string(batching.k2));
  Require(batching.shards >= 1 && batching.shards <= batching.rows, "train", "the shards", "1 to the batch's rows",
          std::to_string(batching.shards));
}

int64_t TextTraining::steps_per_epoch() const {
  const size_t tokens = batching_.rows * batching_.k1;
  return static_cast<int64_t>((text_.train.predicted() + tokens - 1) / tokens);
}

// The window is the context and the k1 steps after it, which alone are predicted. A process reads the rows of its shards;
// where there is a context, which all of them keep, all of it.
void TextTraining::BeginStep(int64_t) {
  before_ = {lanes_, pieces_.ToJson(), std::move(context_), std::move(carried_)};
  carried_.assign(batching_.shards, {});
  fresh_ = lanes_.Plan(batching_.k1, [&](Piece& piece) {
    piece = pieces_.Next();
    return true;
  });
  if (batching_.k2 > batching_.k1) lanes_.ReadRows(fresh_, 0, batching_.rows);
  window_ = Join(before_->context, fresh_);
  context_ = Context(window_, NextBegins(), window_.sequence.steps);
}

void TextTraining::TakeBackStep() {
  lanes_ = before_->lanes;
  pieces_.FromJson(before_->pieces);
  context_ = std::move(before_->context);
  carried_ = std::move(before_->carried);
  before_.reset();
}

// The step of the window at which the next one begins; with k1 = k2 there is no context, and that is the end.
size_t TextTraining::NextBegins() const {
  const size_t steps = window_.sequence.steps;
  return steps - std::min(steps, batching_.k2 - batching_.k1);
}

double TextTraining::Step(int64_t step, Shard shard, const ShardWorker& worker) {
  const size_t begin = shard.begin(batching_.rows), end = shard.end(batching_.rows);
  if (begin == end) return 0;
  const size_t context_steps = window_.sequence.steps - fresh_.sequence.steps;
  if (batching_.k2 == batching_.k1) lanes_.ReadRows(fresh_, begin, end);
  const TextBatch fresh = RowsOf(fresh_, begin, end), window = context_steps == 0 ? fresh : RowsOf(window_, begin, end);

  Tape tape = worker.MakeTape(shard.Key(MixBits(seed_ ^ MixBits(static_cast<uint64_t>(step)))), precision_);
  Segment segment(Constants(tape, before_->carried[shard.index]), NextBegins());
  const Var read = model_.Read(tape, window.inputs, window.sequence, &segment);
  const Var y = context_steps == 0 ? read : Slice(tape, read, context_steps, window.sequence.steps);
  const Var mean = SoftmaxCrossEntropy(tape, model_.Logits(tape, y), fresh.targets, label_smoothing_);
  const Var loss = ShareOfLoss(tape, mean, shard, static_cast<double>(fresh.counted), static_cast<double>(fresh_.counted));
  std::vector<Tensor> carried = Values(tape, segment.after());

  const double share = tape.Value(loss)[0];
  tape.Backward(loss, worker.complete);
  carried_[shard.index] = std::move(carried);
  return share;
}

HeldOutSize TextTraining::held_out_size() const {
  return {static_cast<double>(text_.valid.predicted()), kLeastLook, static_cast<double>(kQuickPlan.tokens)};
}

std::optional<double> TextTraining::ValidateTogether(ProcessGroup& group, double most_units) {
  const double most = std::clamp(most_units, kLeastLook, static_cast<double>(kQuickPlan.tokens));
  const std::vector<Piece> pieces = PlannedPieces(text_.valid, kQuickPlan, static_cast<size_t>(most));
  return MeasureText(model_, text_.valid, pieces, threads_, group).nats;
}

void TextTraining::ForgetCarriedState() {
  carried_.assign(batching_.shards, {});
  context_ = {};
}

TaskState TextTraining::SaveState() const {
  TaskState state;
  const Json places = {{"pieces", pieces_.ToJson()},
                       {"lanes", lanes_.ToJson()},
                       {"context", context_.inputs},
                       {"context_resets", context_.sequence.resets}};
  state.text = DumpJson(places, "the text state");
  for (size_t shard = 0; shard < carried_.size(); ++shard) {
    const std::vector<Tensor>& states = carried_[shard];
    for (size_t layer = 0; layer < states.size(); ++layer) {
      state.tensors.emplace_back(NameOfState({shard, batching_.shards}, layer), states[layer]);
    }
  }
  return state;
}

void TextTraining::LoadState(const TaskState& stored) {
  const Json places = ParseJson(stored.text, "the stored text state");
  pieces_.FromJson(ObjectField(places, "pieces"));
  lanes_.FromJson(ArrayField(places, "lanes"));

  context_ = {};
  const size_t tokens = ArrayField(places, "context").size(), most = (batching_.k2 - batching_.k1) * batching_.rows;
  Require(tokens % batching_.rows == 0 && tokens <= most, "stored text state", "the context",
          "of whole steps, at most k2 - k1", std::to_string(tokens) + " tokens");
  const auto last_token = static_cast<int64_t>(model_.options().vocabulary) - 1;
  context_.inputs = WholeNumbers<int32_t>(places, "context", tokens, last_token);
  context_.sequence.rows = batching_.rows;
  context_.sequence.steps = tokens / batching_.rows;
  const bool resets = !ArrayField(places, "context_resets").empty();
  if (resets) context_.sequence.resets = WholeNumbers<uint8_t>(places, "context_resets", tokens, 1);

  carried_.assign(batching_.shards, {});
  const std::vector<size_t> widths = model_.encoder().state_widths();
  const size_t states = widths.size() * batching_.shards;
  Require(stored.tensors.empty() || stored.tensors.size() == states, "stored text state", "the carried states",
          "one a layer", std::to_string(stored.tensors.size()));
  for (size_t i = 0; i < stored.tensors.size(); ++i) {
    const Shard shard = {i / widths.size(), batching_.shards};
    const Shape expected = {shard.end(batching_.rows) - shard.begin(batching_.rows), widths[i % widths.size()]};
    const Tensor& tensor = FindTensor(stored.tensors, NameOfState(shard, i % widths.size()));
    Require(tensor.shape() == expected, "stored text state", "a carried state", "of shape " + expected.ToString(),
            tensor.shape().ToString());
    carried_[shard.index].push_back(tensor);
  }
}

TextScore MeasureText(TextNetwork& model, const Corpus& corpus, Measure measure, Threads& threads, ProcessGroup& group) {
  const MeasuringPlan plan = measure == Measure::kQuick ? kQuickPlan : kExactPlan;
  return MeasureText(model, corpus, PlannedPieces(corpus, plan, plan.tokens), threads, group);
}

// A process runs its share of the lanes; which lane reads which piece, all know. The nats of a block are summed over the
// lanes in their order, whoever ran them.
TextScore MeasureText(TextNetwork& model, const Corpus& corpus, const std::vector<Piece>& pieces, Threads& threads,
                      ProcessGroup& group) {
  const size_t rows = std::min(pieces.size(), kLineLanes);
  const size_t most = std::clamp<size_t>(kMostLogits / (rows * model.options().vocabulary), 1, kMeasuringSteps);
  const size_t block = std::min(BlockSteps(CountedTokens(pieces), rows), most), steps = most / block * block;
  TextLanes lanes(corpus, rows);
  size_t next_piece = 0;
  const auto next = [&](Piece& piece) { return next_piece < pieces.size() && (piece = pieces[next_piece++], true); };
  const size_t first = OwnShare(group).begin(rows), last = OwnShare(group).end(rows);

  std::vector<size_t> tokens;                          // of each block
  std::vector<std::vector<double>> own(last - first);  // of each lane that is run here, the nats of each block
  std::vector<Tensor> carried;
  for (;;) {
    const TextBatch all = lanes.Read(steps, next);
    if (all.sequence.steps == 0) break;
    for (size_t at = 0; at < all.sequence.steps; at += block) {
      tokens.push_back(Counted(TargetsOf(all, at, std::min(at + block, all.sequence.steps))));
    }
    if (first == last) continue;
    const TextBatch fresh = RowsOf(all, first, last);
    if (HasEnded(fresh.sequence)) continue;
    Tape tape(threads, Tape::Mode::kInference, 0, model.options().encoder.precision);
    Segment segment(Constants(tape, carried));
    const Var read = model.Read(tape, fresh.inputs, fresh.sequence, &segment);
    carried = Values(tape, segment.after());
    for (size_t at = 0; at < fresh.sequence.steps; at += block) {
      const std::vector<double> nats = LaneNats(model, tape, read, fresh, at, std::min(at + block, fresh.sequence.steps));
      for (size_t lane = 0; lane < own.size(); ++lane) own[lane].push_back(nats[lane]);
    }
  }
  std::vector<double> flat;  // [lanes, blocks]
  for (std::vector<double>& lane : own) {
    lane.resize(tokens.size());  // of blocks in which no lane here had tokens left
    flat.insert(flat.end(), lane.begin(), lane.end());
  }
  return ScoreOf(tokens, Joined(group, std::move(flat)));
}

double TextScore::StandardError() const {
  if (blocks.size() < 2) return std::nan("");
  const auto n = static_cast<double>(blocks.size()), mean_tokens = static_cast<double>(tokens) / n;
  double squares = 0;
  for (const Block& block : blocks) {
    const double weight = static_cast<double>(block.tokens) / mean_tokens;
    squares += weight * weight * (block.nats - nats) * (block.nats - nats);
  }
  return std::sqrt(squares / (n - 1) / n);
}

double TextScore::StandardErrorOf(size_t all) const {
  if (tokens >= all || blocks.size() < 2) return 0;
  return StandardError() * std::sqrt(1 - static_cast<double>(tokens) / static_cast<double>(all));
}

}  // namespace eddy
