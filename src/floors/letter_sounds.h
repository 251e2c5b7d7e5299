// Spelling to sound without a network: which tokens of the target each token of the source stands for, given those around
// it. A simple strong method, to compare networks with.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace eddy {

// Each source token stands for 0 to 3 target tokens, in order. Which, in the pairs learned, is found by expectation
// maximisation over all ways to divide the target (as in Jiampojamarn 2007); then the likeliest division of each pair is
// counted in windows of up to three tokens to either side, smoothed towards narrower windows (Witten-Bell).
class LetterSounds {
 public:
  struct Example {
    std::vector<std::string> source, target;
  };
  // Pairs that cannot be divided so, or have more than 200 tokens on a side, are left out. Time and memory linear in the
  // number of pairs and quadratic in their length, up to about ten seconds and 0.4 GB: pairs beyond that are left out, too.
  // `example` gives each of 0 .. count - 1, and is called once for those before.
  LetterSounds(size_t count, const std::function<Example(size_t)>& example);

  // Each source token's likeliest target tokens, one after another; a token never seen stands for none.
  std::vector<std::string> Translate(const std::vector<std::string>& source) const;

 private:
  using Sounds = std::map<std::string, double>;  // by their tokens, each followed by a line end
  void Count(const std::vector<std::string>& source, const std::vector<std::string>& sounds);

  std::unordered_map<std::string, Sounds> counts_;  // of sounds in a window; its key says how wide it is
};

}  // namespace eddy
