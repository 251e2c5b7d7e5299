// The public class LanguageModel.
#include "tasks/library.h"

#include "eddy/tasks/text.h"
#include "tasks/text/generate.h"
#include "tasks/text/job.h"
#include "tasks/text/stream.h"

namespace eddy {

struct LanguageModel::Impl {
  explicit Impl(const Model& packed) : text(UnpackTextModel(packed)) {}
  TextModel text;
};

LanguageModel::LanguageModel(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
LanguageModel LanguageModel::Load(const std::string& path) { return LanguageModel(TrainedModel::Load(path)); }

void LanguageModel::Generate(const GenerateOptions& options,
                             const std::function<bool(std::string_view piece)>& write) const {
  eddy::Generate(impl_->text, options, write);
}

std::string LanguageModel::Generate(const GenerateOptions& options) const {
  std::string text;
  Generate(options, [&](std::string_view piece) { return text += piece, true; });
  return text;
}

const std::vector<std::string>& LanguageModel::vocabulary() const { return impl_->text.format.vocabulary.tokens(); }
std::vector<int32_t> LanguageModel::Encode(std::string_view text) const {
  return impl_->text.format.EncodePrompt(text).tokens;
}
std::string LanguageModel::Decode(std::span<const int32_t> tokens) const { return impl_->text.format.Decode(tokens); }

struct LanguageModel::Stream::Impl {
  explicit Impl(const TextNetwork& network) : stream(network) {}
  TextStream stream;
};

LanguageModel::Stream::Stream(const LanguageModel& model) : impl_(std::make_unique<Impl>(model.impl_->text.network)) {}
LanguageModel::Stream::~Stream() = default;
LanguageModel::Stream::Stream(Stream&&) noexcept = default;
std::span<const float> LanguageModel::Stream::Step(int32_t token) noexcept { return impl_->stream.Step(token); }
void LanguageModel::Stream::Reset() noexcept { impl_->stream.Reset(); }

Trained<LanguageModel> Train(const LanguageModelOptions& options, const std::vector<Data>& texts, const TrainHooks& hooks) {
  return TrainAs<LanguageModel>(
      [&](TaskContext& context) { return MakeTextJob(LoadText(texts, options), options, context); }, hooks);
}

}  // namespace eddy
