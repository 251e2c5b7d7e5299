#include "tasks/text/defaults.h"

#include <algorithm>
#include <cmath>

#include "model/architecture.h"

namespace eddy {
namespace {

// More text teaches more units, and leaves less to learn by heart.
size_t HiddenFor(size_t tokens, bool lines) {
  if (tokens < 30'000) return 128;
  if (tokens < 200'000 || lines) return 256;
  return 512;
}

// Lines are many short beginnings, which are harder to learn by heart than a story.
double DropoutFor(size_t tokens, bool lines) {
  if (tokens < 200'000) return lines ? 0.25 : 0.4;
  if (tokens < 4'000'000) return lines ? 0.1 : 0.25;
  return 0.1;
}

// Tiny Shakespeare, a million characters in 23,000 steps: 0.01 leaves 1.448 nats, 0.05 1.417. 180,000 characters of it:
// 0.01, 0.05, 0.1 and 0.3 leave 1.925, 1.917, 1.918 and 1.952; 45,000: the first three 2.100, 2.090 and 2.076.
double WeightDecayFor(size_t tokens) { return tokens < 3'000'000 ? 0.05 : 0.01; }

constexpr size_t kUnroll = 64;

// Steps of BPTT that hold a line and a half: on short lines, many small updates at a high rate learn most in a given time.
// On 38,000 words of 9 characters, lstm of 256, 1.6 million characters: unroll 64 at a rate of 0.003 leaves 1.95 nats, 16 at
// 0.006 1.69, 16 at 0.012 1.65.
size_t UnrollFor(const Corpus& corpus) {
  if (corpus.ends.empty()) return kUnroll;
  const size_t line = corpus.predicted() / corpus.ends.size();
  return std::clamp<size_t>(line * 3 / 2 / 8 * 8, 16, kUnroll);
}

double EpochsFor(size_t tokens) {
  if (tokens < 100'000) return 40;
  if (tokens < 3'000'000) return 15;
  return 5;
}

size_t EmbeddingFor(size_t vocabulary, size_t hidden) { return vocabulary <= 1000 ? std::min<size_t>(hidden, 96) : hidden; }

}  // namespace

TextSetup DefaultTextSetup(const TextSplit& text) {
  const size_t tokens = text.train.predicted(), vocabulary = text.format.vocabulary.size();
  TextSetup t;
  t.network.vocabulary = vocabulary;
  StackOptions stack;
  stack.layer.hidden = HiddenFor(tokens, text.format.lines);
  t.network.embedding = EmbeddingFor(vocabulary, stack.layer.hidden);
  t.network.dropout = DropoutFor(tokens, text.format.lines);
  stack.dropout = t.network.dropout;
  t.network.encoder = {t.network.embedding, {stack}};

  // Few lanes, so that an epoch has steps enough to learn from; the fewer, the less text there is. Tiny Shakespeare, ten
  // minutes: 32 lanes leave 1.488 nats, 16 leave 1.452, 8 leave 1.444, at nearly the same speed.
  t.batching.rows = std::clamp<size_t>(tokens / 2000, 4, text.format.lines ? 32 : 8);
  t.batching.k1 = t.batching.k2 = text.format.lines ? UnrollFor(text.train) : kUnroll;
  t.training.optimizer.name = "adamw";
  t.training.optimizer.weight_decay = WeightDecayFor(tokens);
  t.training.schedule.name = "cosine";
  t.training.schedule.rate = 3e-3 * static_cast<double>(kUnroll) / static_cast<double>(t.batching.k1);
  t.training.schedule.warmup = 0.02;
  t.training.clip = "norm";
  t.training.clip_limit = 1;
  t.training.average_decay = 0.99;
  t.training.limit = "epochs";
  t.training.amount = EpochsFor(tokens);
  t.training.patience = 5;
  return t;
}

}  // namespace eddy
