// How high a voice is, frame by frame: peaks of the normalised square difference (McLeod 2005), among which and silence of
// the voice the cheapest path is sought, which neither jumps nor breaks off without need (as Talkin 1995).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace eddy {

struct PitchOptions {
  int rate = 16000;
  double step = 160;            // samples from the centre of one frame to that of the next; the first is half of it in
  double low = 60, high = 400;  // Hz
};

// Hz of each of `frames`, 0 where there is no voice. About 2 rate^2 / (20 low) multiplications a frame.
std::vector<double> TrackPitch(std::span<const float> samples, size_t frames, const PitchOptions& options);

}  // namespace eddy
