#include "tasks/compose/rolls.h"

#include <algorithm>

#include "data/encoding.h"
#include "eddy/error.h"
#include "model/json.h"

namespace eddy {
namespace {

RollFrame FrameOf(const Json& keys, const std::string& place) {
  Require(keys.is_array(), "read music", place, "an array of keys", keys.type_name());
  RollFrame frame;
  for (const Json& key : keys) {
    if (key.is_null()) continue;
    Require(key.is_number(), "read music", "a key of " + place, "a number", key.type_name());
    const double number = key.get<double>();
    if (number == -1) continue;
    Require(number >= 0 && number <= 127 && number == static_cast<int>(number), "read music", "a key of " + place,
            "a whole number from 0 to 127, or -1 for silence", key.dump());
    frame.push_back(OnPiano(static_cast<int>(number)));
  }
  std::sort(frame.begin(), frame.end());
  frame.erase(std::unique(frame.begin(), frame.end()), frame.end());
  return frame;
}

std::vector<PianoRoll> RollsOf(const Json& pieces, const std::string& place) {
  Require(pieces.is_array(), "read music", place, "an array of pieces", pieces.type_name());
  std::vector<PianoRoll> rolls;
  for (const Json& piece : pieces) {
    const std::string name = place + ", piece " + std::to_string(rolls.size() + 1);
    Require(piece.is_array(), "read music", name, "an array of frames", piece.type_name());
    Require(piece.size() <= kMostFrames, "read music", name, "of at most " + std::to_string(kMostFrames) + " frames",
            std::to_string(piece.size()));
    PianoRoll& roll = rolls.emplace_back();
    for (const Json& keys : piece) roll.push_back(FrameOf(keys, name + ", frame " + std::to_string(roll.size() + 1)));
  }
  return rolls;
}

}  // namespace

std::vector<RollPart> ParseJsonRolls(std::string_view text, std::string_view source) {
  const std::string name(source);
  const Json json = ParseJson(text, source);
  if (json.is_array()) return {{"", RollsOf(json, name)}};
  Require(json.is_object(), "read music", name, "an array of pieces, or an object with parts of such", json.type_name());
  std::vector<RollPart> parts;
  for (const char* part : {"train", "valid", "test"}) {
    if (json.contains(part)) parts.push_back({part, RollsOf(json[part], name + ", " + part)});
  }
  Require(!parts.empty() && parts[0].name == "train", "read music", name, "with a part \"train\"", "without one");
  return parts;
}

}  // namespace eddy
