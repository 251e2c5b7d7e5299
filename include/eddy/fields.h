// How options describe themselves. A struct of options has one function that shows its fields to a visitor, and whoever
// needs a list of them (the JSON of a model, checks of ranges, documentation) is such a visitor:
//
//     template <class V>
//     static void Fields(V& visit, auto& options) {     // const options are read from, others may be filled
//       visit("hidden", options.hidden, kWidths);
//       visit("norm", options.norm, kNormalizationNames);
//     }
//
// A visitor is called with the field's name, the field, and for numbers its bounds, for an enumeration the names of its
// values.
#pragma once

#include <limits>
#include <string_view>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

// What a number must lie within, both ends allowed.
struct Bounds {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};
inline constexpr Bounds kAnyNumber;
inline constexpr Bounds kProbability{0, 1};
inline constexpr Bounds kWidths{1, 1 << 24};        // channels, and steps of a window
inline constexpr Bounds kWidthsOrNone{0, 1 << 24};  // 0 for a width that follows from others, or no limit
inline constexpr Bounds kTaps{1, 1 << 20};
inline constexpr Bounds kDepths{1, 1024};  // layers and blocks

// A value of an enumeration and its name in files.
template <class Enumeration>
struct EnumerationName {
  std::string_view name;
  Enumeration value;
};

}  // namespace eddy
EDDY_API_END
