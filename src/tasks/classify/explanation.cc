#include "tasks/classify/explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "eddy/error.h"
#include "eddy/ops.h"
#include "model/architecture.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace {

constexpr size_t kLeastPlaces = 128, kMostPlaces = 2048;  // on the path
constexpr double kMostMissed = 0.01;                      // of the way that the log odds moved
constexpr size_t kMostSteps = 1 << 14;                    // rows times steps of one pass
constexpr size_t kShownColumns = 3;                       // of a step's numbers

// The same network in a form that drops nothing: tapes that keep gradients are those of training.
ClassifierNetwork WithoutDropout(ClassifierNetwork& network) {
  ClassifierDesign design = network.design();
  RemoveDropout(design.encoder);
  design.dropout = 0;
  design.convolutions.reset();
  ClassifierNetwork twin(design, 0);
  const std::vector<Parameter*> from = network.parameters(), to = twin.parameters();
  for (size_t i = 0; i < from.size(); ++i) {
    std::copy(from[i]->value.values().begin(), from[i]->value.values().end(), to[i]->value.data());
  }
  return twin;
}

// A place on the path from nothing, 0, to the input, 1, and the length of the path that it stands for. Half the places are
// as far apart as each other, half crowd near nothing, in even steps of their logarithm: there a norm's output turns within
// a thousandth of the path, and that of a norm above it within a thousandth of that.
struct Place {
  Place(size_t number, size_t places) {
    constexpr double kNear = 0.01, kNearest = 1e-30;
    const size_t half = places / 2;
    const double share = (static_cast<double>(number % half) + 0.5) / static_cast<double>(half);
    if (number < half) {
      at = kNearest * std::pow(kNear / kNearest, share);
      length = at * std::log(kNear / kNearest) / static_cast<double>(half);
    } else {
      at = kNear + (1 - kNear) * share;
      length = (1 - kNear) / static_cast<double>(half);
    }
  }
  double at, length;
};

// [T, rows, D]: x [T, 1, D] at places first, first + 1 ... of so many.
Tensor OnThePath(const Tensor& x, size_t first, size_t rows, size_t places) {
  const size_t steps = x.dim(0), width = x.dim(2);
  Tensor path = Tensor::Uninitialized({steps, rows, width});
  for (size_t t = 0; t < steps; ++t) {
    for (size_t row = 0; row < rows; ++row) {
      const auto at = static_cast<Real>(Place(first + row, places).at);
      for (size_t i = 0; i < width; ++i) path[(t * rows + row) * width + i] = at * x[t * width + i];
    }
  }
  return path;
}

// The sum over rows of the gradient of the log odds, times x and the length of path: of each step, and of those
// that fill the last frame.
std::vector<double> PathShares(ClassifierNetwork& network, const Tensor& x, size_t first, size_t rows, size_t places,
                               const Explanation& explanation, Threads& threads) {
  const size_t steps = x.dim(0), width = x.dim(2), classes = network.design().classes.size();
  const Sequence sequence{.steps = steps, .rows = rows, .lengths = {}, .resets = {}};
  Tensor odds({1, classes}), lengths({1, rows});
  odds[static_cast<size_t>(explanation.predicted)] = 1;
  odds[static_cast<size_t>(explanation.rival)] = -1;
  for (size_t row = 0; row < rows; ++row) lengths[row] = static_cast<Real>(Place(first + row, places).length);
  Tape tape(threads);
  const Var path = tape.Differentiable(OnThePath(x, first, rows, places));
  const Var log_odds = Linear(tape, network.Logits(tape, path, sequence), tape.Constant(odds));
  const Var total = Linear(tape, Reshape(tape, log_odds, {1, rows}), tape.Constant(lengths));
  tape.Backward(total);
  const Tensor& slopes = tape.Grad(path);
  const size_t frame = network.design().frame, columns = width / frame;
  std::vector<double> shares(steps * frame);
  for (size_t t = 0; t < steps; ++t) {
    for (size_t i = 0; i < rows * width; ++i) {
      shares[t * frame + i % width / columns] += double{slopes[t * rows * width + i]} * double{x[t * width + i % width]};
    }
  }
  return shares;
}

// The integral along the path, from so many places of it.
std::vector<double> IntegratedGradients(ClassifierNetwork& network, const Tensor& x, size_t places,
                                        const Explanation& explanation, Threads& threads) {
  std::vector<double> shares(x.dim(0) * network.design().frame);
  const size_t at_once = std::clamp<size_t>(kMostSteps / x.dim(0), 1, places);
  for (size_t first = 0; first < places; first += at_once) {
    const size_t rows = std::min(at_once, places - first);
    const std::vector<double> part = PathShares(network, x, first, rows, places, explanation, threads);
    for (size_t t = 0; t < shares.size(); ++t) shares[t] += part[t];
  }
  return shares;
}

