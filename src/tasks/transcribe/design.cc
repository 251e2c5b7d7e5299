#include "tasks/transcribe/design.h"

#include <cmath>

#include "audio/sound.h"
#include "eddy/error.h"
#include "model/encoder_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = 4096, kMostChannels = 1 << 16;
constexpr double kMostPriorFrames = 1e9;
constexpr size_t kKernel = 5;  // steps that an output of either convolution sees

Json ToJson(const FeatureOptions& o) {
  return {{"kind", o.kind == FeatureKind::kMfcc ? "mfcc" : "mel"},
          {"rate", o.rate},
          {"window_ms", o.window_ms},
          {"step_ms", o.step_ms},
          {"mels", o.mels},
          {"cepstra", o.cepstra},
          {"emphasis", o.emphasis},
          {"low", o.low},
          {"high", o.high},
          {"lifter", o.lifter}};
}

FeatureOptions FeatureOptionsFromJson(const Json& json) {
  const auto count = [&](const char* key, int64_t least) {
    return static_cast<size_t>(IntegerField(json, key, least, kMostWidth));
  };
  FeatureOptions o;
  const std::string& kind = StringField(json, "kind");
  Require(kind == "mel" || kind == "mfcc", "load model", "the kind of features", "mel or mfcc", kind);
  o.kind = kind == "mfcc" ? FeatureKind::kMfcc : FeatureKind::kLogMel;
  o.rate = static_cast<int>(IntegerField(json, "rate", kLeastRate, kMostRate));
  o.window_ms = NumberField(json, "window_ms");
  o.step_ms = NumberField(json, "step_ms");
  o.mels = count("mels", 1);
  o.cepstra = count("cepstra", 1);
  o.emphasis = NumberField(json, "emphasis");
  o.low = NumberField(json, "low");
  o.high = NumberField(json, "high");
  o.lifter = count("lifter", 0);
  return o;
}

}  // namespace

std::array<Conv1dOptions, 2> TranscriberDesign::convolutions() const {
  const Padding padding = causal ? Padding::kCausal : Padding::kSame;
  const size_t first = reduction == 4 ? 2 : reduction, second = reduction == 4 ? 2 : 1;
  return {Conv1dOptions{inputs(), channels, kKernel, {.stride = first, .padding = padding}},
          Conv1dOptions{channels, channels, kKernel, {.stride = second, .padding = padding}}};
}

size_t TranscriberDesign::Steps(size_t frames) const {
  for (const Conv1dOptions& each : convolutions()) {
    frames = (frames + each.convolution.stride - 1) / each.convolution.stride;
  }
  return frames;
}

void RequireValid(const TranscriberDesign& design) {
  const auto check = [](bool holds, const char* what, const char* expected) {
    Require(holds, "transcriber", what, expected, "not");
  };
  if (design.sound) {
    RequireValid(*design.sound);
    check(design.width == design.sound->width(), "the width of a frame", "that of the features");
  }
  check(design.width >= 1 && design.width <= static_cast<size_t>(kMostWidth), "the width of a frame", "1 to 4096");
  check(design.deltas <= 2, "the deltas", "0 to 2");
  check(design.frame_ms > 0 && design.frame_ms <= 1000, "the frames", "above 0, at most 1000 ms apart");
  check(design.mean.size() == design.inputs() && design.deviation.size() == design.inputs(), "the scaling",
        "a mean and a deviation for each number of a frame");
  for (const double deviation : design.deviation) check(deviation > 0, "a deviation", "above 0");
  check(design.prior_frames >= 0 && design.prior_frames <= kMostPriorFrames, "the frames of the usual mean", "0 to 1e9");
  check(design.spelling.size() >= 2, "the spelling", "of one label at least");
  check(design.reduction >= 1 && design.reduction <= kMostReduction, "the reduction", "1 to 4");
  check(design.channels >= 1, "the channels", "at least 1");
  check(design.dropout >= 0 && design.dropout < 1, "dropout", "in [0, 1)");
  if (!design.causal) return;
  check(!design.own_mean && design.deltas == 0, "the features of a causal transcriber", "such as see no later sound");
  check(IsCausal(design.encoder), "the layers of a causal transcriber", "such as see no later step");
}

Json ToJson(const TranscriberDesign& design) {
  Json read = {{"width", design.width},
               {"deltas", design.deltas},
               {"frame_ms", design.frame_ms},
               {"mean", design.mean},
               {"deviation", design.deviation},
               {"own_mean", design.own_mean},
               {"prior_frames", design.prior_frames}};
  AddSpelling(read, design.spelling);
  if (design.sound) read["sound"] = ToJson(*design.sound);
  Json network = {{"causal", design.causal},
                  {"reduction", design.reduction},
                  {"channels", design.channels},
                  {"dropout", design.dropout}};
  AddEncoder(network, design.encoder);
  return {{"transcribe", read}, {"network", network}};
}

TranscriberDesign TranscriberDesignFromJson(const Json& description) {
  const Json &read = ObjectField(description, "transcribe"), &network = ObjectField(description, "network");
  TranscriberDesign design;
  if (read.contains("sound")) design.sound = FeatureOptionsFromJson(ObjectField(read, "sound"));
  design.width = static_cast<size_t>(IntegerField(read, "width", 1, kMostWidth));
  design.deltas = static_cast<size_t>(IntegerField(read, "deltas", 0, 2));
  design.frame_ms = NumberField(read, "frame_ms");
  design.mean = NumbersField(read, "mean");
  design.deviation = NumbersField(read, "deviation");
  design.own_mean = BoolField(read, "own_mean");
  if (read.contains("prior_frames")) design.prior_frames = NumberField(read, "prior_frames");  // older models have none
  design.spelling = SpellingFromJson(read);
  design.causal = BoolField(network, "causal");
  design.reduction = static_cast<size_t>(IntegerField(network, "reduction", 1, kMostReduction));
  design.channels = static_cast<size_t>(IntegerField(network, "channels", 1, kMostChannels));
  design.dropout = NumberField(network, "dropout");
  design.encoder = EncoderFromJson(network);
  RequireValid(design);
  return design;
}

}  // namespace eddy
