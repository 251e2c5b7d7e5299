#include "tasks/text_defaults.h"

#include <algorithm>
#include <cmath>

namespace eddy {
namespace {

// More text teaches more units, and leaves less to learn by heart.
size_t HiddenFor(size_t tokens, bool lines) {
  if (tokens < 30'000) return 128;
  if (tokens < 200'000 || lines) return 256;
  return 512;
}

double DropoutFor(size_t tokens) {
  if (tokens < 200'000) return 0.4;
  if (tokens < 4'000'000) return 0.25;
  return 0.1;
}

double EpochsFor(size_t tokens) {
  if (tokens < 100'000) return 40;
  if (tokens < 3'000'000) return 15;
  return 5;
}

size_t EmbeddingFor(size_t vocabulary, size_t hidden) { return vocabulary <= 1000 ? std::min<size_t>(hidden, 96) : hidden; }

}  // namespace

TextTraining DefaultTextTraining(const TextSplit& text) {
  const size_t tokens = text.train.predicted(), vocabulary = text.format.vocabulary.size();
  TextTraining t;
  t.network.vocabulary = vocabulary;
  t.network.stack.layer.hidden = HiddenFor(tokens, text.format.lines);
  t.network.embedding = EmbeddingFor(vocabulary, t.network.stack.layer.hidden);
  t.network.dropout = DropoutFor(tokens);
  t.network.stack.dropout = t.network.dropout;

  // Small texts are cut into few lanes, so that an epoch has steps enough to learn from.
  t.batching.rows = std::clamp<size_t>(tokens / 2000, 4, 32);
  t.training.optimizer.name = "adamw";
  t.training.optimizer.weight_decay = 0.01;
  t.training.schedule.name = "cosine";
  t.training.schedule.rate = 3e-3;
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
