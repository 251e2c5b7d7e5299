// A digest of bytes, by which a file is known that has changed since it was written: XXH3 of 128 bits, at the speed of
// memory. It tells accidents; whoever means to deceive writes another digest.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace eddy {

class Digest {
 public:
  Digest();
  ~Digest();

  void Add(std::string_view bytes);  // one after another, they count as one text
  std::string Digits() const;        // 32, hexadecimal, of what was added so far

  static constexpr size_t kDigits = 32;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace eddy
