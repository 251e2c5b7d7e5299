#include "tasks/text/lanes.h"

#include <algorithm>
#include <limits>

#include "data/even_sample.h"
#include "eddy/error.h"
#include "eddy/loss.h"
#include "eddy/random.h"

namespace eddy {
namespace {

// Tokens. With stretches as long as lanes, an lstm soon knew how to go on but no longer how to begin: from its initial state
// it settled somewhere else, for good.
constexpr size_t kMeanStretch = 2048;

bool IsStream(const Corpus& corpus) { return corpus.boundary == kNoToken; }

// What token `at` is predicted from, besides the state. A line begins after the boundary.
int32_t ContextOf(const Corpus& corpus, const Piece& piece, size_t at) {
  return at == piece.begin && !IsStream(corpus) ? corpus.boundary : corpus.tokens[at - 1];
}

std::vector<Piece> Lines(const Corpus& corpus) {
  std::vector<Piece> pieces;
  size_t begin = 0;
  for (size_t end : corpus.ends) {
    pieces.push_back({begin, end, begin});
    begin = end;
  }
  return pieces;
}

// The stream cut into pieces, each of the length that `length()` gives.
template <class Length>
std::vector<Piece> Stretches(const Corpus& corpus, const Length& length) {
  std::vector<Piece> pieces;
  const size_t size = corpus.tokens.size();
  for (size_t begin = 1, end; begin < size; begin = end) {
    end = begin + std::min(length(), size - begin);
    pieces.push_back({begin, end, begin});
  }
  return pieces;
}

int64_t Whole(const Json& json, int64_t most) {
  const bool fits = json.is_number_integer() && json.get<int64_t>() >= 0 && json.get<int64_t>() <= most;
  Require(fits, "stored lanes", "a position", "within the text", "not");
  return json.get<int64_t>();
}

}  // namespace

TextBatch TextLanes::Read(size_t steps, const NextPiece& next) {
  TextBatch batch = Plan(steps, next);
  ReadRows(batch, 0, lanes_.size());
  return batch;
}

TextBatch TextLanes::Plan(size_t steps, const NextPiece& next) {
  const size_t rows = lanes_.size();
  TextBatch batch;
  std::vector<uint8_t> resets(steps * rows, 0);
  std::vector<size_t> lengths(rows, steps);
  bool any_reset = false;
  for (size_t row = 0; row < rows; ++row) {
    Lane& lane = lanes_[row];
    for (size_t step = 0; step < steps;) {
      if (lane.at == lane.piece.end) {
        if (!next(lane.piece)) {
          lane = {};
          lengths[row] = step;
          break;
        }
        lane.at = lane.piece.begin;
        resets[step * rows + row] = 1;
        any_reset = true;
      }
      const size_t count = std::min(steps - step, lane.piece.end - lane.at);
      batch.stretches.push_back({row, step, count, lane.piece, lane.at});
      lane.at += count;
      step += count;
      batch.counted += std::min(count, lane.at - std::min(lane.at, lane.piece.counted));
    }
  }
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  batch.sequence.steps = *longest;
  batch.sequence.rows = rows;
  batch.inputs.assign(*longest * rows, 0);
  batch.targets.assign(*longest * rows, kIgnore);
  resets.resize(*longest * rows);
  if (any_reset) batch.sequence.resets = std::move(resets);
  if (*shortest < *longest) batch.sequence.lengths = std::move(lengths);
  return batch;
}

void TextLanes::ReadRows(TextBatch& batch, size_t begin, size_t end) const {
  for (const Stretch& stretch : batch.stretches) {
    if (stretch.row < begin || stretch.row >= end) continue;
    for (size_t i = 0; i < stretch.count; ++i) {
      const size_t place = (stretch.step + i) * batch.sequence.rows + stretch.row, at = stretch.at + i;
      batch.inputs[place] = ContextOf(*corpus_, stretch.piece, at);
      if (at >= stretch.piece.counted) batch.targets[place] = corpus_->tokens[at];
    }
  }
}

Json TextLanes::ToJson() const {
  Json stored = Json::array();
  for (const Lane& lane : lanes_) stored.push_back({lane.piece.begin, lane.piece.end, lane.piece.counted, lane.at});
  return stored;
}

void TextLanes::FromJson(const Json& stored) {
  Require(stored.is_array() && stored.size() == lanes_.size(), "stored lanes", "their number", std::to_string(lanes_.size()),
          std::to_string(stored.size()));
  const auto most = static_cast<int64_t>(corpus_->tokens.size());
  for (size_t i = 0; i < lanes_.size(); ++i) {
    const Json& row = stored[i];
    Require(row.is_array() && row.size() == 4, "stored lanes", "a lane", "an array of 4", "another");
    const auto at = [&](size_t column) { return static_cast<size_t>(Whole(row[column], most)); };
    const Lane lane{{at(0), at(1), at(2)}, at(3)};
    const size_t least = IsStream(*corpus_) && lane.piece.end > 0 ? 1 : 0;
    Require(least <= lane.piece.begin && lane.piece.begin <= lane.at && lane.at <= lane.piece.end, "stored lanes", "a lane",
            "within its piece", "outside");
    lanes_[i] = lane;
  }
}

TrainingPieces::TrainingPieces(const Corpus& corpus, size_t rows, uint64_t seed)
    : corpus_(corpus), rows_(rows), seed_(seed) {
  Arrange();
}

Piece TrainingPieces::Next() {
  if (next_ == pieces_.size()) {
    ++epoch_;
    next_ = 0;
    Arrange();
  }
  return pieces_[next_++];
}

void TrainingPieces::Arrange() {
  Random random(MixBits(seed_ ^ MixBits(static_cast<uint64_t>(epoch_))));
  if (IsStream(corpus_)) {
    const size_t mean = std::clamp<size_t>(corpus_.predicted() / rows_, 1, kMeanStretch);
    pieces_ = Stretches(corpus_, [&] { return std::max<size_t>(1, mean / 2 + random.Below(mean + 1)); });
  } else {
    pieces_ = Lines(corpus_);
  }
  random.Shuffle(pieces_);
}

Json TrainingPieces::ToJson() const { return {{"epoch", epoch_}, {"next", next_}}; }

void TrainingPieces::FromJson(const Json& stored) {
  epoch_ = IntegerField(stored, "epoch", 0, std::numeric_limits<int64_t>::max());
  Arrange();
  next_ = static_cast<size_t>(IntegerField(stored, "next", 0, static_cast<int64_t>(pieces_.size())));
}

std::vector<Piece> MeasuringPieces(const Corpus& corpus, size_t lanes, size_t least, size_t warm_up) {
  if (!IsStream(corpus)) return Lines(corpus);
  const size_t count = std::clamp<size_t>(corpus.predicted() / least, 1, lanes);
  const size_t length = (corpus.predicted() + count - 1) / count;
  std::vector<Piece> pieces = Stretches(corpus, [=] { return length; });
  for (Piece& piece : pieces) piece.begin -= std::min(piece.begin - 1, warm_up);
  return pieces;
}

std::vector<Piece> SampledPieces(const Corpus& corpus, double tokens) {
  constexpr size_t kLength = 2048, kWarmUp = 256;
  const std::vector<Piece> all = MeasuringPieces(corpus, std::numeric_limits<size_t>::max(), kLength, kWarmUp);
  std::vector<Piece> sample;
  for (const size_t place : SamplePlaces(all, tokens)) sample.push_back(all[place]);
  return sample;
}

std::vector<size_t> SamplePlaces(const std::vector<Piece>& pieces, double tokens) {
  const auto count = static_cast<double>(pieces.size());
  return EvenSample(pieces.size(), tokens / static_cast<double>(CountedTokens(pieces)) * count);
}

size_t CountedTokens(const std::vector<Piece>& pieces) {
  size_t tokens = 0;
  for (const Piece& piece : pieces) tokens += piece.end - piece.counted;
  return tokens;
}

}  // namespace eddy
