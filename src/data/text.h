// Text as sequences of token ids: reading, building the vocabulary, splitting into training and held-out parts, and going
// back to text. A model keeps a TextFormat (its three fields) to read and write text as in training.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/reading.h"
#include "data/token_store.h"
#include "data/tokenizer.h"
#include "data/vocabulary.h"
#include "eddy/data.h"

namespace eddy {

// Token sequences, one after another. Sequence i is tokens[ends[i-1] .. ends[i]).
//   A stream is one sequence; its first token is context only, every later one is predicted.
//   Lines (of TextFormat::lines) are a sequence each, without the line end and closed by the end token; blank lines are
//   left out. All their tokens are predicted, the first from the end token as context.
struct Corpus {
  TokenStore tokens;
  std::vector<size_t> ends;
  int32_t boundary = kNoToken;  // lines: the end token, which stands before each sequence; kNoToken in a stream
  size_t bytes = 0;             // of the text that the predicted tokens spell, line ends included (for bits per byte)
  size_t unknown = 0;           // predicted tokens that are the unknown token
  size_t unknown_bytes = 0;     // that these spell

  size_t sequences() const { return ends.size(); }
  size_t predicted() const;  // how many tokens are predicted
};

// A part of a corpus: predicts its tokens [begin, end), of a stream from its second on. Those before `counted` are read for
// their context alone.
struct Piece {
  size_t begin = 0;
  size_t end = 0;
  size_t counted = 0;
};

// The beginning of a text that is to be gone on with.
struct Prompt {
  std::vector<int32_t> tokens;
  std::vector<std::string> pieces;  // what each of them adds to the text as it was typed, be it known or not
  size_t unknown = 0;               // tokens that are the unknown token
};

struct TextFormat {
  TextUnit unit = TextUnit::kCharacters;
  bool lines = false;
  Vocabulary vocabulary;

  // Throws Error for invalid UTF-8 and zero bytes (unless bytes) and for text with nothing to predict. `source` names the
  // text in errors.
  Corpus Encode(std::string_view text, std::string_view source) const;
  // A beginning, without an end token; may be empty.
  Prompt EncodePrompt(std::string_view prompt) const;
  // The text that a token adds after `previous` (kNoToken at the beginning): for output as it is generated. The end token
  // adds a line end, the unknown token its name.
  std::string Piece(int32_t token, int32_t previous) const;
  std::string Decode(std::span<const int32_t> tokens) const;
};

struct TextOptions {
  TextUnit unit = TextUnit::kCharacters;
  bool lines = false;
  double valid = 0.1;           // the last share of tokens (of lines, with `lines`) is held out; in (0, 1)
  size_t most_tokens = 10'000;  // vocabulary limit of characters and words: the most frequent are kept; at least 2
  size_t min_count = 0;         // rarer tokens are unknown; 0 for the default, 1 for characters and 2 for words
};

// The vocabulary is of the training part alone: the end token with `lines`; all 256 bytes; or the unknown token and the
// tokens of the training part by falling frequency, then by spelling.
struct TextSplit {
  TextFormat format;
  Corpus train;
  Corpus valid;
};

// The vocabulary of what was counted in the training part, by these options: behind the tokens of `known`, where given.
Vocabulary VocabularyOf(TokenCounts counts, const TextOptions& options, const Vocabulary* known = nullptr);
// How many of a text's items (tokens, or lines) are learned from. Throws Error for options out of range and where too few
// are left for either part.
size_t TrainingShare(size_t items, const TextOptions& options, std::string_view source);

// With `known`, where given, its tokens come first, and those of the training part that are not among them behind, as far as
// options.most_tokens leaves room.
// Throws Error for options out of range, invalid UTF-8 and text too short to split.
TextSplit SplitText(std::string_view text, const TextOptions& options, std::string_view source,
                    const Vocabulary* known = nullptr);
// Held-out text of its own; options.valid is not used.
TextSplit SplitText(std::string_view train, std::string_view valid, const TextOptions& options, std::string_view source,
                    std::string_view valid_source, const Vocabulary* known = nullptr);

// Files, concatenated in the order given (as UTF-8 without byte order marks, unless bytes; encoding.h); a line end is put
// between two files where the first does not end with one and `lines` is set. `reading`, where given, tells the encoding of
// the first, and notes those that are in another. A single file is held once.
std::string ReadTextFiles(std::span<const Data> files, TextUnit unit, bool lines, Reading* reading = nullptr);
// All of the above: `valid_path` empty for a share of the text.
TextSplit ReadTextSplit(std::span<const std::string> paths, const std::string& valid_path, const TextOptions& options);

}  // namespace eddy
