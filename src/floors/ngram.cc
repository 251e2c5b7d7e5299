#include "floors/ngram.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "eddy/random.h"

namespace eddy {
namespace {

constexpr int kOrders = kMostNgramOrder;
constexpr uint32_t kRoot = 0;  // the empty n-gram
constexpr uint32_t kAbsent = ~uint32_t{0};

// Two ways to count an n-gram: how often it occurs, and after how many different tokens (Kneser and Ney's continuations).
// At the beginning of a line nothing comes before, and the second is the first.
enum Count { kOccurrences, kContinuations, kCounts };
template <class T>
using PerCount = std::array<T, kCounts>;

// Every n-gram of the training part up to the highest order. A node is an n-gram, its parent the n-gram without its last
// token; a node's children are what follows it as a context.
class Trie {
 public:
  struct Node {
    uint32_t parent = kAbsent;
    int32_t token = kNoToken;
    uint8_t order = 0;
    bool begins_line = false;
    PerCount<uint32_t> count = {};
    // As a context: the sum of its children's counts, and how many children have one.
    PerCount<uint32_t> total = {};
    PerCount<uint32_t> types = {};
  };

  Trie() : nodes_(1), slots_(size_t{1} << 16, kAbsent) {}

  std::vector<Node>& nodes() { return nodes_; }
  const Node& operator[](uint32_t node) const { return nodes_[node]; }

  uint32_t Find(uint32_t parent, int32_t token) const { return parent == kAbsent ? kAbsent : slots_[Slot(parent, token)]; }

  uint32_t FindOrAdd(uint32_t parent, int32_t token) {
    const size_t slot = Slot(parent, token);
    if (slots_[slot] != kAbsent) return slots_[slot];
    const auto added = static_cast<uint32_t>(nodes_.size());
    Node node;
    node.parent = parent;
    node.token = token;
    node.order = static_cast<uint8_t>(nodes_[parent].order + 1);
    nodes_.push_back(node);
    slots_[slot] = added;
    if (2 * nodes_.size() > slots_.size()) Grow();
    return added;
  }

 private:
  // Where the node is, or would be: open addressing, at most half full.
  size_t Slot(uint32_t parent, int32_t token) const {
    const size_t mask = slots_.size() - 1;
    size_t slot = MixBits(uint64_t{parent} << 32 | static_cast<uint32_t>(token)) & mask;
    while (slots_[slot] != kAbsent) {
      const Node& node = nodes_[slots_[slot]];
      if (node.parent == parent && node.token == token) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void Grow() {
    slots_.assign(2 * slots_.size(), kAbsent);
    for (uint32_t node = 1; node < nodes_.size(); ++node) slots_[Slot(nodes_[node].parent, nodes_[node].token)] = node;
  }

  std::vector<Node> nodes_;
  std::vector<uint32_t> slots_;
};

// The n-grams that end with the latest token: [k] has order k, and is kAbsent where the sequence is shorter or training
// never saw it.
using Suffixes = NgramModel::Context;

Suffixes NoSuffixes() {
  Suffixes suffixes;
  suffixes.fill(kAbsent);
  suffixes[0] = kRoot;
  return suffixes;
}

void CountToken(Trie& trie, Suffixes& context, int32_t token) {
  Suffixes next = NoSuffixes();
  for (int order = 1; order <= kOrders && context[order - 1] != kAbsent; ++order) {
    next[order] = trie.FindOrAdd(context[order - 1], token);
    const bool first_time = trie[next[order]].count[kOccurrences] == 0;
    ++trie.nodes()[next[order]].count[kOccurrences];
    if (first_time) ++trie.nodes()[next[order - 1]].count[kContinuations];
  }
  context = next;
}

}  // namespace

class NgramModel::Impl {
 public:
  Impl(const Corpus& train, size_t vocabulary) : uniform_(1.0 / static_cast<double>(vocabulary)) {
    CountCorpus(train);
    SumContexts(train.boundary);
    EstimateDiscounts();
  }

