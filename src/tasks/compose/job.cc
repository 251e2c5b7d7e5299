#include "tasks/compose/job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "model/architecture.h"
#include "tasks/compose/report.h"
#include "tasks/compose/result.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

ComposeSetup MakeSetup(const ComposerOptions& options, const MusicData& data) {
  const Json given_json = CheckedJson(options, kComposeTask);
  if (options.harmonise && data.grid == MusicGrid::kEvents) {
    throw UsageError("--harmonise reads frames: --grid 16th or quarter, not events");
  }
  if (data.grid == MusicGrid::kEvents && options.independent) {
    throw UsageError("--independent is an option of frames, not of --grid events");
  }
  if (options.key_units && (options.independent || data.grid == MusicGrid::kEvents)) {
    throw UsageError("--key-units is an option of frames whose keys depend on each other");
  }
  if (options.transposed && options.transpose && *options.transpose == 0) {
    throw UsageError("--transposed is the share of the pieces that --transpose moves, which is 0");
  }
  ComposeSetup setup = DefaultComposeSetup(data.train, data.grid, data.time, !options.independent, options.harmonise);
  const TrainOptions& given = options.train;
  ComposeDesign& design = setup.design;
  if (options.window) setup.batching.window = *options.window;
  Override(design.encoder, given, setup.batching.window);
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  if (options.harmonise && given.hidden) design.melody.layer.hidden = *given.hidden;
  if (given.dropout) design.dropout = design.melody.dropout = *given.dropout;
  if (given.batch) setup.batching.rows = *given.batch;
  setup.batching.shards = ShardsWithin(setup.batching.rows, setup.batching.window, given);
  if (options.key_units) design.key_units = *options.key_units;
  if (options.transpose) setup.batching.transpose = static_cast<int>(*options.transpose);
  if (options.transposed) setup.batching.transposed = *options.transposed;
  design.encoder.input = design.inputs();
  setup.provenance = {{"task", kComposeTask},
                      {"network", ToJson(design)["network"]},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"window", setup.batching.window},
                      {"transpose", setup.batching.transpose},
                      {"transposed", setup.batching.transposed},
                      {"options", given_json},
                      {"music", data.fingerprint}};
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

class ComposerJob : public Job {
 public:
  ComposerJob(MusicData data, const ComposerOptions& options, TaskContext& context)
      : data_(std::move(data)),
        setup_(MakeSetup(options, data_)),
        network_(setup_.design, options.train.seed),
        training_(network_, data_.train, data_.held_out, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    SayLeftOut(data_.left_out, data_.files, context);
    SayWhatIsTrained(context);
    result_.events = setup_.design.events();
    result_.pieces = data_.held_out.pieces.size();
    result_.floors = MusicFloors(data_.train, data_.held_out, setup_.design);
    const auto best = std::min_element(result_.floors.begin(), result_.floors.end(),
                                       [](const MusicFloor& a, const MusicFloor& b) { return a.nats() < b.nats(); });
    context.line(fmt::format("To beat: {:.4f} {} ({})", best->nats(), measure(), best->name));
    training_.StartFromCounts();
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return result_.events ? "events" : "frames"; }
  std::string measure() const override { return MusicUnit(result_.events); }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    result_.network = MeasureMusic(network_, data_.held_out, MusicParts::kPieces, context.threads, context.group);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeComposerModel(network_,
                             {{"source", ToJson(data_.source)},
                              {"options", setup_.provenance},
                              {"steps", run_.steps},
                              {"best_step", run_.best_step}},
                             threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeComposeReport(network_, data_.train, data_.held_out, result_, run_, data_.train.source, threads);
  }

 private:
  void SayWhatIsTrained(TaskContext& context) {
    const ComposeDesign& design = setup_.design;
    context.line(fmt::format("Music: {} pieces to learn, {} held out; {} {}", data_.train.pieces.size(),
                             data_.held_out.pieces.size(), data_.train.steps(),
                             design.events() ? "events" : fmt::format("frames of a {}", MusicGridName(design.grid))));
    context.line(fmt::format("Network: {}, {} weights; {}batch {} of {} steps", Describe(design.encoder),
                             CountWeights(network_.parameters()),
                             design.harmonise ? "reads the melody in both directions; "
                             : design.joint   ? "keys given those below them; "
                                              : "",
                             setup_.batching.rows, setup_.batching.window));
  }

  const MusicData data_;
  const ComposeSetup setup_;
  ComposeNetwork network_;
  ComposeTraining training_;
  TrainingResult run_;
  ComposerResult result_;
};

}  // namespace

void SayLeftOut(const std::vector<std::string>& left_out, size_t files, TaskContext& context) {
  if (left_out.empty()) return;
  constexpr size_t kMostNamed = 20;
  const std::span named = std::span(left_out).first(std::min(kMostNamed, left_out.size()));
  context.line(fmt::format("Left out {} of {} files: {}{}.", left_out.size(), files, fmt::join(named, "; "),
                           left_out.size() > kMostNamed ? "; ..." : ""));
}

std::unique_ptr<Job> MakeComposerJob(MusicData data, const ComposerOptions& options, TaskContext& context) {
  return std::make_unique<ComposerJob>(std::move(data), options, context);
}

}  // namespace eddy