// What an n-gram adds to the log odds is its words' own, in equal parts.
void AddNgramShares(const ClassifierNetwork& network, const EncodedExample& example, Explanation& explanation) {
  const auto predicted = static_cast<size_t>(explanation.predicted), rival = static_cast<size_t>(explanation.rival);
  for (const PlacedNgram& ngram : example.ngrams) {
    const double odds = network.NgramWeight(ngram.number, predicted) - network.NgramWeight(ngram.number, rival);
    explanation.shares[ngram.place] += ngram.is_pair ? odds / 2 : odds;
    if (ngram.is_pair) explanation.shares[ngram.place + 1] += odds / 2;
  }
}

void ChooseClasses(Explanation& explanation) {
  std::vector<double> rivals = explanation.probabilities;
  explanation.predicted = LikeliestClass(rivals);
  rivals[static_cast<size_t>(explanation.predicted)] = -1;
  explanation.rival = LikeliestClass(rivals);
}

std::string NameOf(const Example& example, size_t t, size_t columns) {
  std::string name;
  for (size_t i = 0; i < std::min(columns, kShownColumns); ++i) {
    name += fmt::format("{}{:.4g}", i > 0 ? " " : "", example.values()[t * columns + i]);
  }
  return name + (columns > kShownColumns ? " ..." : "");
}

}  // namespace

Explanation Explain(ClassifierNetwork& network, const EncodedExample& example, Threads& threads) {
  Require(SegmentsOf(example, network.design()) == 1, "explain", "an example",
          fmt::format("of at most {} steps, which the network reads at once", kMostSegmentSteps * network.design().frame),
          fmt::format("of {}", example.steps));
  ClassifierNetwork twin = WithoutDropout(network);
  const ClassifierBatch batch = MakeClassifierBatch(std::span(&example, 1), network.design());
  Tape tape(threads, Tape::Mode::kInference);
  const Tensor x = tape.Value(twin.Read(tape, batch));

  Explanation explanation;
  const auto logits_of = [&](const Tensor& read) {
    const Tensor logits = tape.Value(twin.Logits(tape, tape.Constant(read), batch.sequence));
    return std::vector<double>(logits.values().begin(), logits.values().end());
  };
  const std::vector<double> at_start = logits_of(Tensor(x.shape()));
  const std::vector<double> at_end = logits_of(x);
  std::vector<double> logits = at_end;
  network.AddRegression(example, logits);
  explanation.probabilities.resize(logits.size());
  Softmax(logits, explanation.probabilities);
  ChooseClasses(explanation);
  const auto odds = [&](const std::vector<double>& of) {
    return of[static_cast<size_t>(explanation.predicted)] - of[static_cast<size_t>(explanation.rival)];
  };
  explanation.log_odds = odds(logits);
  explanation.start = odds(at_start);
  if (network.design().convolutions) explanation.convolutions = explanation.log_odds - odds(at_end);

  const double moved = odds(at_end) - explanation.start;  // by the network alone: what n-grams add is their words' own
  for (size_t places = kLeastPlaces; places <= kMostPlaces; places *= 2) {
    explanation.shares = IntegratedGradients(twin, x, places, explanation, threads);
    const double sum = std::accumulate(explanation.shares.begin(), explanation.shares.end(), 0.0);
    explanation.missed = moved - sum;
    if (std::abs(explanation.missed) <= kMostMissed * std::abs(moved)) break;
  }
  explanation.shares.resize(example.steps);
  AddNgramShares(network, example, explanation);
  return explanation;
}

std::vector<ExplainedStep> NameSteps(const Explanation& explanation, const Example& example, const ClassifierDesign& design,
                                     size_t most) {
  const size_t steps = explanation.shares.size(), columns = design.scalings.size();
  std::vector<std::string> words;
  if (design.is_text()) words = CutSentence(example.text(), design.sentences.unit, example.place());
  words.resize(std::max(words.size(), steps));
  const auto name = [&](size_t t) {
    if (!design.is_text()) return NameOf(example, t, columns);
    const bool unknown = design.sentences.vocabulary.Find(words[t]) == kNoToken;
    return unknown ? words[t] + " (unknown)" : words[t];
  };
  const size_t joined = (steps + most - 1) / most;
  std::vector<ExplainedStep> named;
  for (size_t t = 0; t < steps; t += joined) {
    const size_t end = std::min(steps, t + joined);
    std::string range = design.is_text() ? "" : fmt::format("{} ", t + 1);
    if (joined > 1) range = fmt::format("{}-{}{}", t + 1, end, design.is_text() ? " " : "");
    named.push_back({range + (design.is_text() || joined == 1 ? name(t) : ""), 0});
    for (size_t i = t; i < end; ++i) named.back().share += explanation.shares[i];
  }
  return named;
}

}  // namespace eddy
