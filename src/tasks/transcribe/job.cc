#include "tasks/transcribe/job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "model/architecture.h"
#include "tasks/reading.h"
#include "tasks/train_options.h"
#include "tasks/transcribe/defaults.h"
#include "tasks/transcribe/noise.h"
#include "tasks/transcribe/report.h"
#include "tasks/transcribe/result.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

constexpr size_t kMostNamed = 3;
constexpr size_t kUsualDeltas = 2;
constexpr size_t kMostWithSlopes = 80;  // numbers a frame
constexpr size_t kLeastNoise = 5;       // of each kind one
constexpr size_t kMostCharacters = 20'000, kUsualPieces = 256;

FeatureOptions WantedFeatures(const TranscriberOptions& options) {
  FeatureOptions wanted;
  wanted.kind = options.features.value_or("mfcc") == "mfcc" ? FeatureKind::kMfcc : FeatureKind::kLogMel;
  wanted.mels = options.mels.value_or(wanted.kind == FeatureKind::kMfcc ? 26 : 40);
  if (options.cepstra && wanted.kind != FeatureKind::kMfcc) throw UsageError("--cepstra are of --features mfcc");
  wanted.cepstra = options.cepstra.value_or(std::min(wanted.cepstra, wanted.mels));
  if (wanted.cepstra > wanted.mels) {
    throw UsageError(fmt::format("--cepstra {} are more than the {} of --mels", wanted.cepstra, wanted.mels));
  }
  wanted.step_ms = options.frame_ms;
  wanted.window_ms = std::max(wanted.window_ms, options.frame_ms);
  return wanted;
}

void RefuseOptionsOfSound(const TranscriberOptions& options) {
  const auto refuse = [&](bool is_given, const char* option) {
    if (is_given) throw UsageError(fmt::format("{} is for sound, and these are features", option));
  };
  refuse(options.rate.has_value(), "--rate");
  refuse(options.features.has_value(), "--features");
  refuse(options.mels.has_value(), "--mels");
  refuse(options.cepstra.has_value(), "--cepstra");
  refuse(options.noise.value_or(0) > 0, "--noise");
}

FrontEnd MakeFrontEnd(const Data& recordings, const TranscriberOptions& options) {
  CheckedJson(options, kTranscribeTask);
  if (options.causal && options.deltas.value_or(0) > 0)
    throw UsageError("--deltas look at later frames, which --causal forbids");
  FrontEnd front = FrontEndFor(recordings, WantedFeatures(options), options.rate);
  if (!front.sound) RefuseOptionsOfSound(options);
  front.deltas = options.deltas.value_or(options.causal || front.width > kMostWithSlopes ? 0 : kUsualDeltas);
  front.speeds = options.speeds;
  return front;
}

Spelling LearnSpelling(const TranscriberOptions& options, const UtteranceSet& train) {
  Ragged<char> texts;
  for (const Utterance& each : train.utterances) {
    if (!each.text.empty()) texts.Add(each.text);
  }
  if (options.unit == "bpe") return Spelling::OfPieces(texts, options.vocabulary.value_or(kUsualPieces));
  return Spelling::OfCharacters(texts, options.vocabulary.value_or(kMostCharacters));
}

constexpr size_t kSpan = 50;  // steps that hang together

