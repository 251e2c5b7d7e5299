#include "tasks/compose/model.h"

#include <algorithm>
#include <cmath>

#include "data/length_batches.h"
#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "model/encoder_json.h"
#include "model/stack_fits.h"

namespace eddy {
namespace {

constexpr size_t kMostRows = 64;
constexpr size_t kMostSteps = 1 << 14;  // rows times steps of a batch
constexpr size_t kGoldenSteps = 8;

// A row a step: its event, or which keys sound.
Tensor GoldenInput(const ComposeDesign& design) {
  Tensor input({kGoldenSteps, design.events() ? 1 : kPianoKeys});
  for (size_t t = 0; t < kGoldenSteps; ++t) {
    if (design.events()) {
      input[t] = static_cast<Real>(1 + t * (EventTokens() - 1) / kGoldenSteps);
    } else {
      for (const size_t key : {20 + t, 30 + t / 2, 40 + t / 3}) input[t * kPianoKeys + key] = 1;
    }
  }
  return input;
}

MusicPiece GoldenPiece(const Tensor& input, const ComposeDesign& design) {
  const size_t width = design.events() ? 1 : kPianoKeys;
  Require(input.rank() == 2 && input.dim(0) >= 1 && input.dim(1) == width, "load model", "the golden input",
          "a row of a step each", input.shape().ToString());
  MusicPiece piece;
  for (size_t t = 0; t < input.dim(0); ++t) {
    const Real* row = input.data() + t * width;
    if (design.events()) {
      const bool fits = row[0] >= 0 && row[0] < static_cast<Real>(EventTokens()) && row[0] == std::floor(row[0]);
      Require(fits, "load model", "the golden input", "of events", "of something else");
      piece.events.push_back(static_cast<int32_t>(row[0]));
      continue;
    }
    RollFrame& frame = piece.frames.emplace_back();
    for (size_t key = 0; key < kPianoKeys; ++key) {
      if (row[key] != 0) frame.push_back(static_cast<uint8_t>(kLowestKey + key));
    }
  }
  return piece;
}

GoldenRun GoldenRunOf(ComposeNetwork& network, Threads& threads) {
  return [&](const Tensor& input) {
    const MusicPiece piece = GoldenPiece(input, network.design());
    const MusicWindow window{&piece, 0, piece.steps(), 0};
    const MusicBatch batch = MakeMusicBatch(std::span(&window, 1), network.design(), true);
    Tape tape(threads, Tape::Mode::kInference, 0, network.design().encoder.precision);
    const Var y = network.encoder().Forward(tape, network.Inputs(tape, batch), batch.sequence);
    const Var outputs = network.Outputs(tape, y);
    const Tensor loss = tape.Value(network.Loss(tape, outputs, batch)), values = tape.Value(outputs);
    Tensor golden({values.size() + 1});  // the loss stands for the joint output, too
    std::copy(values.values().begin(), values.values().end(), golden.data());
    golden[values.size()] = loss[0];
    return golden;
  };
}

// The sizes in the description against the tensors, before anything is allocated by them.
void RequireTensors(const Model& model, const ComposeDesign& design) {
  RequireFits(design.encoder, model.tensors);
  if (design.harmonise) RequireFits(design.melody, model.tensors);
  Require(design.encoder.input == design.inputs(), "load model", "the layers' input", std::to_string(design.inputs()),
          std::to_string(design.encoder.input));
  RequireShape(model, "head.bias", {design.outputs()});
  if (design.events()) RequireShape(model, "embedding.weight", {EventTokens(), design.embedding});
  if (design.key_units > 0) RequireShape(model, "keys.write", {kPianoKeys, design.key_units});
}

}  // namespace

MusicScore MeasureMusic(ComposeNetwork& network, const MusicSet& set, MusicParts parts, Threads& threads,
                        ProcessGroup& group) {
  const auto length = [&](size_t i) { return set.pieces[i].steps(); };
  const size_t most_rows = parts == MusicParts::kNone ? kMostRows : 1;
  const std::vector<std::vector<size_t>> batches = BatchesByLength(set.pieces.size(), length, most_rows, kMostSteps);
  std::vector<double> sums;  // of each batch: nats, and steps
  for (const std::vector<size_t>& rows : OwnShare(group).Of(std::span(batches))) {
    threads.ThrowIfStopped();
    std::vector<MusicWindow> windows;
    for (const size_t i : rows) windows.push_back({&set.pieces[i], 0, set.pieces[i].steps(), 0});
    const MusicBatch batch = MakeMusicBatch(windows, network.design(), /*first=*/false);
    Tape tape(threads, Tape::Mode::kInference, 0, network.design().encoder.precision);
    sums.push_back(batch.count == 0 ? 0 : batch.count * static_cast<double>(tape.Value(network.Loss(tape, batch))[0]));
    sums.push_back(batch.count);
  }
  sums = Joined(group, std::move(sums));
  MusicScore score;
  double nats = 0, counted = 0;
  if (parts == MusicParts::kPieces) score.parts.values.resize(2 * set.pieces.size());
  for (size_t i = 0; i < batches.size(); ++i) {
    nats += sums[2 * i];
    counted += sums[2 * i + 1];
    if (parts == MusicParts::kPieces) std::copy_n(&sums[2 * i], 2, &score.parts.values[2 * batches[i][0]]);
  }
  Require(counted > 0, "compose", set.source, "with steps to measure", "without");
  score.nats = nats / counted;
  score.steps = static_cast<size_t>(counted);
  return score;
}

Model MakeComposerModel(ComposeNetwork& network, const Json& training, Threads& threads) {
  Model model;
  model.task = kComposeTask;
  model.description = ToJson(network.design());
  model.description["training"] = training;
  model.precision = network.design().encoder.precision;
  StoreNetwork(network.parameters(), GoldenInput(network.design()), GoldenRunOf(network, threads), model);
  return model;
}

ComposeNetwork LoadComposer(const Model& model, Threads& threads) {
  RequireTask(model, kComposeTask);
  const ComposeDesign design = ComposeDesignFromJson(model.description);
  RequireTensors(model, design);
  ComposeNetwork network(design, 0);
  RestoreNetwork(model, network.parameters(), GoldenRunOf(network, threads));
  return network;
}

MusicSource SourceOf(const Model& model) {
  return MusicSourceFromJson(ObjectField(ObjectField(model.description, "training"), "source"));
}

}  // namespace eddy
