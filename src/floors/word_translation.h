// Translation word for word: IBM model 1 (Brown 1993), each source word by the target word it stands for most often. A
// simple method, to compare networks with.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "eddy/threads.h"
#include "train/process_exchange.h"

namespace eddy {

class WordTranslation {
 public:
  struct Example {
    std::vector<std::string> source, target;
  };
  // Learns t(target word | source word) by five rounds of expectation maximisation from the uniform distribution, a source
  // word of nothing taking part in every pair. Time linear in the pairs of words that stand in one example; of more than
  // 1e7 of these the first are taken. Memory: 36 bytes a different one, and 12 a word. `example` gives each of 0 .. count -
  // 1, and is called once for those that are taken. Threads, and the processes of a group, share the target words out; the
  // result does not depend on how many they are.
  WordTranslation(size_t count, const std::function<Example(size_t)>& example, Threads& threads,
                  ProcessGroup& group = Alone());

  // A word never seen stays as it is.
  std::vector<std::string> Translate(const std::vector<std::string>& source) const;

 private:
  std::unordered_map<std::string, std::string> likeliest_;
};

}  // namespace eddy
