// The public class Translator.
#include "tasks/library.h"

#include "eddy/tasks/translate.h"
#include "tasks/translate/job.h"
#include "tasks/translate/model.h"
#include "tasks/translate/translation.h"

namespace eddy {
namespace {

TranslatorNetwork Loaded(const Model& packed) {
  Threads threads(1);
  return LoadTranslator(packed, threads);
}

}  // namespace

struct Translator::Impl {
  explicit Impl(const Model& packed) : network(Loaded(packed)) {}
  mutable TranslatorNetwork network;  // translations do not change it
};

Translator::Translator(const TrainedModel& model)
    : TrainedModel(model), impl_(std::make_shared<const Impl>(model.packed())) {}
Translator Translator::Load(const std::string& path) { return Translator(TrainedModel::Load(path)); }

std::string Translator::Translate(const std::string& source, const TranslateOptions& options) const {
  return Translate(std::span(&source, 1), options).front();
}

std::vector<std::string> Translator::Translate(std::span<const std::string> sources, const TranslateOptions& options) const {
  Threads threads(options.threads);
  BeamOptions beam;
  beam.width = options.beam;
  beam.length_penalty = options.length_penalty;
  TranslatorNetwork* const networks[] = {&impl_->network};
  std::vector<std::string> texts;
  if (sources.empty()) return texts;
  const std::vector<std::string> all(sources.begin(), sources.end());
  for (const std::vector<Translation>& each : TranslateTexts(networks, all, beam, threads)) texts.push_back(each[0].text);
  return texts;
}

Trained<Translator> Train(const TranslatorOptions& options, const Data& pairs, const TrainHooks& hooks) {
  return TrainAs<Translator>(
      [&](TaskContext& context) {
        const PairSource source = SourceOf({{pairs, {}, {}}, {}}, options.held_out);
        return MakeTranslatorJob(LoadPairData(source, options.held_out, {.strict = options.strict}), options, context);
      },
      hooks);
}

}  // namespace eddy
