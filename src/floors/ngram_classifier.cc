#include "floors/ngram_classifier.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>

#include "eddy/random.h"
#include "floors/logistic.h"

namespace eddy {
namespace {

constexpr int kPasses = 60, kChoosingPasses = 20;
constexpr size_t kFolds = 3, kFewestToChoose = 12;  // sentences
constexpr double kMostChoosingWork = 5e8;           // features visited; some seconds
constexpr uint64_t kFoldsKey = 3;

// What is chosen by cross-validation.
struct Setting {
  bool ratios;  // whether a feature's value is its log-count ratio; otherwise it is 1
  double cost;  // of the losses beside the penalty
  double
      own_share;  // beta of Wang and Manning: how much of its own weight a feature keeps, the rest being the mean magnitude
};
// That which does best most often is the first: it is taken where others are as good, and where there is little to choose
// by.
constexpr Setting kSettings[] = {{true, 1, 0.25}, {true, 1, 1},  {true, 0.1, 0.25}, {true, 0.1, 1}, {true, 10, 0.25},
                                 {true, 10, 1},   {false, 1, 1}, {false, 0.1, 1},   {false, 10, 1}};
constexpr size_t kSettingCount = std::size(kSettings);

// ln((p / sum p) / (q / sum q)), p and q being 1 more than in how many examples of the class and of the others it is; 0 for
// what is in none.
std::vector<double> LogCountRatios(const SparseRows& rows, std::span<const uint8_t> positive, size_t features) {
  std::vector<double> p(features, 1), q(features, 1);
  double p_sum = static_cast<double>(features), q_sum = p_sum;
  for (size_t i = 0; i < rows.size(); ++i) {
    for (const uint32_t feature : rows.row(i)) (positive[i] ? p : q)[feature] += 1;
    (positive[i] ? p_sum : q_sum) += static_cast<double>(rows.row(i).size());
  }
  for (size_t f = 0; f < features; ++f) p[f] = p[f] + q[f] == 2 ? 0 : std::log(p[f] / p_sum) - std::log(q[f] / q_sum);
  return p;
}

// Of one class against all others: what each feature adds to the log odds, and what they begin from.
struct ClassFit {
  std::vector<double> contributions;
  double bias = 0;

  double LogOdds(std::span<const uint32_t> features) const {
    double sum = bias;
    for (const uint32_t feature : features) sum += contributions[feature];
    return sum;
  }
  auto fields() { return std::tie(contributions, bias); }
};

// The bias that fits best, the contributions as they are: where those are drawn towards their mean magnitude, that of the
// regression is far too strong for them. (A sentence without a word has the bias alone, and where many have none it is
// large.)
void RefitBias(ClassFit& fit, const SparseRows& rows, std::span<const uint8_t> positive, double cost) {
  fit.bias = 0;
  std::vector<double> sums;
  for (size_t i = 0; i < rows.size(); ++i) sums.push_back(fit.LogOdds(rows.row(i)));
  double low = -50, high = 50;
  for (int round = 0; round < 50; ++round) {
    const double middle = (low + high) / 2;
    double slope = middle;
    for (size_t i = 0; i < sums.size(); ++i) slope += cost * (1 / (1 + std::exp(-sums[i] - middle)) - positive[i]);
    (slope > 0 ? high : low) = middle;
  }
  fit.bias = (low + high) / 2;
}

ClassFit FitClass(const SparseRows& rows, std::span<const uint8_t> positive, size_t features, const Setting& setting,
                  int passes) {
  const std::vector<double> values =
      setting.ratios ? LogCountRatios(rows, positive, features) : std::vector<double>(features, 1);
  LogisticOptions options;
  options.most_passes = passes;
  options.cost = setting.cost;
  LogisticModel model = FitLogistic(rows, values, positive, options);
  double magnitude = 0;
  for (const double w : model.weights) magnitude += std::abs(w) / static_cast<double>(features);
  ClassFit fit{std::move(model.weights), model.bias};
  for (size_t f = 0; f < features; ++f) {
    fit.contributions[f] = values[f] * ((1 - setting.own_share) * magnitude + setting.own_share * fit.contributions[f]);
  }
  if (setting.own_share < 1) RefitBias(fit, rows, positive, setting.cost);
  return fit;
}

std::vector<uint8_t> IsClass(std::span<const int32_t> targets, size_t c) {
  std::vector<uint8_t> is;
  for (const int32_t target : targets) is.push_back(target == static_cast<int32_t>(c));
  return is;
}

// Of two classes one model says all.
size_t ModelsOf(size_t classes) { return classes == 2 ? 1 : classes; }

void ToProbabilities(std::span<double> row) {
  for (double& log_odds : row) log_odds = 1 / (1 + std::exp(-log_odds));
  if (row.size() == 2) {
    row[1] = 1 - row[0];
    return;
  }
  double sum = 1e-300;
  for (const double p : row) sum += p;
  for (double& p : row) p /= sum;
}

// Sentences that are trained on, as numbers.
struct Sentences {
  SparseRows rows;
  std::vector<int32_t> targets;

