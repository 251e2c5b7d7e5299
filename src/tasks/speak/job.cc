#include "tasks/speak/job.h"

#include <fmt/format.h>

#include "model/architecture.h"
#include "tasks/reading.h"
#include "tasks/speak/alignment.h"
#include "tasks/speak/defaults.h"
#include "tasks/speak/report.h"
#include "tasks/speak/result.h"
#include "tasks/speak/vocoder_job.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

SpeechReader ReaderFor(const VoiceOptions& options) {
  CheckedJson(options, kSpeakTask);
  if (options.low >= options.high) throw UsageError("--low must be below --high");
  SpeechReader reader{{options.rate, options.frame_ms, options.order, options.low, options.high}, options.alignments, {}};
  if (!options.alignments.empty()) reader.alphabet = {.letters = false};
  return reader;
}

constexpr size_t kSpan = 50;  // frames that hang together

VoiceSetup MakeSetup(const VoiceOptions& options, const VoiceData& data) {
  const Json given_json = CheckedJson(options, kSpeakTask);
  const TrainOptions& given = options.train;
  VoiceSetup setup = DefaultVoiceSetup(data.train, ReaderFor(options).vocoder);
  VoiceDesign& design = setup.design;
  if (options.embedding) design.embedding = *options.embedding;
  design.text.input = design.embedding;
  Override(design.frames, given, kSpan);
  if (options.text_hidden) SetHidden(design.text, *options.text_hidden);
  design.frames.input = OutputWidth(design.text.layers.back()) + kPlaceWidth;
  if (given.dropout) design.dropout = *given.dropout;
  SuitRate(setup.training.schedule, design.frames);
  Override(setup.training, given);
  if (given.minutes && TrainsVocoder(options) && !options.vocoder_epochs) setup.training.amount -= VocoderMinutes(options);
  if (given.batch) setup.batching.rows = *given.batch;
  setup.batching.shards = ShardsWithin(setup.batching.rows, kSpan, given);
  const SpellingSounds* const sounds = design.alphabet.sounds.get();
  setup.provenance = {{"task", kSpeakTask},
                      {"sounds", sounds ? Json(sounds->digest()) : Json()},
                      {"network", ToJson(design)["network"]},
                      {"batch", setup.batching.rows},
                      {"shards", setup.batching.shards},
                      {"options", given_json},
                      {"recordings", data.fingerprint}};
  setup.training.fingerprint = FlatFingerprint(setup.provenance);
  return setup;
}

class VoiceJob : public Job {
 public:
  VoiceJob(const Data& recordings, const VoiceOptions& options, TaskContext& context)
      : options_(options),
        data_(Read(recordings, options, context)),
        setup_(MakeSetup(options, data_)),
        network_(setup_.design, options.train.seed),
        train_(Encode(data_.train)),
        held_out_(Encode(data_.held_out)),
        training_(network_, train_, held_out_, setup_.batching, options.train.seed, context.threads,
                  options.train.precision) {
    if (!TrainsVocoder(options_)) data_.train.sentences.clear();  // they are in train_
    SayWhatIsTrained(context);
  }

  Trainable& trainable() override { return vocoder_ ? vocoder_->trainable() : training_; }
  const TrainingOptions& training() const override { return vocoder_ ? vocoder_->training() : setup_.training; }
  std::string unit() const override { return vocoder_ ? "seconds of sound" : "frames"; }
  std::string measure() const override { return vocoder_ ? "spectral distance" : "squared error"; }

  bool GoOn(const TrainingResult& run, TaskContext& context) override {
    if (vocoder_) vocoder_steps_ = run.best_step;
    if (vocoder_ || !TrainsVocoder(options_)) return false;
    vocoder_ = std::make_unique<VocoderJob>(network_.design(), data_, setup_, options_, context);
    return true;
  }

  Outcome Finish(const TrainingResult& run, TaskContext& context) override {
    run_ = run;
    context.live("Speaking ...");
    MatchDurations(network_, train_, context.threads);
    MatchVariance(network_, train_, context.threads);
    if (vocoder_) network_.SetVocoder(vocoder_->Take());
    result_ = EvaluateVoice(network_, data_.held_out.sentences, context.threads, context.group);
    if (!result_.vocoders.neural_is_better()) network_.SetVocoder(nullptr);
    return MakeOutcome(result_);
  }

  Model ToModel(Threads& threads) override {
    return MakeVoiceModel(network_,
                          {{"source", ToJson(data_.source)},
                           {"options", setup_.provenance},
                           {"steps", run_.steps},
                           {"best_step", run_.best_step},
                           {"vocoder_steps", vocoder_steps_}},
                          threads);
  }

  Report MakeReport(Threads& threads) override {
    return MakeVoiceReport(network_, data_.held_out.sentences, result_, run_, data_.source.file, threads);
  }

 private:
  static VoiceData Read(const Data& recordings, const VoiceOptions& options, TaskContext& context) {
    SpeechReader reader = ReaderFor(options);
    if (!options.sounds.empty()) {
      reader.alphabet = {.letters = false, .sounds = SpellingSounds::Load(options.sounds, options.lexicon)};
    }
    context.live("Reading sound ...");
    VoiceData data = LoadVoiceData(recordings, options.held_out, reader, {.strict = options.strict}, context.threads);
    Say(data.train.reading, recordings.name(), context);
    if (data.train.alphabet.reads_words()) {
      context.live("Aligning " + data.train.alphabet.unit() + " with the sound ...");
      AlignSymbols(data.train.sentences, data.held_out.sentences, reader.vocoder, context.threads);
    }
    return data;
  }

  // Those that are held out may have symbols that are not learned.
  std::vector<EncodedSentence> Encode(const SentenceSet& set) const {
    std::vector<EncodedSentence> encoded;
    for (const SpokenSentence& each : set.sentences) {
      if (WhyUnspeakable(each.symbols, setup_.design).empty()) encoded.push_back(EncodeSentence(each, setup_.design));
    }
    return encoded;
  }

  void SayWhatIsTrained(TaskContext& context) {
    const VoiceDesign& design = network_.design();
    double seconds = 0;
    for (const EncodedSentence& each : train_) seconds += static_cast<double>(each.steps()) * design.vocoder.step_ms / 1000;
    context.line(fmt::format(
        "Recordings: {} to learn ({:.1f} minutes), {} held out; {} {}", train_.size(), seconds / 60,
        data_.held_out.sentences.size(), design.symbols.size() - 1,
        design.alphabet.unit() + (design.alphabet.reads_words() ? ", aligned with the sound" : ", of alignment files")));
    context.line(fmt::format("Network: over the text {}, over frames of {} ms {}; {} weights; batch {}",
                             Describe(design.text), design.vocoder.step_ms, Describe(design.frames),
                             CountWeights(network_.parameters()), setup_.batching.rows));
  }

  const VoiceOptions options_;
  VoiceData data_;
  const VoiceSetup setup_;
  VoiceNetwork network_;
  const std::vector<EncodedSentence> train_;
  const std::vector<EncodedSentence> held_out_;
  VoiceTraining training_;
  std::unique_ptr<VocoderJob> vocoder_;  // once that of the network is done
  int64_t vocoder_steps_ = 0;
  TrainingResult run_;
  VoiceResult result_;
};

}  // namespace

std::unique_ptr<Job> MakeVoiceJob(const Data& recordings, const VoiceOptions& options, TaskContext& context) {
  return std::make_unique<VoiceJob>(recordings, options, context);
}

}  // namespace eddy
