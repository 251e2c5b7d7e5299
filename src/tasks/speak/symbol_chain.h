// SymbolChain: the states through which a recording goes when its symbols are spoken in order (a hidden Markov model from
// left to right, Rabiner 1989). A letter or phoneme has three states, of which the middle one may be left out, so that it
// lasts two frames at least. Spaces, marks and the silence at both ends are all the one silent state; where they stand
// together they are one silence, and between words it may be left out. The states of a chain are numbered as the caller
// numbers those of symbols.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace eddy {

inline constexpr size_t kSilentState = 0;
inline constexpr size_t kSymbolStates = 3;

class SymbolChain {
 public:
  // `silent` says of each symbol whether it is silence; the first and the last are. `states` are the first states of the
  // others, whose further ones follow.
  SymbolChain(std::vector<bool> silent, const std::vector<size_t>& states);

  const std::vector<size_t>& states() const { return states_; }  // of each place in the chain
  size_t least_frames() const { return least_frames_; }          // that a way through takes

  // The probability of being at each place at each frame, [T, places], from the logarithms of the density of each frame at
  // each place, [T, places]: forward and backward. `scores` becomes what is returned. T is least_frames() at least.
  void ToProbabilities(std::span<float> scores) const;

  // The frames of each symbol on the likeliest way (Viterbi), one at least: a silence is shared evenly among its symbols,
  // and one that is left out takes its frames from the longer neighbours. T is that of `scores`, and at least least_frames()
  // and the number of symbols.
  std::vector<size_t> Durations(std::span<const float> scores) const;

 private:
  struct Place {
    size_t symbol;  // the first of a silence
    bool skips;     // whether it is also entered from the place before the one before
  };
  size_t places() const { return states_.size(); }

  std::vector<bool> silent_;
  std::vector<size_t> states_;
  std::vector<Place> way_;
  size_t least_frames_ = 0;
};

}  // namespace eddy
