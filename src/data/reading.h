// What a reader has to say about what it read, in the same words for all of them: the encoding, the format, the lines that
// were left out, and what a careful reader would remark on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "eddy/error.h"

namespace eddy {

// What is done about lines that cannot be read.
struct BadLines {
  bool strict = false;  // the first is an error; otherwise they are skipped and counted, and
  double most = 0.01;   // a larger share of them is an error; of ten lines or more, one is always forgiven
};

struct Skipped {
  size_t count = 0;                // lines (rows, elements) left out
  size_t of = 0;                   // of so many that are not blank
  std::vector<std::string> first;  // of the first few: "data.tsv line 7 must be a pair of texts, but is empty on one side"
};

struct Reading {
  std::string encoding = "UTF-8";  // of the file; see encoding.h
  std::string format;              // what it was taken for, such as "CoNLL-U: FORM as the token, UPOS as the tag"
  Skipped skipped;
  std::vector<std::string> notes;  // each a clause without a full stop
};

// Lets lines pass that can be read, and keeps account of the others.
class LineSieve {
 public:
  LineSieve(const BadLines& bad, std::string_view source) : bad_(bad), source_(source) {}

  // Runs `read` for one more line; an Error that it throws, having changed nothing, is kept and the line skipped. Throws
  // it where strict, and where by far too many lines are bad already. Returns whether the line was read.
  template <class Read>
  bool Take(const Read& read) {
    ++skipped_.of;
    return Check(read);
  }
  // The same for a line that was taken already.
  template <class Judge>
  bool Check(const Judge& judge) {
    if (bad_.strict) return judge(), true;
    try {
      judge();
      return true;
    } catch (const Error& error) {
      Skip(error);
      return false;
    }
  }
  void Forget() { --skipped_.of; }  // of a line taken that was blank

  // Throws Error, with the first few lines, where too many were bad.
  Skipped Finish() const;

 private:
  void Skip(const Error& error);
  [[noreturn]] void Refuse() const;

  BadLines bad_;
  std::string source_;
  Skipped skipped_;
};

}  // namespace eddy
