// What each line of a table of tokens is: shared by what reads such tables and what writes a further column to them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/conll.h"

namespace eddy {

enum class ConllLine {
  kBlank,
  kComment,
  kToken,
  kPart  // of CoNLL-U: several words written as one (1-2), or one that is not written (1.1)
};

// The columns of a text. CoNLL-U is told by its ten columns between tabs, of which the first counts the words; files that
// name their columns (# global.columns = ID FORM ...) are read by these.
class ConllLayout {
 public:
  ConllLayout(std::string_view text, std::string_view source, const ConllFormat& format, bool tagged);

  // `open`: whether a sequence goes on, in which no comment begins.
  ConllLine KindOf(std::string_view line, bool open) const;
  // The cells of a line. Throws Error, naming `number`, where they are too few or of another number than is usual.
  std::vector<std::string_view> CellsOf(std::string_view line, size_t number) const;

  std::string_view token(const std::vector<std::string_view>& cells) const { return cells[token_]; }
  std::string_view tag(const std::vector<std::string_view>& cells) const { return cells[tag_]; }
  std::string Describe() const;  // for Reading::format

 private:
  void FindNames(std::string_view text);
  std::vector<std::string_view> Split(std::string_view line) const;
  size_t Column(const std::string& told, size_t usual) const;
  std::string NameOf(size_t column) const;

  std::string source_;
  bool tagged_;
  std::vector<std::string> names_;  // of CoNLL-U
  size_t columns_ = 0, token_ = 0, tag_ = 0;
};

// Calls visit(line) for each, without its end.
template <class Visit>
void ForConllLines(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line);
  }
}

}  // namespace eddy
