// The public class Voice.
#include "tasks/library.h"

#include "eddy/tasks/speak.h"
#include "tasks/speak/job.h"
#include "tasks/speak/model.h"

namespace eddy {
namespace {

VoiceNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadVoice(packed, threads);
}

}  // namespace

struct Voice::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}
  const VoiceNetwork network;
};

Voice::Voice(const TrainedModel& model) : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Voice Voice::Load(const std::string& path) { return Voice(TrainedModel::Load(path)); }

int Voice::rate() const { return impl_->network.design().vocoder.rate; }
std::vector<std::string> Voice::symbols() const { return impl_->network.design().symbols.tokens(); }
bool Voice::speaks_letters() const { return impl_->network.design().alphabet.letters; }

Speech Voice::Speak(std::string_view text, const SpeakOptions& options) const {
  SpeakOptions checked = options;
  OptionTable table;
  DeclareSpeaking(checked, table);
  table.Check("speak");
  Threads threads(options.threads);
  return SpeakText(impl_->network, text, options, threads);
}

Trained<Voice> Train(const VoiceOptions& options, const Data& recordings, const TrainHooks& hooks) {
  return TrainAs<Voice>([&](TaskContext& context) { return MakeVoiceJob(recordings, options, context); }, hooks);
}

}  // namespace eddy
