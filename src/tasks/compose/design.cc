#include "tasks/compose/design.h"

#include "eddy/error.h"
#include "midi/event_tokens.h"
#include "midi/piano_roll.h"
#include "model/encoder_json.h"
#include "model/stack_json.h"

namespace eddy {
namespace {

constexpr int64_t kMostWidth = 1 << 16;
constexpr std::string_view kGridNames[] = {"16th", "quarter", "events"};

}  // namespace

std::string_view MusicGridName(MusicGrid grid) { return kGridNames[static_cast<size_t>(grid)]; }

MusicGrid MusicGridFromName(std::string_view name) {
  for (size_t i = 0; i < std::size(kGridNames); ++i) {
    if (kGridNames[i] == name) return static_cast<MusicGrid>(i);
  }
  Fail("compose", "the grid", "16th, quarter or events", Quoted(name));
}

size_t FramesPerQuarter(MusicGrid grid) { return grid == MusicGrid::kQuarter ? 1 : 4; }

size_t ComposeDesign::inputs() const {
  if (events()) return embedding;
  const size_t frame = kPianoKeys + 1;  // the keys of the frame before, and whether there is none
  return harmonise ? frame + melody.layer.hidden * (melody.bidirectional ? 2 : 1) : frame;
}

size_t ComposeDesign::outputs() const { return events() ? EventTokens() : kPianoKeys + key_units; }

void RequireValid(const ComposeDesign& design) {
  Require(design.dropout >= 0 && design.dropout < 1, "composer", "dropout", "in [0, 1)", std::to_string(design.dropout));
  Require(design.events() == (design.embedding > 0), "composer", "the embedding", "at least 1 wide for events alone",
          std::to_string(design.embedding));
  Require((design.joint && !design.events()) == (design.key_units > 0), "composer", "the units of joint keys",
          "at least 1 where there are some", std::to_string(design.key_units));
  Require(!design.harmonise || (design.joint && !design.events()), "composer", "harmonies", "of frames of joint keys",
          "of others");
  Require(!design.harmonise || (design.melody.bidirectional && design.melody.layer.projection == 0), "composer",
          "what reads the melody", "in both directions", "in another way");
  Require(IsCausal(design.encoder), "composer", "the direction", "forward", "one that sees what it must predict");
  Require(StepsBack(design.encoder) < kAllSteps, "composer", "attention", "in a window", "without one");
  const MusicTime& time = design.time;
  Require(time.tempo >= 1 && time.beats >= 1 && time.beats <= 255 && time.unit >= 1 && time.unit <= 128, "composer",
          "tempo and meter", "those of music", "others");
}

Json ToJson(const ComposeDesign& design) {
  Json network = {{"joint", design.joint},
                  {"key_units", design.key_units},
                  {"embedding", design.embedding},
                  {"dropout", design.dropout}};
  if (design.harmonise) network["melody"] = ToJson(design.melody);
  AddEncoder(network, design.encoder);
  return {{"music",
           {{"grid", MusicGridName(design.grid)},
            {"harmonise", design.harmonise},
            {"tempo", design.time.tempo},
            {"meter", {design.time.beats, design.time.unit}}}},
          {"network", network}};
}

ComposeDesign ComposeDesignFromJson(const Json& description) {
  const Json &music = ObjectField(description, "music"), &network = ObjectField(description, "network");
  ComposeDesign design;
  design.grid = MusicGridFromName(StringField(music, "grid"));
  design.harmonise = BoolField(music, "harmonise");
  design.time.tempo = static_cast<uint32_t>(IntegerField(music, "tempo", 1, 0xFFFFFF));
  const std::vector<double> meter = NumbersField(music, "meter");
  const auto whole = [](double number) { return number >= 1 && number <= 255 && number == static_cast<int>(number); };
  Require(meter.size() == 2 && whole(meter[0]) && whole(meter[1]), "composer", "the meter", "two whole numbers", "others");
  design.time.beats = static_cast<uint32_t>(meter[0]);
  design.time.unit = static_cast<uint32_t>(meter[1]);
  design.joint = BoolField(network, "joint");
  design.key_units = static_cast<size_t>(IntegerField(network, "key_units", 0, kMostWidth));
  design.embedding = static_cast<size_t>(IntegerField(network, "embedding", 0, kMostWidth));
  design.dropout = NumberField(network, "dropout");
  if (design.harmonise) design.melody = StackOptionsFromJson(ObjectField(network, "melody"));
  design.encoder = EncoderFromJson(network);
  RequireValid(design);
  return design;
}

}  // namespace eddy
