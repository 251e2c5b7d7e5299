// Text as batches [T, B]: each of the B lanes reads one piece of text after another, without gaps, so nothing is wasted on
// padding. A piece is a line, or a stretch of a stream; where a lane begins one, the batch says that its state is reset.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/text.h"
#include "eddy/recurrent.h"
#include "model/json.h"

namespace eddy {

// Tokens of a piece from `at` on, which a row of a batch reads from a step on.
struct Stretch {
  size_t row = 0, step = 0, count = 0;
  Piece piece;
  size_t at = 0;
};

struct TextBatch {
  Sequence sequence;               // lengths only where lanes ran out of pieces
  std::vector<int32_t> inputs;     // [T, B]
  std::vector<int32_t> targets;    // [T, B]; kIgnore where nothing is to be predicted
  size_t counted = 0;              // targets that are
  std::vector<Stretch> stretches;  // where its tokens stand
};

class TextLanes {
 public:
  // The next piece of whichever lane ended its own; false when there are no more.
  using NextPiece = std::function<bool(Piece&)>;

  TextLanes(const Corpus& corpus, size_t rows) : corpus_(&corpus), lanes_(rows) {}

  // The next `steps` steps; fewer, down to none, when the pieces run out.
  TextBatch Read(size_t steps, const NextPiece& next);
  // The same without its tokens, which ReadRows() reads of rows [begin, end).
  TextBatch Plan(size_t steps, const NextPiece& next);
  void ReadRows(TextBatch& batch, size_t begin, size_t end) const;

  Json ToJson() const;                // where the lanes are
  void FromJson(const Json& stored);  // throws Error when it does not fit the corpus

 private:
  struct Lane {
    Piece piece;
    size_t at = 0;  // the next token to predict
  };
  const Corpus* corpus_;
  std::vector<Lane> lanes_;
};

// What training reads, epoch after epoch: the lines, or the stream cut at new places, in a new order. Every token is
// predicted once an epoch. The order is a pure function of the seed and the epoch.
class TrainingPieces {
 public:
  TrainingPieces(const Corpus& corpus, size_t rows, uint64_t seed);
  Piece Next();

  Json ToJson() const;
  void FromJson(const Json& stored);  // throws Error when it does not fit

 private:
  void Arrange();  // the pieces of epoch_

  const Corpus& corpus_;
  size_t rows_;
  uint64_t seed_;
  int64_t epoch_ = 0;
  size_t next_ = 0;
  std::vector<Piece> pieces_;  // of this epoch, in their order
};

// What measuring reads: each predicted token counted once, lines whole. A stream is cut into at most `lanes` pieces of at
// least `least` tokens each; all but the first read `warm_up` tokens before their own, so that their state is nearly that of
// having read everything. With one lane it is exactly that.
std::vector<Piece> MeasuringPieces(const Corpus& corpus, size_t lanes, size_t least, size_t warm_up);

// Of the same, cut small and each with a short warm-up, pieces spread evenly that count about `tokens` in all.
std::vector<Piece> SampledPieces(const Corpus& corpus, double tokens);
// The places of pieces, spread evenly, that count about `tokens` in all; of all of them where they count no more.
std::vector<size_t> SamplePlaces(const std::vector<Piece>& pieces, double tokens);
size_t CountedTokens(const std::vector<Piece>& pieces);

}  // namespace eddy
