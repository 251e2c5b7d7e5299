// A text too long to be held: its files are read by blocks, where its tokens are wanted.
//
// A character belongs to the block in which it begins. Of each block a LongText knows how many tokens begin in it, and a
// hash, by which a file is noticed that has changed or that is another one on another machine. Both are found by looking at
// every block once, whoever does it, before anything is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "eddy/data.h"
#include "eddy/text_unit.h"

namespace eddy {

class LongText {
 public:
  static constexpr size_t kBlockBytes = size_t{1} << 14;

  // One behind the other, without their byte order marks unless the unit is bytes; words are not read so. Throws Error where
  // one cannot be read.
  LongText(const std::vector<Data>& files, TextUnit unit);
  ~LongText();
  LongText(const LongText&) = delete;  // its files are open
  LongText& operator=(const LongText&) = delete;

  const std::string& name() const { return files_.front().name; }
  TextUnit unit() const { return unit_; }
  bool has_mark() const { return files_.front().begin > 0; }  // a byte order mark, of the first file
  size_t bytes() const { return bytes_; }
  size_t blocks() const { return (bytes_ + kBlockBytes - 1) / kBlockBytes; }

  struct Block {
    uint64_t hash = 0;
    uint64_t tokens = 0;
  };
  // Throws Error for what is not UTF-8 and for zero bytes, unless the unit is bytes.
  Block LookAt(size_t block) const;

  // What was seen of all blocks, in their order: from then on the following hold.
  void Know(const std::vector<Block>& seen);
  size_t tokens() const { return before_.back(); }
  size_t BlockOf(size_t token) const;
  size_t FirstToken(size_t block) const { return before_[block]; }
  std::string hash() const;  // 16 digits, of all of it
  // The characters that begin in a block. Throws Error where it is not what was seen.
  std::string Read(size_t block) const;

 private:
  struct File {
    std::string name;
    int descriptor = -1;
    size_t begin = 0, size = 0;  // of its text in it, in bytes
    size_t before = 0;           // of the files before it
  };
  struct Span {
    std::string bytes;           // of a block, with a few before and behind
    size_t begin = 0, size = 0;  // the block itself in them
  };
  void Open(const Data& data);
  Span ReadSpan(size_t block) const;
  void ReadBytes(size_t begin, char* to, size_t size) const;
  std::string CharactersOf(const Span& span) const;
  [[noreturn]] void FailAsNoText(size_t block, const std::string& characters, size_t wrong) const;

  const TextUnit unit_;
  std::vector<File> files_;
  size_t bytes_ = 0;
  std::vector<uint64_t> hashes_, before_;  // of each block; the tokens before it, and those of all
};

}  // namespace eddy
