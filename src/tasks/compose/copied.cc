#include "tasks/compose/copied.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "eddy/random.h"
#include "midi/event_tokens.h"

namespace eddy {
namespace {

constexpr int kMostTranspose = 6;
constexpr uint64_t kBase = 0x9e3779b97f4a7c15u;

using Marks = std::vector<uint64_t>;  // a number for each step, the same for the same steps

Marks MarksOf(const MusicPiece& piece, size_t begin, int transpose) {
  Marks marks;
  for (size_t f = begin; f < piece.frames.size(); ++f) {
    uint64_t mark = 1;
    for (const uint8_t key : piece.frames[f]) mark = MixBits(mark ^ static_cast<uint64_t>(key + transpose + 128));
    marks.push_back(mark);
  }
  for (size_t e = begin; e < piece.events.size(); ++e) {
    marks.push_back(MixBits(static_cast<uint64_t>(TransposeEvent(piece.events[e], transpose)) + 1));
  }
  return marks;
}

// Calls visit(place, hash) for every run of so many steps; runs of the same steps have the same hash.
template <class Visit>
void ForRuns(const Marks& marks, size_t steps, const Visit& visit) {
  if (marks.size() < steps) return;
  uint64_t power = 1, hash = 0;
  for (size_t i = 0; i < steps; ++i) power *= kBase;
  for (size_t i = 0; i < marks.size(); ++i) {
    hash = hash * kBase + marks[i];
    if (i >= steps) hash -= power * marks[i - steps];
    if (i + 1 >= steps) visit(i + 1 - steps, hash);
  }
}

// The piece in which a run of so many steps of `made` stands, as it is; its number behind the last where there is none.
size_t FindRun(const Marks& made, const std::vector<Marks>& learned, size_t steps) {
  std::unordered_map<uint64_t, size_t> runs;
  ForRuns(made, steps, [&](size_t place, uint64_t hash) { runs.emplace(hash, place); });
  for (size_t piece = 0; piece < learned.size(); ++piece) {
    bool found = false;
    ForRuns(learned[piece], steps, [&](size_t, uint64_t hash) { found = found || runs.contains(hash); });
    if (found) return piece;
  }
  return learned.size();
}

}  // namespace

CopiedRun LongestCopiedRun(const MusicPiece& made, size_t begin, const MusicSet& learned) {
  std::vector<Marks> marks;
  for (const MusicPiece& piece : learned.pieces) marks.push_back(MarksOf(piece, 0, 0));
  CopiedRun longest;
  for (int i = 0; i <= 2 * kMostTranspose; ++i) {
    const int transpose = i % 2 == 0 ? -i / 2 : (i + 1) / 2;  // 0, 1, -1, 2 ...
    const Marks wanted = MarksOf(made, begin, transpose);
    // Whether a run of n stands there falls with n: the largest n by halving, above the longest so far.
    size_t low = longest.steps, high = wanted.size();
    while (low < high) {
      const size_t middle = low + (high - low + 1) / 2;
      const size_t piece = FindRun(wanted, marks, middle);
      if (piece == learned.pieces.size()) {
        high = middle - 1;
      } else {
        low = middle;
        longest = {middle, -transpose, learned.pieces[piece].name};
      }
    }
  }
  return longest;
}

std::string DescribeCopied(const CopiedRun& run, size_t steps, bool events) {
  std::string where;
  if (run.steps > 0) {
    const int n = run.transpose < 0 ? -run.transpose : run.transpose;
    where = fmt::format(" (of {}", run.piece);
    if (n > 0) where += fmt::format(", moved {} by {} semitone{}", run.transpose > 0 ? "up" : "down", n, n == 1 ? "" : "s");
    where += ")";
  }
  return fmt::format("The longest run that stands in the training data: {} of {} {}{}.", run.steps, steps,
                     events ? "events" : "frames", where);
}

}  // namespace eddy
