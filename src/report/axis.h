// An axis of a chart: from values to pixels, and where its ticks are.
#pragma once

#include <vector>

namespace eddy {

class Axis {
 public:
  // Grows to hold these values; those that cannot be shown are ignored.
  explicit Axis(bool logarithmic = false) : logarithmic_(logarithmic) {}
  void Include(double value);
  void Pad(double share);  // by this share of the range on both sides (linear axes only)

  // After all values are included: where low and high lie. An axis without values runs from 0 to 1.
  void SetPixels(double low, double high);

  bool Shows(double value) const;
  double Pixel(double value) const;  // of a value that is shown; limited to the axis
  std::vector<double> Ticks(int about) const;

 private:
  double Scaled(double value) const;
  std::vector<double> LogarithmicTicks(int about) const;  // powers of ten; over two decades or less also 2 and 5 times these

  bool logarithmic_;
  bool any_ = false;
  double low_ = 0, high_ = 1;
  double floor_ = 1e-300;  // of a logarithmic axis: what lies below is not shown
  double pixel_low_ = 0, pixel_high_ = 1;
};

}  // namespace eddy
