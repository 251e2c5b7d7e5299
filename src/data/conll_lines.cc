#include "data/conll_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/ascii.h"
#include "base/counted.h"
#include "data/csv.h"
#include "data/excerpt.h"
#include "data/sentence.h"
#include "data/utf8.h"

namespace eddy {
namespace {

constexpr std::string_view kGlobalColumns = "# global.columns =";
constexpr size_t kMostLooked = 1000;  // lines with tokens, to find the usual number of columns

constexpr std::array<std::string_view, 10> kUniversal = {"ID",    "FORM", "LEMMA",  "UPOS", "XPOS",
                                                         "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"};

std::vector<std::string_view> SplitBlanks(std::string_view line) {
  std::vector<std::string_view> cells;
  for (size_t at = line.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kBlank, at), line.size());
    cells.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlank, end);
  }
  return cells;
}

std::vector<std::string_view> SplitTabs(std::string_view line) {
  std::vector<std::string_view> cells;
  while (true) {
    cells.push_back(line.substr(0, line.find('\t')));
    if (cells.back().size() == line.size()) return cells;
    line.remove_prefix(cells.back().size() + 1);
  }
}

// 7, 7-8 or 7.1
bool IsWordId(std::string_view cell) {
  const auto digits = [&] {
    const size_t count = std::min(cell.find_first_not_of("0123456789"), cell.size());
    cell.remove_prefix(count);
    return count > 0;
  };
  if (!digits()) return false;
  if (cell.empty()) return true;
  if (cell[0] != '-' && cell[0] != '.') return false;
  cell.remove_prefix(1);
  return digits() && cell.empty();
}

// A comment for certain, even of as many columns as the others have.
bool IsRemark(const std::vector<std::string_view>& cells) {
  constexpr std::array<std::string_view, 5> kKeys = {"newdoc", "newpar", "sent_id", "text", "global.columns"};
  if (cells[0].starts_with("##")) return true;
  if (cells.size() < 2 || cells[0] != "#") return false;
  return std::find(kKeys.begin(), kKeys.end(), cells[1]) != kKeys.end() || (cells.size() > 2 && cells[2] == "=");
}

bool IsUniversal(std::string_view text) {
  size_t looked = 0;
  bool universal = true;
  ForConllLines(text, [&](std::string_view line) {
    if (!universal || looked == kMostLooked || line.starts_with('#')) return;
    if (IsBlank(line)) return;
    const size_t tabs = static_cast<size_t>(std::count(line.begin(), line.end(), '\t'));
    universal = IsWordId(line.substr(0, line.find('\t'))) && (tabs + 1 == kUniversal.size() || looked > 0);
    ++looked;
  });
  return universal && looked > 0;
}

}  // namespace

void ConllLayout::FindNames(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (first.starts_with(kGlobalColumns)) {
    for (const std::string_view name : SplitBlanks(first.substr(kGlobalColumns.size()))) names_.emplace_back(name);
    if (names_.empty()) Fail("read", source_ + " line 1", "with the names of columns", "without");
  } else if (IsUniversal(text)) {
    names_.assign(kUniversal.begin(), kUniversal.end());
  }
}

ConllLayout::ConllLayout(std::string_view text, std::string_view source, const ConllFormat& format, bool tagged)
    : source_(source), tagged_(tagged) {
  FindNames(text);
  columns_ = names_.size();
  if (names_.empty()) {  // that of most lines, the first of equals
    std::vector<std::pair<size_t, size_t>> counts;
    size_t looked = 0;
    ForConllLines(text, [&](std::string_view line) {
      const size_t count = line.starts_with('#') || looked == kMostLooked ? 0 : SplitBlanks(line).size();
      if (count == 0) return;
      ++looked;
      const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& entry) { return entry.first == count; });
      if (found == counts.end()) {
        counts.emplace_back(count, 1);
      } else {
        ++found->second;
      }
    });
    const auto usual =
        std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (usual != counts.end()) columns_ = usual->first;
  }
  const auto place = [&](std::string_view name, size_t otherwise) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? otherwise : static_cast<size_t>(found - names_.begin());
  };
  token_ = Column(format.token, place("FORM", 0));
  if (tagged) tag_ = Column(format.tag, place("UPOS", std::max<size_t>(columns_, 1) - 1));
}

size_t ConllLayout::Column(const std::string& told, size_t usual) const {
  if (told.empty()) return usual;
  size_t number = 0;
  const auto [end, error] = std::from_chars(told.data(), told.data() + told.size(), number);
  if (error == std::errc() && end == told.data() + told.size()) {
    if (number == 0 || number > columns_) {
      Fail("read", "column " + told, fmt::format("from 1 to {}, as {} has", columns_, source_), "beyond");
    }
    return number - 1;
  }
  if (names_.empty())
    Fail("read", "column " + Excerpt(told), fmt::format("a number: {} names no columns", source_), "a name");
  std::string upper = told;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const bool plain = std::find(names_.begin(), names_.end(), told) != names_.end();
  return FindColumn(names_, plain ? told : upper, source_);
}

std::vector<std::string_view> ConllLayout::Split(std::string_view line) const {
  return names_.empty() ? SplitBlanks(line) : SplitTabs(line);
}

ConllLine ConllLayout::KindOf(std::string_view line, bool open) const {
  if (IsBlank(line)) return ConllLine::kBlank;
  if (!open && line.starts_with('#')) {
    const std::vector<std::string_view> cells = Split(line);
    if (cells.size() != columns_ || IsRemark(SplitBlanks(line))) return ConllLine::kComment;
  }
  if (!names_.empty() && names_[0] == kUniversal[0]) {
    const std::string_view id = line.substr(0, line.find('\t'));
    if (IsWordId(id) && id.find_first_of("-.") != std::string_view::npos) return ConllLine::kPart;
  }
  return ConllLine::kToken;
}

std::vector<std::string_view> ConllLayout::CellsOf(std::string_view line, size_t number) const {
  std::vector<std::string_view> cells = Split(line);
  const auto fail = [&](std::string_view expected, std::string_view given) {
    Fail("read", fmt::format("{} line {}", source_, number), expected, given);
  };
  if (tagged_ && cells.size() < 2) fail("a token and its tag", "of one column");
  if (cells.size() != columns_) {
    fail(fmt::format("of {}, as most lines", Counted(columns_, "column")), fmt::format("of {}", cells.size()));
  }
  if (InvalidUtf8(line) < line.size()) fail("valid UTF-8", "something else");
  if (token(cells).empty()) fail("with a token", "without");
  return cells;
}

std::string ConllLayout::NameOf(size_t column) const {
  return names_.empty() ? fmt::format("column {}", column + 1) : names_[column];
}

std::string ConllLayout::Describe() const {
  const std::string what = names_.empty() ? "a token a line, " + Counted(columns_, "column") : "CoNLL-U";
  return fmt::format("{}: {} as the token", what, NameOf(token_)) +
         (tagged_ ? fmt::format(", {} as its tag", NameOf(tag_)) : "");
}

}  // namespace eddy
