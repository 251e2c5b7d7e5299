#include "tasks/tag/scores.h"

#include <algorithm>
#include <limits>

#include "metrics/chunks.h"

namespace eddy {
namespace {

double Share(size_t part, size_t all) { return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all); }

// The chunks of one sequence, of both sides in order of their beginnings.
void CountChunks(std::span<const Chunk> said, std::span<const Chunk> right, TagScores& scores) {
  const auto count = [&](const Chunk& chunk, size_t ChunkScores::*member) {
    ++(scores.chunks.*member);
    ++(scores.types[std::string(chunk.type)].*member);
  };
  for (const Chunk& chunk : said) count(chunk, &ChunkScores::said);
  size_t i = 0;
  for (const Chunk& chunk : right) {
    count(chunk, &ChunkScores::right);
    while (i < said.size() && said[i].begin < chunk.begin) ++i;
    if (i < said.size() && said[i] == chunk) count(chunk, &ChunkScores::correct);
  }
}

}  // namespace

double ChunkScores::Precision() const { return Share(correct, said); }
double ChunkScores::Recall() const { return Share(correct, right); }
double ChunkScores::F1() const { return Share(2 * correct, right + said); }

double TagScores::Percent() const { return 100 * (spells_chunks ? chunks.F1() : accuracy); }

TagScores ScoreTags(const TagIds& said, const TagIds& right, std::span<const std::string> tags) {
  TagScores scores;
  scores.sequences = right.size();
  scores.spells_chunks = SpellChunks(tags);
  scores.confusion.assign(tags.size() * tags.size(), 0);
  std::vector<std::string_view> spelled;
  for (const std::string& tag : tags) spelled.push_back(IsChunkTag(tag) ? std::string_view(tag) : "O");
  size_t correct = 0;
  const auto part_of = [](double part, double all) { return std::vector<double>{part, all}; };
  for (size_t i = 0; i < right.size(); ++i) {
    std::vector<std::string_view> said_names, right_names;
    const size_t correct_before = correct;
    const ChunkScores before = scores.chunks;
    for (size_t t = 0; t < right[i].size(); ++t) {
      const auto s = static_cast<size_t>(said[i][t]), r = static_cast<size_t>(right[i][t]);
      ++scores.confusion[r * tags.size() + s];
      correct += s == r;
      said_names.push_back(spelled[s]);
      right_names.push_back(spelled[r]);
    }
    scores.tokens += right[i].size();
    if (!scores.spells_chunks) {
      scores.parts.Add(part_of(static_cast<double>(correct - correct_before), static_cast<double>(right[i].size())));
      continue;
    }
    CountChunks(ChunksOf(said_names), ChunksOf(right_names), scores);
    const ChunkScores& after = scores.chunks;
    scores.parts.Add(part_of(2 * static_cast<double>(after.correct - before.correct),
                             static_cast<double>(after.said - before.said + after.right - before.right)));
  }
  scores.accuracy = scores.tokens > 0 ? Share(correct, scores.tokens) : std::numeric_limits<double>::quiet_NaN();
  return scores;
}

}  // namespace eddy
