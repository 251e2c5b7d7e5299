#include "tasks/transcribe/spelling.h"

#include "data/base64.h"
#include "data/side_format.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr std::string_view kPieceSpace = "\u2581";  // as SentencePiece writes it

Vocabulary LabelsOf(const Pieces& pieces) {
  std::vector<std::string> labels = {std::string(kBlankText)};
  for (std::string& piece : pieces.tokens()) {
    if (piece != Vocabulary::kUnknown && piece != Vocabulary::kEnd && piece != kBlankText)
      labels.push_back(std::move(piece));
  }
  return Vocabulary(std::move(labels));
}

}  // namespace

Spelling::Spelling(Vocabulary labels) : labels_(std::move(labels)) { SetParts(); }

Spelling::Spelling(Pieces pieces) : labels_(LabelsOf(pieces)), pieces_(std::make_shared<const Pieces>(std::move(pieces))) {
  SetParts();
}

void Spelling::SetParts() {
  Require(labels_.size() >= 2 && labels_[0] == kBlankText, "transcriber", std::string("the ") + unit(),
          "the blank and at least one more", "not");
  const std::string_view space = pieces_ ? kPieceSpace : std::string_view(" ");
  for (const std::string& label : labels_.tokens()) {
    const bool ends = label.starts_with(space);
    parts_.push_back({ends, ends ? label.substr(space.size()) : label});
  }
}

Spelling Spelling::OfCharacters(const Ragged<char>& texts, size_t most) {
  TokenCounts counts;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (const std::string& character : CutSide(texts[i], SideUnit::kCharacters)) counts.Add(character);
  }
  return Spelling(FrequentTokens({std::string(kBlankText)}, counts, 1, most));
}

Spelling Spelling::OfPieces(const Ragged<char>& texts, size_t most) { return Spelling(Pieces::Learn(texts, most)); }

std::vector<std::string> Spelling::Cut(std::string_view text) const {
  return pieces_ ? pieces_->Cut(text) : CutSide(text, SideUnit::kCharacters);
}

std::string Spelling::Join(std::span<const int32_t> labels) const {
  std::vector<std::string> tokens;
  for (const int32_t label : labels) tokens.push_back(labels_[label]);
  return JoinSide(tokens, pieces_ ? SideUnit::kPieces : SideUnit::kCharacters);
}

std::vector<int32_t> Spelling::between_words() const {
  const int32_t space = pieces_ ? kNoToken : labels_.Find(" ");
  return space == kNoToken ? std::vector<int32_t>() : std::vector{space};
}

std::vector<LabelRange> Spelling::WordsIn(std::span<const int32_t> labels) const {
  std::vector<LabelRange> words;
  bool open = false;
  for (size_t i = 0; i < labels.size(); ++i) {
    open &= !EndsWord(labels[i]);
    if (Letters(labels[i]).empty()) continue;
    if (!open) words.push_back({i, i});
    open = true;
    words.back().end = i + 1;
  }
  return words;
}

void AddSpelling(Json& json, const Spelling& spelling) {
  if (spelling.pieces()) {
    json["pieces"] = EncodeBase64(spelling.pieces()->bytes());
  } else {
    json["characters"] = spelling.labels().tokens();
  }
}

Spelling SpellingFromJson(const Json& json) {
  if (json.contains("pieces")) return Spelling(Pieces(DecodeBase64(StringField(json, "pieces"))));
  return Spelling(Vocabulary(StringsField(json, "characters")));
}

}  // namespace eddy
