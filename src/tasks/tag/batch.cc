#include "tasks/tag/batch.h"

#include <algorithm>
#include <unordered_map>

#include "data/utf8.h"
#include "eddy/loss.h"

namespace eddy {
namespace {

std::vector<int32_t> Spell(std::string_view token, const Vocabulary& characters) {
  std::vector<int32_t> ids;
  for (const std::string_view character : SpellingOf(token)) ids.push_back(characters.FindOrUnknown(character));
  return ids;
}

// The different ones of `spellings`, in the order in which they come first, which become places in it.
std::vector<int32_t> Number(std::vector<int32_t>& spellings) {
  std::vector<int32_t> different;
  std::unordered_map<int32_t, int32_t> places;
  for (int32_t& spelling : spellings) {
    const auto [entry, fresh] = places.emplace(spelling, static_cast<int32_t>(different.size()));
    if (fresh) different.push_back(spelling);
    spelling = entry->second;
  }
  return different;
}

}  // namespace

std::vector<std::string_view> SpellingOf(std::string_view token) {
  std::vector<std::string_view> characters;
  while (!token.empty()) {
    characters.push_back(token.substr(0, std::max<size_t>(1, CodePointBytes(token))));
    token.remove_prefix(characters.back().size());
  }
  if (characters.size() <= kMostCharacters) return characters;
  constexpr ptrdiff_t kHalf = kMostCharacters / 2;
  characters.erase(characters.begin() + kHalf, characters.end() - kHalf);
  return characters;
}

EncodedTokens EncodeTokens(const TokenSet& set, const TaggerDesign& design) {
  EncodedTokens encoded;
  std::unordered_map<std::string_view, int32_t> known;
  for (const TokenSequence& sequence : set.sequences) {
    EncodedTokens::Row& row = encoded.rows.emplace_back();
    for (const std::string& token : sequence.tokens) {
      const auto [entry, fresh] = known.emplace(token, static_cast<int32_t>(known.size()));
      if (fresh) encoded.spellings.push_back(Spell(token, design.characters));
      row.words.push_back(design.words.FindOrUnknown(WordForm(token)));
      row.spellings.push_back(entry->second);
    }
  }
  return encoded;
}

TaggerBatch MakeTaggerBatch(const EncodedTokens& tokens, std::span<const size_t> rows) {
  TaggerBatch batch;
  const size_t B = rows.size();
  Sequence& sequence = batch.sequence;
  sequence.rows = B;
  for (const size_t row : rows) {
    sequence.lengths.push_back(tokens.rows[row].words.size());
    sequence.steps = std::max(sequence.steps, sequence.lengths.back());
  }
  batch.words.resize(sequence.steps * B);  // beyond a row's length any word will do: the first of the first row
  batch.spellings.assign(sequence.steps * B, tokens.rows[rows[0]].spellings[0]);
  for (size_t b = 0; b < B; ++b) {
    const EncodedTokens::Row& row = tokens.rows[rows[b]];
    for (size_t t = 0; t < row.words.size(); ++t) {
      batch.words[t * B + b] = row.words[t];
      batch.spellings[t * B + b] = row.spellings[t];
    }
  }

  const std::vector<int32_t> different = Number(batch.spellings);
  Sequence& letters = batch.letters;
  const size_t U = letters.rows = different.size();
  for (const int32_t spelling : different) {
    letters.lengths.push_back(tokens.spellings[static_cast<size_t>(spelling)].size());
    letters.steps = std::max(letters.steps, letters.lengths.back());
  }
  batch.characters.resize(letters.steps * U);
  for (size_t u = 0; u < U; ++u) {
    const std::vector<int32_t>& spelling = tokens.spellings[static_cast<size_t>(different[u])];
    for (size_t i = 0; i < spelling.size(); ++i) batch.characters[i * U + u] = spelling[i];
  }
  return batch;
}

std::vector<int32_t> BatchTags(const std::vector<std::vector<int32_t>>& tags, std::span<const size_t> rows,
                               const Sequence& sequence) {
  std::vector<int32_t> placed(sequence.steps * sequence.rows, kIgnore);
  for (size_t b = 0; b < rows.size(); ++b) {
    for (size_t t = 0; t < tags[rows[b]].size(); ++t) placed[t * sequence.rows + b] = tags[rows[b]][t];
  }
  return placed;
}

}  // namespace eddy