  void Add(std::span<const uint32_t> features, int32_t target) {
    rows.indices.insert(rows.indices.end(), features.begin(), features.end());
    rows.ends.push_back(rows.indices.size());
    targets.push_back(target);
  }
};

// The setting with the fewest wrong answers in cross-validation, of equals that with the lowest log loss.
Setting ChooseSetting(const Sentences& all, size_t classes, size_t features, Threads& threads, ProcessGroup& group) {
  const size_t models = ModelsOf(classes);
  const double work = static_cast<double>(all.rows.indices.size() * models * kSettingCount) * kChoosingPasses * (kFolds - 1);
  const size_t stride = 1 + static_cast<size_t>(work / kMostChoosingWork);
  std::vector<size_t> order;
  for (size_t i = 0; i < all.rows.size(); i += stride) order.push_back(i);
  if (order.size() < kFewestToChoose) return kSettings[0];
  Random random(kFoldsKey);
  random.Shuffle(order);
  Sentences train[kFolds];
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t fold = 0; fold < kFolds; ++fold) {
      if (i % kFolds != fold) train[fold].Add(all.rows.row(order[i]), all.targets[order[i]]);
    }
  }
  struct Fold {
    size_t fold, setting, c;
  };
  std::vector<Fold> folds;
  for (size_t c = 0; c < models; ++c) {
    for (size_t setting = 0; setting < kSettingCount; ++setting) {
      for (size_t fold = 0; fold < kFolds; ++fold) folds.push_back({fold, setting, c});
    }
  }
  const std::span<const Fold> own = OwnShare(group).Of(std::span<const Fold>(folds));
  std::vector<std::vector<double>> said(own.size());  // of the sentences that a fold leaves out
  threads.For(own.size(), 1, [&](size_t begin, size_t end) {
    for (size_t job = begin; job < end; ++job) {
      threads.ThrowIfStopped();
      const auto& [fold, setting, c] = own[job];
      const Sentences& part = train[fold];
      const ClassFit fit = FitClass(part.rows, IsClass(part.targets, c), features, kSettings[setting], kChoosingPasses);
      for (size_t i = fold; i < order.size(); i += kFolds) said[job].push_back(fit.LogOdds(all.rows.row(order[i])));
    }
  });
  said = Joined(group, std::move(said));
  std::vector<double> log_odds(kSettingCount * order.size() * classes);
  for (size_t job = 0; job < folds.size(); ++job) {
    const auto& [fold, setting, c] = folds[job];
    for (size_t i = fold; i < order.size(); i += kFolds) {
      log_odds[(setting * order.size() + i) * classes + c] = said[job][i / kFolds];
    }
  }
  std::pair<size_t, double> least = {order.size() + 1, 0};
  size_t best = 0;
  for (size_t setting = 0; setting < kSettingCount; ++setting) {
    std::pair<size_t, double> found = {0, 0};  // wrong ones, and the loss
    for (size_t i = 0; i < order.size(); ++i) {
      const std::span<double> row = std::span(log_odds).subspan((setting * order.size() + i) * classes, classes);
      ToProbabilities(row);
      const auto target = static_cast<size_t>(all.targets[order[i]]);
      found.first += static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin()) != target;
      found.second -= std::log(std::max(row[target], 1e-15));
    }
    if (found >= least) continue;
    least = found;
    best = setting;
  }
  return kSettings[best];
}

