#include "model/safetensors_header.h"

#include <algorithm>
#include <utility>

#include "eddy/error.h"
#include "model/json.h"

namespace eddy {
namespace {

std::vector<uint64_t> Numbers(const ByteSource& source, const Json& entry, const char* key, const std::string& name,
                              size_t least, size_t most) {
  const auto found = entry.find(key);
  if (found == entry.end() || !found->is_array() || found->size() < least || found->size() > most) {
    source.Bad("broken: tensor " + Quoted(name) + " has no proper " + key);
  }
  std::vector<uint64_t> numbers;
  for (const Json& number : *found) {
    if (!number.is_number_unsigned()) source.Bad("broken: tensor " + Quoted(name) + " has a wrong number in its " + key);
    numbers.push_back(number.get<uint64_t>());
  }
  return numbers;
}

// Dimensions are divided out of the size, so that no product can overflow.
bool Fits(const std::vector<uint64_t>& shape, uint64_t bytes, size_t bytes_each, bool empty_arrays) {
  if (bytes % bytes_each != 0) return false;
  if (std::find(shape.begin(), shape.end(), 0u) != shape.end()) return empty_arrays && bytes == 0;
  uint64_t elements = bytes / bytes_each;
  for (uint64_t dim : shape) {
    if (elements == 0 || elements % dim != 0) return false;
    elements /= dim;
  }
  return elements == 1;
}

StoredArray ParseEntry(const ByteSource& source, const SafetensorsRules& rules, const std::string& name, const Json& json) {
  if (!json.is_object()) source.Bad("broken: tensor " + Quoted(name) + " is not described");
  const auto dtype = json.find("dtype");
  const auto type = std::find_if(rules.types.begin(), rules.types.end(),
                                 [&](const StoredType& each) { return dtype != json.end() && *dtype == each.name; });
  if (type == rules.types.end()) {
    source.Bad("unusable: tensor " + Quoted(name) + " is not of type " + std::string(rules.type_names));
  }
  std::vector<uint64_t> shape = Numbers(source, json, "shape", name, rules.least_dims, rules.most_dims);
  const auto offsets = Numbers(source, json, "data_offsets", name, 2, 2);
  if (offsets[0] > offsets[1] || offsets[1] > source.size) {
    source.Bad("cut short or broken: tensor " + Quoted(name) + " lies outside the file");
  }
  if (!Fits(shape, offsets[1] - offsets[0], type->bytes, rules.empty_arrays)) {
    source.Bad("broken: tensor " + Quoted(name) + " has a shape unlike its size");
  }
  return {name, std::string(type->name), std::move(shape), offsets[0], offsets[1]};
}

std::map<std::string, std::string> ParseMetadata(const ByteSource& source, const Json& json) {
  if (!json.is_object()) source.Bad("broken: its metadata are no object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) source.Bad("broken: its metadata " + Quoted(key) + " is no text");
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

std::string ReadText(const ByteSource& source) {
  if (source.size == 0) source.Bad("empty");
  if (source.size < kSafetensorsLengthBytes) source.Bad("too short");
  uint64_t length = 0;
  source.read(0, &length, kSafetensorsLengthBytes);
  if (length > kMostSafetensorsHeader) source.Bad("something else");  // the first 8 bytes of any text are such a number
  if (length > source.size - kSafetensorsLengthBytes) source.Bad("cut short or something else");
  std::string text(length, '\0');
  source.read(kSafetensorsLengthBytes, text.data(), length);
  if (!text.starts_with('{')) source.Bad("something else");
  return text;
}

}  // namespace

void ByteSource::Bad(const std::string& why) const { Fail("read", name, expected, why); }

ByteSource SourceOf(std::string_view bytes, const std::string& expected) {
  const auto read = [bytes](uint64_t offset, void* to, size_t count) {
    std::copy_n(bytes.data() + offset, count, static_cast<char*>(to));
  };
  return {bytes.size(), read, "the file", expected};
}

ByteSource SourceOf(const InputFile& file, const std::string& path, const std::string& expected) {
  const auto read = [&file](uint64_t offset, void* to, size_t count) { file.Read(offset, to, count); };
  return {file.size(), read, path, expected};
}

void FailForMemory(const InputFile& file, const std::string& path) {
  Fail("read", path, "a file that fits into memory", "of " + std::to_string(file.size()) + " bytes");
}

Shape ShapeOf(const StoredArray& array) {
  const std::vector<uint64_t>& dims = array.shape;
  switch (dims.size()) {
    case 0:
      return {};
    case 1:
      return {dims[0]};
    case 2:
      return {dims[0], dims[1]};
    case 3:
      return {dims[0], dims[1], dims[2]};
    default:
      return {dims[0], dims[1], dims[2], dims[3]};
  }
}

SafetensorsRules AnySafetensors() {
  static constexpr StoredType kTypes[] = {{"F64", 8},  {"F32", 4},     {"F16", 2},     {"BF16", 2},   {"I64", 8}, {"I32", 4},
                                          {"I16", 2},  {"I8", 1},      {"U64", 8},     {"U32", 4},    {"U16", 2}, {"U8", 1},
                                          {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1}};
  return {kTypes, "F64, F32, F16, BF16, BOOL, whole numbers or F8", 0, 64, true};
}

SafetensorsHeader ParseSafetensorsHeader(const ByteSource& source, const SafetensorsRules& rules) {
  SafetensorsHeader header;
  header.text = ReadText(source);
  const Json json = ParseJson(header.text, "the header of " + source.name);
  for (const auto& [name, value] : json.items()) {
    if (name == kMetadata) {
      header.metadata = ParseMetadata(source, value);
    } else {
      header.arrays.push_back(ParseEntry(source, rules, name, value));
    }
  }
  std::stable_sort(header.arrays.begin(), header.arrays.end(), [](const StoredArray& a, const StoredArray& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t expected = 0;
  for (const StoredArray& array : header.arrays) {
    if (array.begin != expected) source.Bad("broken: tensor " + Quoted(array.name) + " overlaps another or leaves a gap");
    expected = array.end;
  }
  const uint64_t data = kSafetensorsLengthBytes + header.text.size();
  if (expected > source.size - data) source.Bad("cut short");
  if (expected < source.size - data) source.Bad("longer than its header says");
  for (StoredArray& array : header.arrays) {
    array.begin += data;
    array.end += data;
  }
  return header;
}

std::vector<StoredArray> ListSafetensors(std::string_view bytes) {
  return ParseSafetensorsHeader(SourceOf(bytes, "safetensors"), AnySafetensors()).arrays;
}

}  // namespace eddy
