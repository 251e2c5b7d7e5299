#include "tasks/compose/common_key.h"

#include <array>
#include <vector>

#include "midi/event_tokens.h"

namespace eddy {
namespace {

constexpr size_t kPitchClasses = 12;
constexpr size_t kFewestPieces = 8;

using Shares = std::array<double, kPitchClasses>;

// Of a piece's notes; of frames those that sound in each. All 0 without notes.
Shares SharesOf(const MusicPiece& piece) {
  Shares shares = {};
  double notes = 0;
  const auto count = [&](int key) {
    shares[static_cast<size_t>(key) % kPitchClasses] += 1;
    ++notes;
  };
  for (const RollFrame& frame : piece.frames) {
    for (const uint8_t key : frame) count(key);
  }
  for (const MidiNote& note : NotesOf(piece.events, 1)) count(note.key);
  for (double& share : shares) share /= notes > 0 ? notes : 1;
  return shares;
}

bool FitsBestAsItIs(const Shares& piece, const Shares& others) {
  Shares fits = {};
  for (size_t transpose = 0; transpose < kPitchClasses; ++transpose) {
    for (size_t k = 0; k < kPitchClasses; ++k) fits[transpose] += piece[k] * others[(k + transpose) % kPitchClasses];
    if (fits[transpose] > fits[0]) return false;
  }
  return true;
}

}  // namespace

bool InOneKey(const MusicSet& set) {
  if (set.pieces.size() < kFewestPieces) return false;
  std::vector<Shares> pieces;
  Shares all = {};
  for (const MusicPiece& piece : set.pieces) {
    pieces.push_back(SharesOf(piece));
    for (size_t k = 0; k < kPitchClasses; ++k) all[k] += pieces.back()[k];
  }
  size_t fit = 0;
  for (const Shares& piece : pieces) {
    Shares others = all;
    for (size_t k = 0; k < kPitchClasses; ++k) others[k] -= piece[k];
    fit += FitsBestAsItIs(piece, others);
  }
  return 3 * fit >= 2 * pieces.size();
}

}  // namespace eddy
