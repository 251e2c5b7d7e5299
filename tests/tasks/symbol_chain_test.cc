// The states that a recording goes through: against all ways through a small chain, one by one.
#include "tasks/speak/symbol_chain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "eddy/random.h"

namespace eddy {
namespace symbol_chain_test {

// Silence, a, a space and a mark, b, silence: the states are 0, 1 2 3, 0, 4 5 6, 0.
SymbolChain SmallChain() { return {{true, false, true, true, false, true}, {0, 1, 0, 0, 4, 0}}; }
constexpr size_t kPlaces = 9;

std::vector<float> RandomScores(size_t frames, uint64_t seed) {
  Random random(seed);
  std::vector<float> scores(frames * kPlaces);
  for (float& each : scores) each = static_cast<float>(2 * random.Normal());
  return scores;
}

// Calls `visit` with the place at each frame and the sum of the scores, for each way through.
void ForEachWay(const std::vector<float>& scores, const std::function<void(const std::vector<size_t>&, double)>& visit) {
  const size_t T = scores.size() / kPlaces;
  std::vector<size_t> way = {0};
  const std::function<void(double)> go = [&](double sum) {
    const size_t t = way.size() - 1, at = way.back();
    sum += double{scores[t * kPlaces + at]};
    if (way.size() == T) {
      if (at == kPlaces - 1) visit(way, sum);
      return;
    }
    const bool skips = at == 1 || at == 3 || at == 5;  // the middle state of a and of b, and the silence between them
    for (size_t step = 0; step <= (skips ? 2U : 1U) && at + step < kPlaces; ++step) {
      way.push_back(at + step);
      go(sum);
      way.pop_back();
    }
  };
  go(0);
}

TEST(SymbolChain, its_places_are_the_states_of_its_symbols) {
  EXPECT_EQ(SmallChain().states(), (std::vector<size_t>{0, 1, 2, 3, 0, 4, 5, 6, 0}));
  EXPECT_EQ(SmallChain().least_frames(), 6U) << "one of each silence at the ends, two of a and of b";
}

TEST(SymbolChain, probabilities_are_those_of_all_ways) {
  for (const size_t T : {6U, 7U, 10U}) {
    std::vector<float> scores = RandomScores(T, T);
    std::vector<double> expected(T * kPlaces);
    double all = 0;
    ForEachWay(scores, [&](const std::vector<size_t>& way, double sum) {
      all += std::exp(sum);
      for (size_t t = 0; t < T; ++t) expected[t * kPlaces + way[t]] += std::exp(sum);
    });
    SmallChain().ToProbabilities(scores);
    for (size_t i = 0; i < scores.size(); ++i) EXPECT_NEAR(scores[i], expected[i] / all, 1e-4) << T << " " << i;
  }
}

TEST(SymbolChain, durations_are_those_of_the_likeliest_way) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<float> scores = RandomScores(10, seed);
    std::vector<size_t> best;
    double most = -INFINITY;
    ForEachWay(scores, [&](const std::vector<size_t>& way, double sum) {
      if (sum > most) most = sum, best = way;
    });
    const auto frames = [&](size_t begin, size_t end) {
      return static_cast<size_t>(
          std::count_if(best.begin(), best.end(), [&](size_t at) { return at >= begin && at < end; }));
    };
    const std::vector<size_t> durations = SmallChain().Durations(scores);
    EXPECT_EQ(std::accumulate(durations.begin(), durations.end(), size_t{0}), 10U);
    for (const size_t each : durations) EXPECT_GE(each, 1U);
    EXPECT_EQ(durations[0], frames(0, 1));
    EXPECT_EQ(durations[5], frames(8, 9));
    if (frames(4, 5) >= 2) {  // it is not left out, and each of its symbols has a frame
      EXPECT_EQ(durations[1], frames(1, 4));
      EXPECT_EQ(durations[2] + durations[3], frames(4, 5));
      EXPECT_EQ(durations[4], frames(5, 8));
    }
  }
}

}  // namespace symbol_chain_test
}  // namespace eddy
