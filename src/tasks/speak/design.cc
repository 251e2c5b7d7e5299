#include "tasks/speak/design.h"

#include <cmath>

#include "eddy/error.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostEmbedding = 1 << 14;

}  // namespace

void RequireValid(const VoiceDesign& design) {
  const auto check = [](bool holds, const char* what, const char* expected) {
    Require(holds, "voice", what, expected, "not");
  };
  RequireValid(design.vocoder);
  const size_t V = design.symbols.size(), D = design.vocoder.width();
  check(V >= 2 && design.symbols.Find(design.edge) != kNoToken, "the symbols", "that of silence and at least one more");
  check(design.mean.size() == D && design.deviation.size() == D, "the scaling", "a mean and a deviation for each number");
  for (const double deviation : design.deviation) check(deviation > 0, "a deviation", "above 0");
  check(design.duration_deviation > 0, "the deviation of durations", "above 0");
  check(std::abs(design.duration_mean) < 20 && design.duration_deviation < 20, "the scaling of durations", "small");
  check(design.duration_factors.size() == V, "the factors of durations", "one for each symbol");
  for (const double factor : design.duration_factors) check(factor >= 0.01 && factor <= 100, "a factor", "0.01 to 100");
  check(design.stretch.size() == design.vocoder.order + 1, "the stretching", "a number for each coefficient");
  for (const double stretch : design.stretch) check(stretch >= 0 && stretch <= 100, "the stretching", "0 to 100");
  check(design.mean_frames.size() == V * D && design.mean_durations.size() == V, "the means", "of each symbol");
  for (const double frames : design.mean_durations)
    check(frames >= 1 && frames < 1e6, "a mean duration", "at least a frame");
  check(design.embedding >= 1 && design.embedding <= static_cast<size_t>(kMostEmbedding), "the embedding", "1 to 16384");
  check(design.dropout >= 0 && design.dropout < 1, "dropout", "in [0, 1)");
}

Json ToJson(const VoiceDesign& design) {
  const VocoderOptions& v = design.vocoder;
  const Json speak = {{"rate", v.rate},
                      {"step_ms", v.step_ms},
                      {"order", v.order},
                      {"low", v.low},
                      {"high", v.high},
                      {"letters", design.alphabet.letters},
                      {"edge", design.edge},
                      {"symbols", design.symbols.tokens()},
                      {"mean", design.mean},
                      {"deviation", design.deviation},
                      {"duration_mean", design.duration_mean},
                      {"duration_deviation", design.duration_deviation},
                      {"duration_factors", design.duration_factors},
                      {"stretch", design.stretch},
                      {"mean_frames", design.mean_frames},
                      {"mean_durations", design.mean_durations}};
  Json text = Json::object(), frames = Json::object();
  AddEncoder(text, design.text);
  AddEncoder(frames, design.frames);
  return {{"speak", speak},
          {"network", {{"embedding", design.embedding}, {"dropout", design.dropout}, {"text", text}, {"frames", frames}}}};
}

VoiceDesign VoiceDesignFromJson(const Json& description) {
  const Json &speak = ObjectField(description, "speak"), &network = ObjectField(description, "network");
  VoiceDesign design;
  VocoderOptions& v = design.vocoder;
  v.rate = static_cast<int>(IntegerField(speak, "rate", 8000, 48'000));
  v.step_ms = NumberField(speak, "step_ms");
  v.order = static_cast<size_t>(IntegerField(speak, "order", 4, 60));
  v.low = NumberField(speak, "low");
  v.high = NumberField(speak, "high");
  design.alphabet.letters = BoolField(speak, "letters");
  design.edge = StringField(speak, "edge");
  design.symbols = Vocabulary(StringsField(speak, "symbols"));
  design.mean = NumbersField(speak, "mean");
  design.deviation = NumbersField(speak, "deviation");
  design.duration_mean = NumberField(speak, "duration_mean");
  design.duration_deviation = NumberField(speak, "duration_deviation");
  design.duration_factors = speak.contains("duration_factors") ? NumbersField(speak, "duration_factors")
                                                               : std::vector<double>(design.symbols.size(), 1);
  design.stretch = NumbersField(speak, "stretch");
  design.mean_frames = NumbersField(speak, "mean_frames");
  design.mean_durations = NumbersField(speak, "mean_durations");
  design.embedding = static_cast<size_t>(IntegerField(network, "embedding", 1, kMostEmbedding));
  design.dropout = NumberField(network, "dropout");
  design.text = EncoderFromJson(ObjectField(network, "text"));
  design.frames = EncoderFromJson(ObjectField(network, "frames"));
  RequireValid(design);
  return design;
}

}  // namespace eddy
