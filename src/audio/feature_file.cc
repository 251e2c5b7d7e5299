#include "audio/feature_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "data/read_file.h"
#include "data/text_lines.h"
#include "eddy/error.h"

namespace eddy {
namespace {

constexpr size_t kMostWidth = 4096;

// What stands behind a key of NumPy's header, which is a Python dictionary.
std::string_view ValueOf(std::string_view header, std::string_view key) {
  const size_t at = header.find("'" + std::string(key) + "':");
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + key.size() + 3);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

// "(12, 13)" as two numbers.
bool ReadShape(std::string_view text, size_t& rows, size_t& cols) {
  if (!text.starts_with("(")) return false;
  const char *at = text.data() + 1, *end = text.data() + text.size();
  auto read = std::from_chars(at, end, rows);
  if (read.ec != std::errc() || end - read.ptr < 2 || *read.ptr != ',') return false;
  at = read.ptr + 1;
  while (at < end && *at == ' ') ++at;
  read = std::from_chars(at, end, cols);
  return read.ec == std::errc() && read.ptr < end && *read.ptr == ')';
}

void RequireFrames(const FeatureFrames& features, const std::string& name) {
  if (features.width < 1 || features.width > kMostWidth) {
    Fail("read", name, "of 1 to " + std::to_string(kMostWidth) + " numbers a frame", "of " + std::to_string(features.width));
  }
  Require(!features.values.empty(), "read", name, "features of at least one frame", "of none");
  for (const float value : features.values) Require(std::isfinite(value), "read", name, "of finite numbers", "not");
}

template <class Number>
void CopyNumbers(std::string_view bytes, std::vector<float>& to) {
  for (size_t i = 0; i < to.size(); ++i) {
    Number number;
    std::memcpy(&number, bytes.data() + i * sizeof number, sizeof number);
    to[i] = static_cast<float>(number);
  }
}

}  // namespace

bool IsFeatureFile(std::string_view path) { return path.ends_with(".npy") || path.ends_with(".csv"); }

FeatureFrames ParseNpy(std::string_view bytes, const std::string& name) {
  const auto none = [&](const char* given) { Fail("read", name, "an array of NumPy, [frames, numbers] in C order", given); };
  if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY")) none("something else");
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(bytes[i])); };
  const bool small = byte(6) == 1;
  const size_t begin = small ? 10 : 12;
  const size_t size = small ? byte(8) + (byte(9) << 8) : byte(8) + (byte(9) << 8) + (byte(10) << 16) + (byte(11) << 24);
  if (size > bytes.size() - begin) none("cut off");
  const std::string_view header = bytes.substr(begin, size);
  bytes.remove_prefix(begin + size);
  size_t rows = 0;
  FeatureFrames features;
  const bool order = ValueOf(header, "fortran_order").starts_with("False");
  if (!order || !ReadShape(ValueOf(header, "shape"), rows, features.width)) none("of another shape or order");
  const std::string_view type = ValueOf(header, "descr");
  const size_t width = type.starts_with("'<f4'") ? 4 : type.starts_with("'<f8'") ? 8 : 0;
  if (width == 0) none("not of float32 or float64");
  if (features.width > kMostWidth || rows > bytes.size()) none("cut off");
  if (rows * features.width * width > bytes.size()) none("cut off");
  features.values.resize(rows * features.width);
  if (width == 4) {
    CopyNumbers<float>(bytes, features.values);
  } else {
    CopyNumbers<double>(bytes, features.values);
  }
  RequireFrames(features, name);
  return features;
}

FeatureFrames ParseFeatureLines(std::string_view text, const std::string& name) {
  FeatureFrames features;
  ForEachLine(text, [&](std::string_view row, size_t line) {
    size_t count = 0;
    while (true) {
      std::string_view cell = row.substr(0, row.find(','));
      row.remove_prefix(std::min(cell.size() + 1, row.size()));
      cell.remove_prefix(std::min(cell.find_first_not_of(' '), cell.size()));
      while (cell.ends_with(' ')) cell.remove_suffix(1);
      float value = 0;
      const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
      if (error != std::errc() || end != cell.data() + cell.size()) {
        Fail("read", name + " line " + std::to_string(line), "numbers with commas between them", "something else");
      }
      features.values.push_back(value);
      ++count;
      if (row.empty()) break;
    }
    if (features.width == 0) features.width = count;
    if (count != features.width) {
      Fail("read", name + " line " + std::to_string(line), "of " + std::to_string(features.width) + " numbers, as the first",
           "of " + std::to_string(count));
    }
  });
  RequireFrames(features, name);
  return features;
}

FeatureFrames ReadFeatures(const std::string& path) {
  const std::string bytes = ReadFile(path);
  return path.ends_with(".npy") ? ParseNpy(bytes, path) : ParseFeatureLines(bytes, path);
}

}  // namespace eddy
