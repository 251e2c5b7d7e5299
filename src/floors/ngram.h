// The floor for text: interpolated n-gram models, estimated on the training part and scored on the held-out part, over the
// same vocabulary and the same predicted tokens as the network.
//
// Counts are kept in a trie of all n-grams up to the highest order (about 50 bytes each); time is one hash look-up a token
// and order. Only the last kMostNgramTokens tokens of the training part are counted, which bounds both.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/text.h"
#include "train/process_exchange.h"

namespace eddy {

inline constexpr int kMostNgramOrder = 5;
inline constexpr size_t kMostNgramTokens = 4'000'000;

enum class Smoothing {
  kWittenBell,  // p(w|h) = (c(hw) + t(h) p(w|h')) / (c(h) + t(h)), t(h) the number of different followers (Bell 1990, C)
  kKneserNey,  // interpolated absolute discounting, the lower orders from counts of different contexts (Kneser and Ney 1995)
};

// The n-grams of a corpus, a token at a time, in every order 1 .. kMostNgramOrder at once.
class NgramModel {
 public:
  // The n-grams that end with the latest token, of each order: which of those that were counted, if any.
  using Context = std::array<uint32_t, kMostNgramOrder + 1>;
  using Nats = std::array<double, kMostNgramOrder>;  // -ln p in each order

  NgramModel(const Corpus& train, size_t vocabulary);  // uniform over `vocabulary` below order 1
  ~NgramModel();
  NgramModel(NgramModel&&) noexcept;

  Context Start(int32_t boundary) const;  // of a sequence that follows it; kNoToken for none
  // Adds -ln p of `token` after `context`, which is moved on to it.
  void Score(Context& context, int32_t token, Nats& witten_bell, Nats& kneser_ney) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct NgramScore {
  int order = 0;
  Smoothing smoothing = Smoothing::kWittenBell;
  double nats = 0;                      // mean -ln p over the tokens that the pieces count
  std::vector<double> piece_nats = {};  // the sum of -ln p of each piece

  std::string Name() const;  // "5-gram, Witten-Bell"
};

// Every order 1 .. kMostNgramOrder with each smoothing. `vocabulary` is V: below order 1 the model is uniform over V.
// Scored are the tokens that `pieces` of the held-out part count; by default all. The processes of a group share the pieces
// out, and each gets the scores of all.
std::vector<NgramScore> ScoreNgrams(const Corpus& train, const Corpus& held_out, size_t vocabulary);
std::vector<NgramScore> ScoreNgrams(const Corpus& train, const Corpus& held_out, size_t vocabulary,
                                    std::span<const Piece> pieces, ProcessGroup& group = Alone());

// The lowest of these.
NgramScore BestNgram(const Corpus& train, const Corpus& held_out, size_t vocabulary);
NgramScore BestNgram(const Corpus& train, const Corpus& held_out, size_t vocabulary, std::span<const Piece> pieces,
                     ProcessGroup& group = Alone());

}  // namespace eddy