TranscriberSetup MakeSetup(const TranscriberOptions& options, const FrontEnd& front, const TranscribeData& data) {
  const Json given_json = CheckedJson(options, kTranscribeTask);
  const TrainOptions& given = options.train;
  TranscriberSetup setup = DefaultTranscriberSetup(data.train, front, LearnSpelling(options, data.train), options.causal);
  TranscriberDesign& design = setup.design;
  design.frame_ms = options.frame_ms;
  if (options.reduce) design.reduction = *options.reduce;
  if (options.channels) design.channels = *options.channels;
  design.encoder.input = design.channels;
  Override(design.encoder, given, kSpan);
  if (given.dropout) design.dropout = *given.dropout;
  if (options.causal && !IsCausal(design.encoder)) throw UsageError("--causal needs layers that see no later step");
  SuitRate(setup.training.schedule, design.encoder);
  Override(setup.training, given);
  TranscriberBatching& batching = setup.batching;
  if (given.batch) batching.rows = *given.batch;
  batching.shards = ShardsWithin(batching.rows, kSpan, given);
  if (options.time_masks) batching.time_masks = *options.time_masks;
  if (options.frequency_masks) batching.frequency_masks = *options.frequency_masks;
  if (options.splices) batching.splices = *options.splices;
  if (options.noise) setup.noise = *options.noise;
  setup.provenance = {{"task", kTranscribeTask},
                      {"network", ToJson(design)["network"]},
                      {"batch", batching.rows},
                      {"shards", batching.shards},
                      {"masks", {batching.time_masks, batching.frequency_masks}},
                      {"splices", batching.splices},
                      {"noise", setup.noise},
                      {"options", given_json},
                      {"recordings", data.fingerprint}};
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

class TranscriberJob : public Job {
 public:
  TranscriberJob(const Data& recordings, const TranscriberOptions& options, TaskContext& context)
      : front_(MakeFrontEnd(recordings, options)),
        data_(Read(recordings, options, front_, context)),
        setup_(MakeSetup(options, front_, data_)),
        network_(setup_.design, options.train.seed),
        train_(Encode(data_.train.utterances, "to learn", context)),
        held_out_(Encode(data_.held_out.utterances, "to judge by", context)),
        training_(network_, WithNoise(options.train.seed), held_out_, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    for (Utterance& each : data_.train.utterances) each.frames.clear();  // they are in train_
    training_.StartFromCounts();
    SayWhatIsTrained(context);
  }

  Trainable& trainable() override { return training_; }
  const TrainingOptions& training() const override { return setup_.training; }
  std::string unit() const override { return "frames"; }
  std::string measure() const override { return "nats a character"; }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    context.live("Transcribing ...");
    network_.SetTemperature(CalibrateTranscriber(network_, held_out_, context.threads, context.group).temperature);
    result_ = EvaluateTranscriber(network_, data_.held_out.utterances, CommonestText(data_.train), {}, context.threads,
                                  context.group);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeTranscriberModel(network_,
                                {{"source", ToJson(data_.source)},
                                 {"commonest", CommonestText(data_.train)},
                                 {"options", setup_.provenance},
                                 {"steps", run_.steps},
                                 {"best_step", run_.best_step}},
                                threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeTranscriptReport(network_, data_.held_out.utterances, result_, run_, data_.source.file, threads);
  }

 private:
  static TranscribeData Read(const Data& recordings, const TranscriberOptions& options, const FrontEnd& front,
                             TaskContext& context) {
    context.live("Reading sound ...");
    TranscribeData data = LoadTranscribeData(recordings, options.held_out, front, {.strict = options.strict});
    Say(data.train.reading, recordings.name(), context);
    return data;
  }

  // Of those that fit; the others are counted, and the first few named.
  std::vector<EncodedUtterance> Encode(const std::vector<Utterance>& utterances, const char* use,
                                       TaskContext& context) const {
    std::vector<EncodedUtterance> encoded;
    std::vector<std::string> reasons;
    for (const Utterance& each : utterances) {
      const std::string why = WhyLeftOut(each, setup_.design);
      if (why.empty()) {
        encoded.push_back(EncodeUtterance(each, setup_.design));
      } else {
        reasons.push_back(why);
      }
    }
    if (reasons.empty()) return encoded;
    const size_t count = reasons.size();
    reasons.resize(std::min(count, kMostNamed));
    context.line(fmt::format("Left out {} of {} recordings {}: {}{}.", count, utterances.size(), use,
                             fmt::join(reasons, "; "), count > kMostNamed ? "; ..." : ""));
    return encoded;
  }

  const std::vector<EncodedUtterance>& WithNoise(uint64_t seed) {
    const auto count = static_cast<size_t>(std::lround(setup_.noise * static_cast<double>(train_.size())));
    if (setup_.noise == 0) return train_;
    for (const Utterance& each : MakeNoise(std::max(count, kLeastNoise), front_, seed)) {
      train_.push_back(EncodeUtterance(each, setup_.design));
      ++noises_;
    }
    return train_;
  }

  void SayWhatIsTrained(TaskContext& context) {
    const TranscriberDesign& design = setup_.design;
    const double seconds =
        setup_.design.frame_ms / 1000 * training_.units_per_step() * static_cast<double>(training_.steps_per_epoch());
    context.line(fmt::format("Recordings: {} to learn ({:.1f} minutes, {} of them of no words), {} held out; {} {}",
                             train_.size(), seconds / 60, noises_, held_out_.size(), design.spelling.size() - 1,
                             design.spelling.unit()));
    context.line(fmt::format("Network: {} numbers a frame, convolutions of {}, {} ms a step, then {}; {} weights; batch {}",
                             design.inputs(), design.channels, design.frame_ms * static_cast<double>(design.reduction),
                             Describe(network_.encoder().options()), CountWeights(network_.parameters()),
                             setup_.batching.rows));
  }

  const FrontEnd front_;
  TranscribeData data_;
  const TranscriberSetup setup_;
  TranscriberNetwork network_;
  size_t noises_ = 0;  // recordings of no words that were made
  std::vector<EncodedUtterance> train_;
  const std::vector<EncodedUtterance> held_out_;
  TranscriberTraining training_;
  TrainingResult run_;
  TranscriberResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeTranscriberJob(const Data& recordings, const TranscriberOptions& options, TaskContext& context) {
  return std::make_unique<TranscriberJob>(recordings, options, context);
}

}  // namespace eddy
