// The mean that is taken from the frames of a recording before a network reads them. Throat, room and microphone add about
// the same to log energies and cepstra of all frames; what is left without it tells sounds apart (Atal 1974, cepstral mean
// normalisation).
//
// The mean of a few frames takes with it what is said. So it is that of all that a speaker says where a list names
// speakers, and as if `prior` more frames had been heard that have the mean of the training part.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace eddy {

struct FrameSums {
  std::vector<double> sums;  // [D], of each number over the frames; empty of none
  double frames = 0;

  void Add(const FrameSums& other);
  // (sums + prior * usual) / (frames + prior) [D]. Without a prior, of at least one frame.
  std::vector<double> Mean(double prior, std::span<const double> usual) const;
};

FrameSums SumFrames(std::span<const float> values, size_t D);  // of frames [T, D]

}  // namespace eddy
