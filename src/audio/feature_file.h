// Features that another program has made of sound: .npy files of NumPy, two-dimensional arrays of float32 or float64 in C
// order with a frame a row, or .csv files with a frame a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eddy {

struct FeatureFrames {
  std::vector<float> values;  // [T, width]
  size_t width = 0;
};

bool IsFeatureFile(std::string_view path);  // by the end of its name

// Throws Error, naming `name`, for what is none of these, has been cut off, or holds numbers that are not finite.
FeatureFrames ReadFeatures(const std::string& path);
FeatureFrames ParseNpy(std::string_view bytes, const std::string& name);
FeatureFrames ParseFeatureLines(std::string_view text, const std::string& name);

}  // namespace eddy
