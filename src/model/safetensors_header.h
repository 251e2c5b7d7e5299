// The header of a safetensors file (safetensors.h), of whoever wrote it: what arrays there are, of what type, and where. It
// is checked against the real size of the file before anything is allocated by it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eddy/safetensors.h"
#include "eddy/tensor.h"
#include "model/input_file.h"

namespace eddy {

inline constexpr std::string_view kMetadata = "__metadata__";  // the header's entry that is no tensor

// Headers above this are refused; a vocabulary of a million words is about half of it.
inline constexpr uint64_t kMostSafetensorsHeader = 32u << 20;
inline constexpr size_t kSafetensorsLengthBytes = 8;  // before the header

// Where the bytes come from: `read` copies `count` of them at `offset`, which lies within `size`.
struct ByteSource {
  uint64_t size = 0;
  std::function<void(uint64_t offset, void* to, size_t count)> read;
  const std::string name;      // of the file, for errors
  const std::string expected;  // says in errors what the bytes should have been
  [[noreturn]] void Bad(const std::string& why) const;
};
// Of what must outlive it.
ByteSource SourceOf(std::string_view bytes, const std::string& expected);
ByteSource SourceOf(const InputFile& file, const std::string& path, const std::string& expected);
[[noreturn]] void FailForMemory(const InputFile& file, const std::string& path);  // where there is none for its arrays

struct StoredType {
  std::string_view name;  // "F32"
  size_t bytes;           // of a number
};

// What a reader takes.
struct SafetensorsRules {
  std::span<const StoredType> types;
  std::string_view type_names;  // for errors: "F32, BF16 or I8"
  size_t least_dims, most_dims;
  bool empty_arrays;  // whether a dimension may be 0
};
SafetensorsRules AnySafetensors();  // every type of the format that has whole bytes, of up to 64 dimensions

struct SafetensorsHeader {
  std::string text;  // as it stands in the file
  std::map<std::string, std::string> metadata;
  std::vector<StoredArray> arrays;  // in the order of their data, without gaps or overlaps, up to the end of the file
};

Shape ShapeOf(const StoredArray& array);  // of one with up to four dimensions

// Throws Error for whatever is wrong.
SafetensorsHeader ParseSafetensorsHeader(const ByteSource& source, const SafetensorsRules& rules);

}  // namespace eddy
