// What a composer is to beat: methods without a memory worth the name.
#pragma once

#include <string>
#include <vector>

#include "metrics/bootstrap.h"
#include "tasks/compose/data.h"

namespace eddy {

struct MusicFloor {
  std::string name;
  PartSums parts{2};  // of each piece: nats, and the frames or events that they are of

  double nats() const;  // a frame or an event
};

// Learned from `train`, measured on `judged` where MeasureMusic() measures. Of frames: each key by itself, sounding as often
// as in training; each key by itself, given whether it sounded in the frame before; the frame before again, each key staying
// as it is with one probability for all. Of events: as often as in training; given the event before. Counts begin at one
// each way. Where a melody is given, of the keys below it.
std::vector<MusicFloor> MusicFloors(const MusicSet& train, const MusicSet& judged, const ComposeDesign& design);

}  // namespace eddy
