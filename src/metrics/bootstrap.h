// Whether the difference of two methods is more than chance: both are measured on the same parts (examples, sequences,
// stretches of text), and parts are drawn anew with replacement (the paired bootstrap; Efron 1979, Koehn 2004). What makes a
// part hard for both cancels. The same every time.
//
// Cost: at most kMostDraws parts drawn, about a second.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace eddy {

inline constexpr size_t kResamples = 2000;  // fewer where they would draw more than kMostDraws parts, but 400 at least
inline constexpr size_t kMostDraws = 40'000'000;
// By fewer parts on which they differ nothing is told apart: even if all were of one kind, a fair coin does as much in more
// than 1 of 20 trials (the sign test).
inline constexpr size_t kLeastUnlike = 6;

// What one method did on each of N parts: sums of which figures are made, such as the wrong ones and the number of examples.
struct PartSums {
  size_t columns = 1;
  std::vector<double> values = {};  // [N, columns]

  size_t size() const { return values.size() / columns; }
  std::span<const double> part(size_t i) const { return std::span(values).subspan(i * columns, columns); }
  void Add(std::span<const double> sums) { values.insert(values.end(), sums.begin(), sums.end()); }
};

PartSums Chosen(const PartSums& sums, std::span<const size_t> places);
std::vector<double> Total(const PartSums& sums);  // [columns]

// A figure of summed columns, such as the share of wrong ones.
using FigureOfSums = std::function<double(std::span<const double>)>;

// How much higher the first figure is than the second, with the 95% interval of that.
struct PairedDifference {
  double first = 0, second = 0;
  double low = 0, high = 0;      // NaN for fewer than two parts
  size_t parts = 0, unlike = 0;  // of these, how many differ

  bool certain() const { return unlike >= kLeastUnlike && (low > 0 || high < 0); }
};

// The percentile interval, widened as the t interval is against the normal one (Hesterberg 2015, "expanded percentile"), so
// that it is wide enough for few parts as well. `of_shares` says that the columns are a number of wrong ones and a number:
// then two parts more are drawn from, of which each method has one wrong, since few examples that are all of one kind prove
// little (in the manner of Agresti and Min 2005). Both have the same parts, at least one.
PairedDifference CompareByParts(const PartSums& first, const PartSums& second, const FigureOfSums& figure, bool of_shares);

}  // namespace eddy
