// What is held out has two tasks that one example must not have both: to choose (among the states of a run, the temperature,
// the share in a mix) and to judge what was chosen. So one half chooses and the other judges.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace eddy {

// Of fewer, halves say nothing: all choose, and all judge.
inline constexpr size_t kFewestToHalve = 40;

struct Halves {
  std::vector<size_t> choosing, judging;  // places, rising
  bool apart() const { return choosing != judging; }
};

Halves HalvesOf(size_t count);  // by a fixed key: the same for every run, and for `evaluate`
Halves AllOf(size_t count);     // all choose and all judge
Halves AllJudge(size_t count);  // of data that chose nothing: nothing chooses

// Two parts for cross-fitting: what is fitted on one judges the other. Every second place is in the second.
Halves CrossedParts(size_t count);

template <class T>
std::vector<T> At(const std::vector<T>& values, const std::vector<size_t>& places) {
  std::vector<T> chosen;
  for (const size_t place : places) chosen.push_back(values[place]);
  return chosen;
}

// How many of `judged` stand in `train` as well: they say less about what is new.
size_t CountSeen(const std::vector<std::string>& train, const std::vector<std::string>& judged);
size_t CountSeen(const std::vector<std::string_view>& train, const std::vector<std::string_view>& judged);
// "Warning: 3 of the 60 held-out examples stand in the training data as well." Empty for none. `held_out` is such as
// "held-out examples".
std::string SeenWarning(size_t seen, size_t all, const std::string& held_out);

}  // namespace eddy
