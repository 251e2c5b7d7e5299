// Claim triangles made by a fixed seed, for tests of reserves: each company's losses are a share of its premium, paid by a
// pattern of its line, with noise.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "eddy/random.h"

namespace eddy {

// A table with the columns line, company, year, lag, paid, incurred and premium: `origins` years from 2000 on, each at lags
// 1 to `origins`. `paid_of` may change what is paid by (year - 2000) + lag, the first being 1: those above `origins` are the
// lower triangle. `last` leaves out what is above it.
inline std::string TriangleTable(size_t companies, size_t origins, size_t last,
                                 const std::function<double(size_t, double)>& paid_of = {}) {
  Random random(7);
  std::string text = "line,company,year,lag,paid,incurred,premium\n";
  for (const double speed : {0.4, 0.7}) {
    const std::string line = speed < 0.5 ? "slow" : "fast";
    for (size_t c = 0; c < companies; ++c) {
      const double size = std::exp(6 + random.Normal()), own = speed * std::exp(0.1 * random.Normal());
      for (size_t i = 0; i < origins; ++i) {
        const double premium = std::round(size * (1 + 0.05 * static_cast<double>(i)) + 50);
        const double loss = premium * 0.7 * std::exp(0.1 * random.Normal());
        double paid = 0, before = 0;
        for (size_t t = 0; t < origins; ++t) {
          const double share = 1 - std::pow(1 - own, static_cast<double>(t + 1));
          paid += loss * (share - before) * std::exp(0.1 * random.Normal());
          before = share;
          const double incurred = paid + 0.9 * loss * (1 - share);
          const size_t calendar = i + t + 1;
          if (calendar > last) continue;
          text += fmt::format("{},c{},{},{},{:.6g},{:.6g},{}\n", line, c, 2000 + i, t + 1,
                              paid_of ? paid_of(calendar, paid) : paid, incurred, premium);
        }
      }
    }
  }
  return text;
}

}  // namespace eddy
