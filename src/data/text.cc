#include "data/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "data/encoding.h"
#include "data/excerpt.h"
#include "data/read_file.h"
#include "data/text_lines.h"
#include "data/token_counts.h"
#include "eddy/error.h"

namespace eddy {
namespace {

// What a share of a text is counted in: tokens of a stream, lines with `lines`.
size_t CountItems(std::string_view text, TextUnit unit, bool lines) {
  if (!lines && unit == TextUnit::kBytes) return text.size();
  size_t count = 0;
  if (lines) {
    ForEachLine(text, [&](std::string_view, size_t) { ++count; });
  } else {
    for (TokenReader reader(text, unit); reader.Next();) ++count;
  }
  return count;
}

// Every token of items [0, last), with the token before it ("" at the beginning of the text or line) and its item:
// visit(token, previous, item). Each line ends with the end token.
template <class Visit>
void ForEachToken(std::string_view text, TextUnit unit, bool lines, size_t last, const Visit& visit) {
  size_t item = 0;
  if (!lines) {
    TokenReader reader(text, unit);
    for (; item < last && reader.Next(); ++item) visit(reader.token(), reader.previous(), item);
    return;
  }
  ForEachLine(text, [&](std::string_view line, size_t) {
    if (item >= last) return;
    TokenReader reader(line, unit);
    while (reader.Next()) visit(reader.token(), reader.previous(), item);
    visit(Vocabulary::kEnd, reader.previous(), item);
    ++item;
  });
}

// Puts tokens into a corpus. `items` is how many there will be, where that is known: growing would hold them twice.
class CorpusBuilder {
 public:
  CorpusBuilder(const TextFormat& format, std::string_view source, size_t items) : format_(format), source_(source) {
    corpus_.tokens = TokenStore(format.vocabulary.size());
    if (format.lines) corpus_.boundary = format.vocabulary.end();
    if (!format.lines) corpus_.tokens.reserve(items);
  }

  void Add(std::string_view token, std::string_view previous) {
    const int32_t id = format_.vocabulary.FindOrUnknown(token);
    if (id == kNoToken) Fail("read", source_, "text of tokens in the vocabulary", Excerpt(token));
    const bool ends = format_.lines && token == Vocabulary::kEnd;
    if (format_.lines || !corpus_.tokens.empty()) {  // a stream's first token is context only
      const size_t bytes = ends ? 1 : TokenBytes(format_.unit, token, previous);
      const bool unknown = id == format_.vocabulary.unknown();
      corpus_.bytes += bytes;
      corpus_.unknown += unknown;
      corpus_.unknown_bytes += unknown ? bytes : 0;
    }
    corpus_.tokens.push_back(id);
    if (ends) corpus_.ends.push_back(corpus_.tokens.size());
  }

  Corpus Finish() {
    if (!format_.lines) corpus_.ends.push_back(corpus_.tokens.size());
    if (corpus_.predicted() == 0) {
      Fail("read", source_, format_.lines ? "text with a line in it" : "text of at least two tokens", "shorter");
    }
    return std::move(corpus_);
  }

 private:
  const TextFormat& format_;
  std::string_view source_;
  Corpus corpus_;
};

// The vocabulary of items [0, last), behind what is known.
Vocabulary CountVocabulary(std::string_view text, const TextOptions& options, size_t last, const Vocabulary* known) {
  TokenCounts counts;
  if (options.unit != TextUnit::kBytes) {
    ForEachToken(text, options.unit, options.lines, last, [&](std::string_view token, std::string_view, size_t) {
      if (token != Vocabulary::kEnd) counts.Add(token);
    });
  }
  return VocabularyOf(std::move(counts), options, known);
}

void RequireValid(const TextOptions& options) {
  if (!(options.valid > 0 && options.valid < 1)) {
    Fail("text", "the held-out share", "between 0 and 1", fmt::format("{}", options.valid));
  }
  if (options.most_tokens < 2) {
    Fail("text", "the vocabulary limit", "at least 2", fmt::format("{}", options.most_tokens));
  }
}

}  // namespace

Vocabulary VocabularyOf(TokenCounts counts, const TextOptions& options, const Vocabulary* known) {
  if (known && options.unit == TextUnit::kBytes) return *known;
  std::vector<std::string> tokens;
  if (options.lines && !known) tokens.emplace_back(Vocabulary::kEnd);
  if (options.unit == TextUnit::kBytes) {
    std::string bytes(256, '\0');
    for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i);
    for (TokenReader reader(bytes, TextUnit::kBytes); reader.Next();) tokens.emplace_back(reader.token());
    return Vocabulary(std::move(tokens));
  }
  if (known) {
    tokens = known->tokens();
    for (const std::string& token : tokens) counts.Erase(token);
  } else {
    tokens.emplace_back(Vocabulary::kUnknown);
  }
  const size_t default_count = options.unit == TextUnit::kWords ? 2 : 1;
  const size_t min_count = options.min_count > 0 ? options.min_count : default_count;
  const size_t taken = known ? std::min(known->size(), options.most_tokens) : 0;
  return FrequentTokens(std::move(tokens), counts, min_count, options.most_tokens - taken);
}

