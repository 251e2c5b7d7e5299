// The public class Composer.
#include "tasks/library.h"

#include "eddy/error.h"
#include "eddy/tasks/compose.h"
#include "tasks/compose/composition.h"
#include "tasks/compose/job.h"
#include "tasks/compose/model.h"

namespace eddy {
namespace {

ComposeNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadComposer(packed, threads);
}

}  // namespace

struct Composer::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}
  mutable ComposeNetwork network;  // composing does not change it
};

Composer::Composer(const TrainedModel& model) : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Composer Composer::Load(const std::string& path) { return Composer(TrainedModel::Load(path)); }

MusicGrid Composer::grid() const { return impl_->network.design().grid; }
bool Composer::harmonises() const { return impl_->network.design().harmonise; }

std::string Composer::Compose(const CompositionOptions& options) const {
  return WriteMidi(ComposeMusic(impl_->network, options).midi);
}

std::string Composer::Harmonise(const Data& melody, const CompositionOptions& options) const {
  Threads threads(1);
  return WriteMidi(HarmoniseMelody(impl_->network, ReadMidi(melody), melody.name(), options, threads).midi);
}

Trained<Composer> Train(const ComposerOptions& options, const std::vector<Data>& pieces, const TrainHooks& hooks) {
  return TrainAs<Composer>(
      [&](TaskContext& context) { return MakeComposerJob(LoadMusic(pieces, options), options, context); }, hooks);
}

}  // namespace eddy
