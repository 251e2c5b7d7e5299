#include "model/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <optional>

#include "eddy/error.h"
#include "model/atomic_file.h"
#include "model/digest.h"
#include "model/input_file.h"
#include "model/json.h"

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little && sizeof(Real) == 4, "arrays are copied as they are");

constexpr size_t kLengthBytes = 8;
constexpr std::string_view kMetadata = "__metadata__";

// The digest among the metadata, as it stands in the header. What is digested has zeros for its digits. Quotes in a text are
// escaped, so this stands nowhere else.
const std::string kDigest = "digest", kDigestKind = "xxh3-128:";
const std::string kDigestInHeader = "\"" + kDigest + "\":\"" + kDigestKind;
const std::string kNoDigits(Digest::kDigits, '0');

struct StorageType {
  Storage storage;
  std::string_view name;
  size_t bytes;
};
constexpr StorageType kStorageTypes[] = {{Storage::kF32, "F32", 4}, {Storage::kBF16, "BF16", 2}, {Storage::kI8, "I8", 1}};

const StorageType& TypeOf(Storage storage) {
  return *std::find_if(std::begin(kStorageTypes), std::end(kStorageTypes),
                       [=](const StorageType& type) { return type.storage == storage; });
}

// An array that the header announces, checked but for its place among the others.
struct Entry {
  std::string name;
  Storage storage = Storage::kF32;
  Shape shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Where the bytes come from: `read` copies `count` of them at `offset`, which lies within `size`.
struct Source {
  uint64_t size = 0;
  std::function<void(uint64_t offset, void* to, size_t count)> read;
  const std::string name;  // of the file, for errors
  const std::string& expected;
  [[noreturn]] void Bad(const std::string& why) const { Fail("read", name, expected, why); }
};

Shape ToShape(const std::vector<uint64_t>& dims) {
  switch (dims.size()) {
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

std::vector<uint64_t> Numbers(const Source& source, const Json& entry, const char* key, const std::string& name,
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

Entry ParseEntry(const Source& source, const std::string& name, const Json& json) {
  if (!json.is_object()) source.Bad("broken: tensor " + Quoted(name) + " is not described");
  const auto dtype = json.find("dtype");
  const auto type = std::find_if(std::begin(kStorageTypes), std::end(kStorageTypes),
                                 [&](const StorageType& each) { return dtype != json.end() && *dtype == each.name; });
  if (type == std::end(kStorageTypes)) source.Bad("unusable: tensor " + Quoted(name) + " is not of type F32, BF16 or I8");
  const auto dims = Numbers(source, json, "shape", name, 1, Shape::kMostDims);
  const auto offsets = Numbers(source, json, "data_offsets", name, 2, 2);
  if (offsets[0] > offsets[1] || offsets[1] > source.size) {
    source.Bad("cut short or broken: tensor " + Quoted(name) + " lies outside the file");
  }
  // Dimensions are divided out of the size, so that no product can overflow.
  uint64_t elements = (offsets[1] - offsets[0]) / type->bytes;
  bool fits = elements > 0 && (offsets[1] - offsets[0]) % type->bytes == 0;
  for (uint64_t dim : dims) {
    fits = fits && dim > 0 && elements % dim == 0;
    if (fits) elements /= dim;
  }
  if (!fits || elements != 1) source.Bad("broken: tensor " + Quoted(name) + " has a shape unlike its size");
  return {name, type->storage, ToShape(dims), offsets[0], offsets[1]};
}

std::map<std::string, std::string> ParseMetadata(const Source& source, const Json& json) {
  if (!json.is_object()) source.Bad("broken: its metadata are no object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) source.Bad("broken: its metadata " + Quoted(key) + " is no text");
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

void Widen(const char* bytes, Storage storage, const Tensor& tensor) {
  for (size_t i = 0; i < tensor.size() && storage == Storage::kBF16; ++i) {
    uint16_t half;
    std::memcpy(&half, bytes + 2 * i, sizeof(half));
    tensor[i] = std::bit_cast<float>(static_cast<uint32_t>(half) << 16);
  }
  for (size_t i = 0; i < tensor.size() && storage == Storage::kI8; ++i) {
    tensor[i] = static_cast<Real>(static_cast<signed char>(bytes[i]));
  }
}

// The digits in the header, which become zeros. Nothing where there is no digest among the metadata.
std::optional<std::string> TakeDigits(const Source& source, std::map<std::string, std::string>& metadata,
                                      std::string& header) {
  const auto stated = metadata.extract(kDigest);
  if (stated.empty()) return std::nullopt;
  const size_t place = header.find(kDigestInHeader);
  const bool known = stated.mapped().size() == kDigestKind.size() + kNoDigits.size() && place != std::string::npos;
  if (!known) source.Bad("broken: its digest is not of the kind " + Quoted(kDigestKind));
  const size_t begin = place + kDigestInHeader.size();
  const std::string digits = header.substr(begin, kNoDigits.size());
  header.replace(begin, kNoDigits.size(), kNoDigits);
  return digits;
}

std::string_view LengthBytes(const uint64_t& length) { return {reinterpret_cast<const char*>(&length), kLengthBytes}; }

Safetensors Parse(const Source& source, Digests digests) {
  if (source.size == 0) source.Bad("empty");
  if (source.size < kLengthBytes) source.Bad("too short");
  uint64_t length = 0;
  source.read(0, &length, kLengthBytes);
  if (length > kMostSafetensorsHeader) source.Bad("something else");  // the first 8 bytes of any text are such a number
  if (length > source.size - kLengthBytes) source.Bad("cut short or something else");
  std::string header(length, '\0');
  source.read(kLengthBytes, header.data(), length);
  if (!header.starts_with('{')) source.Bad("something else");
  const Json json = ParseJson(header, "the header of " + source.name);

  Safetensors content;
  std::vector<Entry> entries;
  for (const auto& [name, value] : json.items()) {
    if (name == kMetadata) {
      content.metadata = ParseMetadata(source, value);
    } else {
      entries.push_back(ParseEntry(source, name, value));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
  const uint64_t data = kLengthBytes + length;
  uint64_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected) source.Bad("broken: tensor " + Quoted(entry.name) + " overlaps another or leaves a gap");
    expected = entry.end;
  }
  if (expected > source.size - data) source.Bad("cut short");
  if (expected < source.size - data) source.Bad("longer than its header says");
  const std::optional<std::string> digits = TakeDigits(source, content.metadata, header);
  Digest digest;
  digest.Add(LengthBytes(length));
  digest.Add(header);
  for (const Entry& entry : entries) {
    Tensor tensor = Tensor::Uninitialized(entry.shape);
    // A smaller type is read into the end of the array, and spread out from its beginning.
    char* bytes = reinterpret_cast<char*>(tensor.data() + tensor.size()) - (entry.end - entry.begin);
    source.read(data + entry.begin, bytes, entry.end - entry.begin);
    digest.Add({bytes, entry.end - entry.begin});
    Widen(bytes, entry.storage, tensor);
    if (entry.storage != Storage::kF32) content.storage[entry.name] = entry.storage;
    content.tensors.emplace_back(entry.name, std::move(tensor));
  }
  if (digests == Digests::kVerified && digits && *digits != digest.Digits()) {
    source.Bad("damaged: it has changed since it was written");
  }
  return content;
}

// What smaller types hold of floats.
std::string Narrowed(const Tensor& tensor, Storage storage) {
  std::string bytes(tensor.size() * TypeOf(storage).bytes, '\0');
  for (size_t i = 0; i < tensor.size() && storage == Storage::kBF16; ++i) {
    const uint16_t half = static_cast<uint16_t>(std::bit_cast<uint32_t>(tensor[i]) >> 16);
    std::memcpy(bytes.data() + 2 * i, &half, sizeof(half));
  }
  for (size_t i = 0; i < tensor.size() && storage == Storage::kI8; ++i) {
    bytes[i] = static_cast<char>(static_cast<signed char>(tensor[i]));
  }
  return bytes;
}

// The arrays as they are stored, one after another.
void ForEachArray(const Safetensors& content, const std::function<void(std::string_view)>& take) {
  for (const auto& [name, tensor] : content.tensors) {
    const Storage storage = StorageOf(content, name);
    if (storage == Storage::kF32) {
      take({reinterpret_cast<const char*>(tensor.data()), tensor.size() * sizeof(Real)});
    } else {
      take(Narrowed(tensor, storage));
    }
  }
}

// The length and the header, padded with spaces to whole vectors as the format's own writers do.
std::string SerializeHeader(const Safetensors& content) {
  Require(!content.metadata.contains(kDigest), "write tensors", Quoted(kDigest), "made by the writer", "given");
  Json json = {{kMetadata, content.metadata}};
  json[kMetadata][kDigest] = kDigestKind + kNoDigits;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : content.tensors) {
    Require(!name.empty() && !json.contains(name) && name != kMetadata, "write tensors", "a name", "unique", Quoted(name));
    Require(tensor.size() > 0 && tensor.rank() > 0, "write tensors", Quoted(name), "of at least one dimension and element",
            tensor.shape().ToString());
    Json shape = Json::array();
    for (size_t i = 0; i < tensor.rank(); ++i) shape.push_back(tensor.dim(i));
    const StorageType& type = TypeOf(StorageOf(content, name));
    const uint64_t end = offset + tensor.size() * type.bytes;
    json[name] = {{"dtype", type.name}, {"shape", shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string header = DumpJson(json, "the description");
  header.resize((header.size() + 63) / 64 * 64, ' ');
  if (header.size() > kMostSafetensorsHeader) {
    Fail("write tensors", "the description", "at most 32 MiB as JSON", std::to_string(header.size()) + " bytes");
  }
  const uint64_t length = header.size();
  Digest digest;
  digest.Add(LengthBytes(length));
  digest.Add(header);
  ForEachArray(content, [&](std::string_view bytes) { digest.Add(bytes); });
  header.replace(header.find(kDigestInHeader) + kDigestInHeader.size(), kNoDigits.size(), digest.Digits());
  return std::string(LengthBytes(length)) + header;
}

}  // namespace

Storage StorageOf(const Safetensors& content, const std::string& name) {
  const auto found = content.storage.find(name);
  return found == content.storage.end() ? Storage::kF32 : found->second;
}

const Tensor& FindTensor(const NamedTensors& tensors, std::string_view name) {
  for (const auto& [each, tensor] : tensors) {
    if (each == name) return tensor;
  }
  Fail("stored tensors", Quoted(name), "there", "missing");
}

std::string TakeMetadata(Safetensors& content, const std::string& key) {
  const auto node = content.metadata.extract(key);
  return node.empty() ? std::string() : node.mapped();
}

void RequireNoMetadata(const Safetensors& content, const std::string& file, const std::string& expected) {
  if (content.metadata.empty()) return;
  Fail("read", file, expected, "broken: its metadata " + Quoted(content.metadata.begin()->first) + " are unknown");
}

Safetensors ParseSafetensors(std::string_view bytes, const std::string& expected, Digests digests) {
  const auto read = [&](uint64_t offset, void* to, size_t count) { std::memcpy(to, bytes.data() + offset, count); };
  return Parse({bytes.size(), read, "the file", expected}, digests);
}

Safetensors ReadSafetensors(const std::string& path, const std::string& expected) {
  const InputFile file(path, expected);
  const auto read = [&](uint64_t offset, void* to, size_t count) { file.Read(offset, to, count); };
  try {
    return Parse({file.size(), read, path, expected}, Digests::kVerified);
  } catch (const std::bad_alloc&) {
    Fail("read", path, "a file that fits into memory", "of " + std::to_string(file.size()) + " bytes");
  }
}

std::string SerializeSafetensors(const Safetensors& content) {
  std::string bytes = SerializeHeader(content);
  ForEachArray(content, [&](std::string_view array) { bytes += array; });
  return bytes;
}

void WriteSafetensors(const std::string& path, const Safetensors& content) {
  AtomicFile file(path);
  file.Write(SerializeHeader(content));
  ForEachArray(content, [&](std::string_view array) { file.Write(array); });
  file.Commit();
}

}  // namespace eddy