size_t TrainingShare(size_t items, const TextOptions& options, std::string_view source) {
  RequireValid(options);
  const size_t train = static_cast<size_t>(static_cast<double>(items) * (1 - options.valid));
  const size_t least = options.lines ? 1 : 2;  // a stream's first token is context only
  if (train < least || items - train < least) {
    Fail("split", source, fmt::format("long enough to hold out a share of {}", options.valid),
         fmt::format("{} {}", items, options.lines ? "lines" : TextUnitName(options.unit)));
  }
  return train;
}

size_t Corpus::predicted() const {
  const bool stream = boundary == kNoToken;
  return tokens.size() - (stream && !tokens.empty() ? 1 : 0);
}

Corpus TextFormat::Encode(std::string_view text, std::string_view source) const {
  RequireText(text, unit, source);
  CorpusBuilder builder(*this, source, lines ? 0 : CountItems(text, unit, lines));
  ForEachToken(text, unit, lines, std::numeric_limits<size_t>::max(),
               [&](std::string_view token, std::string_view previous, size_t) { builder.Add(token, previous); });
  return builder.Finish();
}

Prompt TextFormat::EncodePrompt(std::string_view prompt) const {
  // A space before the next word is implied; spelled out, it would stand for a second one.
  if (unit == TextUnit::kWords && prompt.ends_with(' ')) prompt.remove_suffix(1);
  RequireText(prompt, unit, "the prompt");
  Prompt encoded;
  TokenReader reader(prompt, unit);
  while (reader.Next()) {
    const int32_t id = vocabulary.FindOrUnknown(reader.token());
    if (id == kNoToken) Fail("generate", "the prompt", "of tokens in the vocabulary", Excerpt(reader.token()));
    encoded.unknown += id == vocabulary.unknown();
    encoded.tokens.push_back(id);
    encoded.pieces.push_back(TokenText(unit, reader.token(), reader.previous()));
  }
  return encoded;
}

std::string TextFormat::Piece(int32_t token, int32_t previous) const {
  if (token == vocabulary.end()) return "\n";
  const bool begins = previous == kNoToken || previous == vocabulary.end();
  return TokenText(unit, vocabulary[token], begins ? std::string_view() : std::string_view(vocabulary[previous]));
}

std::string TextFormat::Decode(std::span<const int32_t> tokens) const {
  std::string text;
  int32_t previous = kNoToken;
  for (const int32_t token : tokens) {
    text += Piece(token, previous);
    previous = token;
  }
  return text;
}

TextSplit SplitText(std::string_view text, const TextOptions& options, std::string_view source, const Vocabulary* known) {
  RequireValid(options);
  RequireText(text, options.unit, source);
  const size_t items = CountItems(text, options.unit, options.lines);
  const size_t train = TrainingShare(items, options, source);
  TextFormat format{options.unit, options.lines, CountVocabulary(text, options, train, known)};
  CorpusBuilder trained(format, source, train), held_out(format, source, items - train);
  ForEachToken(text, options.unit, options.lines, items,
               [&](std::string_view token, std::string_view previous, size_t item) {
                 (item < train ? trained : held_out).Add(token, previous);
               });
  Corpus train_corpus = trained.Finish(), valid_corpus = held_out.Finish();
  return {std::move(format), std::move(train_corpus), std::move(valid_corpus)};
}

TextSplit SplitText(std::string_view train, std::string_view valid, const TextOptions& options, std::string_view source,
                    std::string_view valid_source, const Vocabulary* known) {
  RequireValid(options);
  RequireText(train, options.unit, source);
  TextFormat format{options.unit, options.lines, CountVocabulary(train, options, train.size(), known)};
  Corpus train_corpus = format.Encode(train, source);
  Corpus valid_corpus = format.Encode(valid, valid_source);
  return {std::move(format), std::move(train_corpus), std::move(valid_corpus)};
}

std::string ReadTextFiles(std::span<const Data> files, TextUnit unit, bool lines, Reading* reading) {
  Require(!files.empty(), "read", "text files", "at least one", "none");
  std::string text;
  for (const Data& file : files) {
    const std::string& path = file.name();
    DecodedText decoded = unit == TextUnit::kBytes ? DecodedText{ReadBytes(file), "bytes"} : ReadDecoded(file);
    if (reading && &file == &files.front()) reading->encoding = decoded.encoding;
    if (reading && reading->encoding != decoded.encoding) reading->notes.push_back(path + " is " + decoded.encoding);
    if (text.empty()) {
      text = std::move(decoded.text);
    } else {
      if (lines && !text.ends_with('\n')) text += '\n';
      text += decoded.text;
    }
    Require(text.size() <= kMostFileBytes, "read", path, "within 1 GiB together with the files before it", "beyond");
  }
  return text;
}

TextSplit ReadTextSplit(std::span<const std::string> paths, const std::string& valid_path, const TextOptions& options) {
  const std::vector<Data> files(paths.begin(), paths.end());
  const std::string train = ReadTextFiles(files, options.unit, options.lines);
  const std::string source = paths.size() == 1 ? paths[0] : fmt::format("{} and {} more", paths[0], paths.size() - 1);
  if (valid_path.empty()) return SplitText(train, options, source);
  const Data held_out(valid_path);
  const std::string valid = ReadTextFiles(std::span(&held_out, 1), options.unit, options.lines);
  return SplitText(train, valid, options, source, valid_path);
}

}  // namespace eddy
