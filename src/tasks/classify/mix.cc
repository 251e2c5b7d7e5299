#include "tasks/classify/mix.h"

#include <algorithm>
#include <utility>

#include "data/even_sample.h"
#include "data/halves.h"
#include "metrics/temperature.h"
#include "tasks/classify/scores.h"

namespace eddy {
namespace {

constexpr size_t kEnough = 60;  // examples that shares in a mix are fitted on

}  // namespace

LogitsToMix LogitsToMix::Of(const std::vector<size_t>& places) const {
  LogitsToMix part{{}, {}, At(targets, places), classes};
  for (const size_t place : places) {
    const auto begin = static_cast<ptrdiff_t>(place * classes), end = begin + static_cast<ptrdiff_t>(classes);
    part.first.insert(part.first.end(), first.begin() + begin, first.begin() + end);
    part.second.insert(part.second.end(), second.begin() + begin, second.begin() + end);
  }
  return part;
}

Mix FitMix(const LogitsToMix& logits) { return eddy::FitMix(logits.first, logits.second, logits.targets, logits.classes); }

Mix FitMix(LogitsToMix few, const ConvolutionClassifier& convolutions, const std::vector<int32_t>& train) {
  const std::vector<double>& left_out = convolutions.ridge.left_out;
  const size_t have = few.targets.size(), classes = few.classes;
  if (have >= kEnough || left_out.empty()) return FitMix(few);
  const double believed = static_cast<double>(have) / static_cast<double>(kEnough);
  const double most = believed / FitTemperature(few.first, few.targets, classes).temperature;
  for (const size_t place : EvenSample(left_out.size() / classes, static_cast<double>(kEnough - have))) {
    const auto begin = left_out.begin() + static_cast<ptrdiff_t>(place * classes);
    few.first.insert(few.first.end(), classes, 0);
    few.second.insert(few.second.end(), begin, begin + static_cast<ptrdiff_t>(classes));
    few.targets.push_back(train[place * convolutions.stride]);
  }
  Mix mix = FitMix(few);
  if (mix.second > 0) mix.first = std::min(mix.first, most);
  return mix;
}

std::vector<double> Mixed(const LogitsToMix& logits, const Mix& mix) {
  std::vector<double> mixed;
  for (size_t i = 0; i < logits.first.size(); ++i) {
    mixed.push_back(mix.first * logits.first[i] + mix.second * logits.second[i]);
  }
  return mixed;
}

std::vector<uint8_t> CrossedWrong(const LogitsToMix& all, const std::function<Mix(LogitsToMix)>& fit) {
  const Halves crossed = CrossedParts(all.targets.size());
  std::vector<uint8_t> wrong(all.targets.size());
  for (const auto& [fitted, judged] :
       {std::pair(crossed.choosing, crossed.judging), std::pair(crossed.judging, crossed.choosing)}) {
    if (fitted.empty()) continue;
    const LogitsToMix part = all.Of(judged);
    const ClassScores scores = ScoreLogits(Mixed(part, fit(all.Of(fitted))), part.targets, all.classes);
    for (size_t i = 0; i < judged.size(); ++i) wrong[judged[i]] = scores.wrong[i];
  }
  return wrong;
}

}  // namespace eddy
