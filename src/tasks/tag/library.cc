// The public class Tagger.
#include "tasks/library.h"

#include "eddy/error.h"
#include "eddy/tasks/tag.h"
#include "tasks/tag/job.h"
#include "tasks/tag/model.h"

namespace eddy {
namespace {

TaggerNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadTagger(packed, threads);
}

}  // namespace

struct Tagger::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}
  mutable TaggerNetwork network;  // predictions do not change it
};

Tagger::Tagger(const TrainedModel& model) : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Tagger Tagger::Load(const std::string& path) { return Tagger(TrainedModel::Load(path)); }

const std::vector<std::string>& Tagger::tags() const { return impl_->network.design().tags; }

std::vector<std::string> Tagger::Predict(const std::vector<std::string>& tokens) const {
  return Predict(std::vector<std::vector<std::string>>{tokens}).front();
}

std::vector<std::vector<std::string>> Tagger::Predict(const std::vector<std::vector<std::string>>& sequences,
                                                      int thread_count) const {
  std::vector<std::vector<std::string>> names;
  if (sequences.empty()) return names;
  TokenSet set{"memory", {}, {}};
  for (const std::vector<std::string>& tokens : sequences) {
    Require(!tokens.empty() && tokens.size() <= kMostSequenceTokens, "tag", "a sequence",
            "of 1 to " + std::to_string(kMostSequenceTokens) + " tokens", std::to_string(tokens.size()));
    set.sequences.push_back({tokens, {}, 0});
  }
  Threads threads(thread_count);
  for (const std::vector<int32_t>& ids : SayTags(impl_->network, EncodeTokens(set, impl_->network.design()), threads)) {
    std::vector<std::string>& row = names.emplace_back();
    for (const int32_t id : ids) row.push_back(tags()[static_cast<size_t>(id)]);
  }
  return names;
}

Trained<Tagger> Train(const TaggerOptions& options, const Data& sequences, const TrainHooks& hooks) {
  return TrainAs<Tagger>(
      [&](TaskContext& context) {
        return MakeTaggerJob(LoadTagData(sequences, options.held_out, FormatOf(options)), options, context);
      },
      hooks);
}

}  // namespace eddy
