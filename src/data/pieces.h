// Subword pieces by byte pair encoding (Sennrich 2016), by SentencePiece (Kudo 2018): frequent words are one piece, rare
// ones several, and none is unknown but for its characters. A space is part of the piece after it, written U+2581. Only a
// build with EDDY_SENTENCEPIECE has them; of another every function here throws an Error that says so.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ragged.h"

namespace eddy {

class Pieces {
 public:
  // Learns about `count` pieces from texts; fewer where there is less to learn. Characters that make up the last 0.05% are
  // left unknown. Gives the same pieces for the same texts.
  static Pieces Learn(const Ragged<char>& texts, size_t count);
  // From bytes() of another; throws Error for anything else.
  explicit Pieces(const std::string& bytes);
  ~Pieces();
  Pieces(Pieces&&) noexcept;

  const std::string& bytes() const;         // SentencePiece's own model
  std::vector<std::string> tokens() const;  // all of them; the unknown and the end token first
  std::vector<std::string> Cut(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The text that pieces spell.
std::string JoinPieces(std::span<const std::string> pieces);

}  // namespace eddy
