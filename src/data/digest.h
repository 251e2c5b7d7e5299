// A digest of bytes, by which a file is known that has changed since it was written: XXH3 of 128 bits, at the speed of
// memory. It tells accidents; whoever means to deceive writes another digest.
#pragma once

#include <cstdint>
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

std::string DigestOf(std::string_view bytes);  // the digits of a digest of these

// XXH3 of 64 bits: for many small pieces, each of which is compared with itself alone.
uint64_t HashOfPiece(std::string_view bytes);

}  // namespace eddy