  Suffixes Start(int32_t boundary) const {
    Suffixes suffixes = NoSuffixes();
    if (boundary != kNoToken) suffixes[1] = trie_.Find(kRoot, boundary);
    return suffixes;
  }

  void Score(Suffixes& context, int32_t token, Nats& witten_bell, Nats& kneser_ney) const {
    Suffixes next = NoSuffixes();
    double bell = uniform_;
    double ney = uniform_;           // of occurrences in this order, of continuations in the orders below
    double continuation = uniform_;  // of continuations in all orders
    for (int order = 1; order <= kOrders; ++order) {
      if (context[order - 1] != kAbsent) {
        const Trie::Node& h = trie_[context[order - 1]];
        next[order] = trie_.Find(context[order - 1], token);
        const PerCount<uint32_t> count = next[order] == kAbsent ? PerCount<uint32_t>{} : trie_[next[order]].count;
        const double followers = h.types[kOccurrences];
        if (followers > 0) bell = (count[kOccurrences] + followers * bell) / (h.total[kOccurrences] + followers);
        ney = Discounted(order, kOccurrences, count, h, continuation);
        continuation = Discounted(order, kContinuations, count, h, continuation);
      }
      witten_bell[static_cast<size_t>(order - 1)] -= std::log(bell);
      kneser_ney[static_cast<size_t>(order - 1)] -= std::log(ney);
    }
    context = next;
  }

 private:
  void CountCorpus(const Corpus& train) {
    const size_t skipped = train.tokens.size() - std::min(train.tokens.size(), kMostNgramTokens);
    size_t begin = 0;
    for (const size_t end : train.ends) {
      const size_t first = std::max(begin, skipped);
      begin = end;
      if (end <= skipped) continue;
      Suffixes context = NoSuffixes();
      if (train.boundary != kNoToken) context[1] = trie_.FindOrAdd(kRoot, train.boundary);
      for (size_t t = first; t < end; ++t) CountToken(trie_, context, train.tokens[t]);
    }
  }

  void SumContexts(int32_t boundary) {
    const uint32_t line_start = boundary == kNoToken ? kAbsent : trie_.Find(kRoot, boundary);
    std::vector<Trie::Node>& nodes = trie_.nodes();
    for (size_t i = 1; i < nodes.size(); ++i) {  // parents come before children
      Trie::Node& node = nodes[i];
      Trie::Node& parent = nodes[node.parent];
      node.begins_line = node.parent == line_start || parent.begins_line;
      if (node.begins_line) node.count[kContinuations] = node.count[kOccurrences];
      for (int c = 0; c < kCounts; ++c) {
        parent.total[c] += node.count[c];
        parent.types[c] += node.count[c] > 0;
      }
    }
  }

  // n1 / (n1 + 2 n2), from how many n-grams of an order have a count of one and of two (Ney 1994).
  void EstimateDiscounts() {
    std::array<PerCount<std::array<double, 2>>, kOrders + 1> with = {};
    for (const Trie::Node& node : trie_.nodes()) {
      for (int c = 0; c < kCounts; ++c) {
        if (node.count[c] == 1 || node.count[c] == 2) ++with[node.order][c][node.count[c] - 1];
      }
    }
    for (int order = 1; order <= kOrders; ++order) {
      for (int c = 0; c < kCounts; ++c) {
        const auto [ones, twos] = with[order][c];
        discount_[order][c] = std::clamp(ones / std::max(ones + 2 * twos, 1.0), 0.1, 0.9);
      }
    }
  }

  // Interpolated absolute discounting; `lower` when the context was never seen.
  double Discounted(int order, Count c, const PerCount<uint32_t>& count, const Trie::Node& h, double lower) const {
    if (h.total[c] == 0) return lower;
    const double discount = discount_[order][c];
    return (std::max(count[c] - discount, 0.0) + discount * h.types[c] * lower) / h.total[c];
  }

