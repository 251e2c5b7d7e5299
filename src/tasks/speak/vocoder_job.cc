#include "tasks/speak/vocoder_job.h"

#include <fmt/format.h>

#include "model/architecture.h"
#include "tasks/train_options.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

constexpr size_t kHidden = 128, kRows = 8;
constexpr double kEpochs = 20, kShareOfMinutes = 0.4;

// What the run has is that of the network where it is not the vocoder's own.
TrainingOptions VocoderRun(const VoiceSetup& setup, const VoiceOptions& given) {
  TrainingOptions run;
  run.schedule.rate = 5e-4;  // of 2e-3 the filters do not come to rest
  run.schedule.warmup = 0.02;
  run.optimizer.beta2 = 0.99;  // gradients grow as the filters leave the identity
  run.average_decay = 0.99;
  run.limit = given.train.minutes && !given.vocoder_epochs ? "minutes" : "epochs";
  run.amount = run.limit == "minutes" ? VocoderMinutes(given) : given.vocoder_epochs.value_or(kEpochs);
  run.exchange = given.train.exchange;
  if (!given.train.checkpoint.empty()) run.checkpoint = given.train.checkpoint + ".vocoder";
  run.resume = given.train.resume;
  run.checkpoint_seconds = setup.training.checkpoint_seconds;
  run.fingerprint = setup.training.fingerprint;
  return run;
}

}  // namespace

bool TrainsVocoder(const VoiceOptions& options) { return options.vocoder_epochs.value_or(kEpochs) > 0; }

double VocoderMinutes(const VoiceOptions& options) { return kShareOfMinutes * options.train.minutes.value_or(0); }

VocoderJob::VocoderJob(const VoiceDesign& voice, VoiceData& data, const VoiceSetup& setup, const VoiceOptions& options,
                       TaskContext& context)
    : vocoder_(std::make_unique<NeuralVocoder>(DefaultNeuralVocoder(voice.vocoder, voice.mean, voice.deviation, kHidden),
                                               options.train.seed)),
      train_(VocoderRecordings(data.train.sentences, voice.vocoder, context.threads)),
      options_(VocoderRun(setup, options)),
      training_(*vocoder_, train_, data.held_out.sentences, {kRows, setup.batching.shards}, options.train.seed,
                context.threads, options.train.precision) {
  const NeuralVocoderDesign& design = vocoder_->design();
  context.line(fmt::format("Vocoder: over steps of {} samples {}, which says filters of {} taps; {} weights; batch {}",
                           design.step, Describe(design.layers), design.taps, CountWeights(vocoder_->parameters()), kRows));
}

}  // namespace eddy
