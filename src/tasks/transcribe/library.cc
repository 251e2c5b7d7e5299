// The public classes Transcriber and TranscriberStream.
#include "tasks/library.h"

#include "audio/speech_set.h"
#include "eddy/error.h"
#include "eddy/tasks/transcribe.h"
#include "tasks/transcribe/job.h"
#include "tasks/transcribe/live.h"
#include "tasks/transcribe/transcript.h"

namespace eddy {
namespace {

TranscriberNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadTranscriber(packed, threads);
}

}  // namespace

Data MakeRecordings(std::span<const Recording> recordings, std::string name) {
  std::string text = "path\ttranscript\tspeaker\n";
  for (const Recording& each : recordings) {
    for (const std::string* field : {&each.transcript, &each.speaker}) {
      const bool plain = field->find_first_of(std::string_view("\t\r\n\0", 4)) == std::string::npos;
      Require(plain, "data", "a transcript", "without tabs, line ends and zero bytes", "with one");
    }
    Require(each.rate >= kLeastRate && each.rate <= kMostRate, "data", "the rate of a recording",
            "1000 to 768000 samples a second", std::to_string(each.rate));
    Require(!each.samples.empty(), "data", "a recording", "of at least one sample", "of none");
    text += InlineSound(each.samples, each.rate) + '\t' + each.transcript + '\t' + each.speaker + '\n';
  }
  return Data::Text(std::move(text), std::move(name));
}

struct Transcriber::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}
  Transcript Say(const Utterance& utterance, const TranscribeOptions& options) const {
    Threads threads(options.threads);
    const Seeking seeking(options);
    const std::vector<std::vector<float>> scaled = ScaledFrames(std::span(&utterance, 1), network.design());
    const std::span<const float> frames = scaled.front();
    return TranscribeFrames(network, std::span(&frames, 1), seeking.options(), 1, threads)[0][0];
  }
  const TranscriberNetwork network;
};

Transcriber::Transcriber(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Transcriber Transcriber::Load(const std::string& path) { return Transcriber(TrainedModel::Load(path)); }

int Transcriber::rate() const {
  const TranscriberDesign& design = impl_->network.design();
  return design.sound ? design.sound->rate : 0;
}

bool Transcriber::causal() const { return impl_->network.design().causal; }

Transcript Transcriber::Transcribe(std::span<const float> samples, int rate, const TranscribeOptions& options) const {
  return impl_->Say(MakeUtterance(samples, rate, FrontEndOf(impl_->network.design())), options);
}

Transcript Transcriber::TranscribeFile(const std::string& path, const TranscribeOptions& options) const {
  return impl_->Say(ReadUtterance(path, FrontEndOf(impl_->network.design())), options);
}

struct TranscriberStream::Impl {
  explicit Impl(std::shared_ptr<const Transcriber::Impl> m)
      : model(std::move(m)), logits(model->network), search(model->network.design(), {}) {}
  std::shared_ptr<const Transcriber::Impl> model;
  LiveLogits logits;
  LabelSearch search;
};

TranscriberStream::TranscriberStream(const Transcriber& model) : impl_(std::make_unique<Impl>(model.impl_)) {}
TranscriberStream::~TranscriberStream() = default;
TranscriberStream::TranscriberStream(TranscriberStream&&) noexcept = default;

void TranscriberStream::Push(std::span<const float> samples) {
  impl_->logits.Push(samples, [this](const Real* logits) { impl_->search.Step(logits); });
}

void TranscriberStream::Finish() {
  impl_->logits.Finish([this](const Real* logits) { impl_->search.Step(logits); });
}

std::string TranscriberStream::Text() const {
  return SqueezeSpaces(impl_->model->network.design().spelling.Join(impl_->search.Best(1).front().labels));
}

Trained<Transcriber> Train(const TranscriberOptions& options, const Data& recordings, const TrainHooks& hooks) {
  return TrainAs<Transcriber>([&](TaskContext& context) { return MakeTranscriberJob(recordings, options, context); }, hooks);
}

}  // namespace eddy