// From the length of as many sentences as are fitted at most.
size_t StrideFor(const SentenceSource& train, size_t classes) {
  const size_t for_number = 1 + (train.size() - 1) / kMostNgramSentences;
  double words = 0;
  for (size_t i = 0; i < train.size(); i += for_number) words += 2 * static_cast<double>(train[i].size());
  const double work = words * static_cast<double>(for_number * ModelsOf(classes)) * kPasses;
  return std::max(for_number, 1 + static_cast<size_t>(work / kMostNgramWork));
}

}  // namespace

NgramClassifier FitNgrams(const SentenceSource& train, std::span<const int32_t> targets, size_t classes, Threads& threads,
                          ProcessGroup& group) {
  NgramClassifier classifier;
  classifier.stride = StrideFor(train, classes);
  Sentences sentences;
  for (size_t i = 0; i < train.size(); i += classifier.stride) {
    std::vector<uint32_t> features;
    for (const PlacedNgram& ngram : classifier.ngrams.Learn(train[i])) features.push_back(ngram.number);
    sentences.Add(features, targets[i]);
  }
  const size_t F = classifier.ngrams.size();
  const Setting setting = ChooseSetting(sentences, classes, F, threads, group);
  const size_t models = ModelsOf(classes), first = OwnShare(group).begin(models);
  std::vector<ClassFit> fits(OwnShare(group).end(models) - first);
  threads.For(fits.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      fits[i] = FitClass(sentences.rows, IsClass(sentences.targets, first + i), F, setting, kPasses);
    }
  });
  fits = Joined(group, std::move(fits));
  classifier.weights.resize(F * classes);
  classifier.bias.resize(classes);
  for (size_t c = 0; c < models; ++c) {
    for (size_t f = 0; f < F; ++f) classifier.weights[f * classes + c] = fits[c].contributions[f];
    classifier.bias[c] = fits[c].bias;
  }
  return classifier;
}

std::vector<double> NgramLogOdds(const NgramClassifier& classifier, const SentenceSource& sentences) {
  const size_t C = classifier.classes();
  std::vector<double> log_odds;
  for (size_t i = 0; i < sentences.size(); ++i) {
    log_odds.insert(log_odds.end(), classifier.bias.begin(), classifier.bias.end());
    for (const PlacedNgram& ngram : classifier.ngrams.Of(sentences[i])) {
      for (size_t c = 0; c < C; ++c) log_odds[log_odds.size() - C + c] += classifier.weights[ngram.number * C + c];
    }
  }
  return log_odds;
}

std::vector<double> NgramProbabilities(const NgramClassifier& classifier, const SentenceSource& sentences) {
  const size_t C = classifier.classes();
  std::vector<double> numbers = NgramLogOdds(classifier, sentences);
  for (size_t i = 0; i < sentences.size(); ++i) {
    ToProbabilities(std::span(numbers).subspan(i * C, C));
  }
  return numbers;
}

NgramClassifier WithMost(const NgramClassifier& classifier, const SentenceSource& train, size_t most) {
  const size_t F = classifier.ngrams.size(), C = classifier.classes();
  if (F <= most) return classifier;
  std::vector<double> worth(F);
  for (size_t i = 0; i < train.size(); i += classifier.stride) {
    for (const PlacedNgram& ngram : classifier.ngrams.Of(train[i])) worth[ngram.number] += 1;
  }
  for (size_t f = 0; f < F; ++f) {
    double largest = 0;
    for (size_t c = 0; c < C; ++c) largest = std::max(largest, std::abs(classifier.weights[f * C + c]));
    worth[f] *= largest;
  }
  std::vector<uint32_t> order(F);
  std::iota(order.begin(), order.end(), 0u);
  std::nth_element(order.begin(), order.begin() + static_cast<ptrdiff_t>(most), order.end(),
                   [&](uint32_t a, uint32_t b) { return worth[a] != worth[b] ? worth[a] > worth[b] : a < b; });
  order.resize(most);
  std::sort(order.begin(), order.end());
  NgramClassifier smaller{{}, {}, classifier.bias, classifier.stride};
  std::vector<std::string> names;
  for (const uint32_t ngram : order) {
    names.push_back(classifier.ngrams.names()[ngram]);
    const auto first = classifier.weights.begin() + static_cast<ptrdiff_t>(ngram * C);
    smaller.weights.insert(smaller.weights.end(), first, first + static_cast<ptrdiff_t>(C));
  }
  smaller.ngrams = Ngrams(names);
  return smaller;
}

}  // namespace eddy
