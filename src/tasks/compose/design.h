// ComposeDesign: what a composer is apart from its weights. It is stored in the model and read back from it.
#pragma once

#include <cstdint>
#include <string_view>

#include "eddy/encoder.h"
#include "eddy/tasks/compose.h"
#include "model/json.h"

namespace eddy {

std::string_view MusicGridName(MusicGrid grid);      // "16th", "quarter", "events"
MusicGrid MusicGridFromName(std::string_view name);  // throws Error
size_t FramesPerQuarter(MusicGrid grid);             // 4 or 1

// How a piece goes that nobody says more of.
struct MusicTime {
  uint32_t tempo = 500'000;      // microseconds a quarter
  uint32_t beats = 4, unit = 4;  // the meter

  double quarters() const { return 4.0 * beats / unit; }  // of a bar
};

struct ComposeDesign {
  MusicGrid grid = MusicGrid::kSixteenth;
  MusicTime time;
  bool joint = true;       // a key depends on those below it in its frame; each by itself otherwise
  bool harmonise = false;  // reads a melody in both directions, and writes the keys below it
  size_t key_units = 0;    // hidden units of the joint output; 0 without
  size_t embedding = 0;    // width of an event's vector; 0 for frames
  double dropout = 0;      // of what leaves the layers
  StackOptions melody;     // that reads the melody; where there is one
  EncoderOptions encoder;  // causal; its input is inputs()

  bool events() const { return grid == MusicGrid::kEvents; }
  size_t inputs() const;   // numbers a step that the layers read
  size_t outputs() const;  // numbers a step that the head makes of what they put out
};

// Throws Error for sizes out of range and for what does not go together.
void RequireValid(const ComposeDesign& design);

// In two parts, "music" and "network".
Json ToJson(const ComposeDesign& design);
ComposeDesign ComposeDesignFromJson(const Json& description);  // throws Error

}  // namespace eddy