  const double uniform_;
  Trie trie_;
  std::array<PerCount<double>, kOrders + 1> discount_ = {};
};

NgramModel::NgramModel(const Corpus& train, size_t vocabulary) : impl_(std::make_unique<Impl>(train, vocabulary)) {}
NgramModel::~NgramModel() = default;
NgramModel::NgramModel(NgramModel&&) noexcept = default;

NgramModel::Context NgramModel::Start(int32_t boundary) const { return impl_->Start(boundary); }
void NgramModel::Score(Context& context, int32_t token, Nats& witten_bell, Nats& kneser_ney) const {
  impl_->Score(context, token, witten_bell, kneser_ney);
}

namespace {

// Every sequence whole.
std::vector<Piece> WholeSequences(const Corpus& corpus) {
  std::vector<Piece> pieces;
  size_t begin = corpus.boundary == kNoToken ? 1 : 0;
  for (const size_t end : corpus.ends) {
    pieces.push_back({begin, end, begin});
    begin = end;
  }
  return pieces;
}

NgramScore Lowest(std::vector<NgramScore> scores) {
  return *std::min_element(scores.begin(), scores.end(),
                           [](const NgramScore& a, const NgramScore& b) { return a.nats < b.nats; });
}

}  // namespace

std::string NgramScore::Name() const {
  return fmt::format("{}-gram, {}", order, smoothing == Smoothing::kWittenBell ? "Witten-Bell" : "Kneser-Ney");
}

std::vector<NgramScore> ScoreNgrams(const Corpus& train, const Corpus& held_out, size_t vocabulary) {
  return ScoreNgrams(train, held_out, vocabulary, WholeSequences(held_out));
}

std::vector<NgramScore> ScoreNgrams(const Corpus& train, const Corpus& held_out, size_t vocabulary,
                                    std::span<const Piece> pieces, ProcessGroup& group) {
  const NgramModel model(train, vocabulary);
  const bool stream = held_out.boundary == kNoToken;
  std::vector<NgramScore> scores;
  for (int order = 1; order <= kOrders; ++order) {
    scores.push_back({order, Smoothing::kWittenBell});
    scores.push_back({order, Smoothing::kKneserNey});
  }
  for (const Piece& piece : OwnShare(group).Of(pieces)) {
    NgramModel::Nats witten_bell = {}, kneser_ney = {}, unscored = {};
    Suffixes context = model.Start(held_out.boundary);
    for (size_t t = piece.begin - (stream ? 1 : 0); t < piece.end; ++t) {
      const bool scored = t >= piece.counted;
      model.Score(context, held_out.tokens[t], scored ? witten_bell : unscored, scored ? kneser_ney : unscored);
    }
    for (size_t i = 0; i < kOrders; ++i) {
      scores[2 * i].piece_nats.push_back(witten_bell[i]);
      scores[2 * i + 1].piece_nats.push_back(kneser_ney[i]);
    }
  }
  double counted = 0;
  for (const Piece& piece : pieces) counted += static_cast<double>(piece.end - piece.counted);
  for (NgramScore& score : scores) {
    score.piece_nats = Joined(group, std::move(score.piece_nats));
    score.nats = std::accumulate(score.piece_nats.begin(), score.piece_nats.end(), 0.0) / counted;
  }
  return scores;
}

NgramScore BestNgram(const Corpus& train, const Corpus& held_out, size_t vocabulary) {
  return Lowest(ScoreNgrams(train, held_out, vocabulary));
}

NgramScore BestNgram(const Corpus& train, const Corpus& held_out, size_t vocabulary, std::span<const Piece> pieces,
                     ProcessGroup& group) {
  return Lowest(ScoreNgrams(train, held_out, vocabulary, pieces, group));
}

}  // namespace eddy
