// Texts of which many are the same, or the same but for the number at their end, such as the labels of examples and the
// places where they stand ("data.csv line 7"): 8 bytes each, beside what differs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eddy {

class RepeatedTexts {
 public:
  size_t size() const { return texts_.size(); }
  std::string operator[](size_t i) const;

  void Reserve(size_t count) { texts_.reserve(count); }
  void Add(std::string_view text);
  RepeatedTexts TakeOut(std::span<const size_t> places);  // rising ones; the others move up

 private:
  struct Text {
    uint32_t front;   // in fronts_
    uint32_t number;  // behind it, and 1; 0 where there is none
  };

  std::vector<Text> texts_;
  std::vector<std::string> fronts_;
  std::unordered_map<std::string, uint32_t> places_;  // of each in fronts_
};

}  // namespace eddy
