// Where gates stand in a row that a product makes: a vector of units of the first gate, the same units of the second, and so
// on, then the next vector of units. The gates of a unit thus leave the product together, for Step to read them while they
// are in the first-level cache; and a panel of packed weights is whole whatever the number of gates.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <vector>

#include "kernels/product.h"

namespace eddy {

class GateLayout {
 public:
  GateLayout() = default;
  GateLayout(size_t gates, size_t units)
      : gates_(gates), units_(units), lanes_(VectorWidth()), shift_(std::countr_zero(lanes_)) {}

  size_t Columns() const { return End(units_); }   // the last vector is padded with zeros
  size_t Step() const { return gates_ * lanes_; }  // from one vector of units to the next
  size_t At(size_t gate, size_t unit) const { return (unit >> shift_) * Step() + gate * lanes_ + (unit & (lanes_ - 1)); }
  // The column after those of units [0, unit), where unit is a multiple of Chunk() or the last.
  size_t End(size_t unit) const { return ((unit + lanes_ - 1) >> shift_) * Step(); }
  // Units whose gates fill whole panels; divides PanelWidth().
  size_t Chunk() const { return PanelWidth() / std::gcd(gates_, PanelWidth() / lanes_); }

  // Weights [gates*units, inner], gate by gate, as the right-hand side of operand [rows, inner] -> gates in this layout.
  PackedMatrix Pack(const Real* weights, size_t inner, Precision precision, Threads& threads, MemoryPool* memory) const {
    std::vector<const Real*> columns(Columns(), nullptr);
    ForVectors([&](size_t from, size_t to, size_t n) {
      for (size_t i = 0; i < n; ++i) columns[to + i] = weights + (from + i) * inner;
    });
    return PackedMatrix(columns, inner, precision, &threads, memory);
  }

  // Between gate by gate [gates*units] and this layout [Columns()].
  void Interleave(const Real* by_gate, Real* row) const {
    ForVectors([&](size_t from, size_t to, size_t n) { CopyVector(by_gate + from, n, row + to); });
  }
  void Separate(const Real* row, Real* by_gate) const {
    ForVectors([&](size_t to, size_t from, size_t n) { CopyVector(row + from, n, by_gate + to); });
  }

 private:
  static void CopyVector(const Real* from, size_t n, Real* to) {
    constexpr size_t kBlock = 4;  // a known size is copied in line
    for (; n >= kBlock; n -= kBlock, from += kBlock, to += kBlock) std::memcpy(to, from, kBlock * sizeof(Real));
    for (; n > 0; --n) *to++ = *from++;
  }

  template <class Body>
  void ForVectors(const Body& body) const {
    for (size_t g = 0; g < gates_; ++g) {
      for (size_t unit = 0; unit < units_; unit += lanes_) {
        body(g * units_ + unit, At(g, unit), std::min(lanes_, units_ - unit));
      }
    }
  }

  size_t gates_ = 0, units_ = 0, lanes_ = 1;
  int shift_ = 0;  // lanes_ is a power of two: a step in a stream has no time for divisions
};

}  // namespace eddy
