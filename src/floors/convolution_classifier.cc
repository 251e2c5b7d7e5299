#include "floors/convolution_classifier.h"

#include <algorithm>

namespace eddy {
namespace {

constexpr size_t kMostPerKernel = 118;      // some 10,000 features
constexpr size_t kMostWeights = 4'000'000;  // of all classes, 16 MB in a model

size_t PerKernel(size_t classes) {
  const size_t fit = kMostWeights / (classes * ConvolutionFeatures::kKernels);
  return std::clamp<size_t>(fit / 2 * 2, 2, kMostPerKernel);
}

}  // namespace

ConvolutionClassifier FitConvolutions(const SeriesSpans& train, std::span<const int32_t> targets, size_t classes,
                                      size_t columns, size_t span, Threads& threads, ProcessGroup& group) {
  ConvolutionClassifier classifier;
  classifier.features = ConvolutionFeatures({columns, span, PerKernel(classes)});
  const size_t F = classifier.features.size();
  double work = 0;
  for (const std::span<const float> series : train) work += static_cast<double>(series.size() * F);
  classifier.stride = std::max<size_t>((train.size() + kMostConvolved - 1) / kMostConvolved,
                                       1 + static_cast<size_t>(work / kMostConvolutionWork));
  SeriesSpans known;
  std::vector<int32_t> known_targets;
  for (size_t i = 0; i < train.size(); i += classifier.stride) {
    known.push_back(train[i]);
    known_targets.push_back(targets[i]);
  }
  classifier.thresholds = classifier.features.Thresholds(known);
  const auto own = OwnShare(group).Of(std::span<const std::span<const float>>(known));
  std::vector<float> features(own.size() * F);
  threads.For(own.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      classifier.features.Of(own[i], classifier.thresholds, std::span(features).subspan(i * F, F));
    }
  });
  classifier.ridge = FitRidge(Joined(group, std::move(features)), known_targets, classes, threads);
  return classifier;
}

void AddConvolutions(const ConvolutionFeatures& features, std::span<const float> thresholds, std::span<const float> weights,
                     std::span<const float> series, std::span<double> logits) {
  std::vector<float> values(features.size());
  features.Of(series, thresholds, values);
  const size_t classes = logits.size();
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t c = 0; c < classes; ++c) logits[c] += double{values[i]} * double{weights[i * classes + c]};
  }
}

std::vector<double> ConvolutionLogOdds(const ConvolutionClassifier& classifier, const SeriesSpans& series, Threads& threads,
                                       ProcessGroup& group) {
  const size_t classes = classifier.classes();
  const auto own = OwnShare(group).Of(std::span<const std::span<const float>>(series));
  std::vector<double> odds(own.size() * classes);
  threads.For(own.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      threads.ThrowIfStopped();
      const std::span<double> row = std::span(odds).subspan(i * classes, classes);
      std::copy(classifier.ridge.bias.begin(), classifier.ridge.bias.end(), row.begin());
      AddConvolutions(classifier.features, classifier.thresholds, classifier.ridge.weights, own[i], row);
    }
  });
  return Joined(group, std::move(odds));
}

}  // namespace eddy
