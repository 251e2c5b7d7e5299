#include "model/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>
#include <optional>

#include "base/bfloat16.h"
#include "data/digest.h"
#include "eddy/error.h"
#include "model/atomic_file.h"
#include "model/input_file.h"
#include "model/json.h"
#include "model/safetensors_header.h"

namespace eddy {
namespace {

static_assert(std::endian::native == std::endian::little && sizeof(Real) == 4, "arrays are copied as they are");

// The digest among the metadata, as it stands in the header. What is digested has zeros for its digits. Quotes in a text are
// escaped, so this stands nowhere else.
const std::string kDigest = "digest", kDigestKind = "xxh3-128:";
const std::string kDigestInHeader = "\"" + kDigest + "\":\"" + kDigestKind;
const std::string kNoDigits(Digest::kDigits, '0');

constexpr StoredType kStorageTypes[] = {{"F32", 4}, {"BF16", 2}, {"I8", 1}};  // by Storage
constexpr SafetensorsRules kRules = {kStorageTypes, "F32, BF16 or I8", 1, Shape::kMostDims, false};

const StoredType& TypeOf(Storage storage) { return kStorageTypes[static_cast<size_t>(storage)]; }

Storage StorageFrom(std::string_view type) {
  size_t i = 0;
  while (kStorageTypes[i].name != type) ++i;
  return static_cast<Storage>(i);
}

void Widen(const char* bytes, Storage storage, const Tensor& tensor) {
  for (size_t i = 0; i < tensor.size() && storage == Storage::kBF16; ++i) {
    uint16_t half;
    std::memcpy(&half, bytes + 2 * i, sizeof(half));
    tensor[i] = FromBfloat16(half);
  }
  for (size_t i = 0; i < tensor.size() && storage == Storage::kI8; ++i) {
    tensor[i] = static_cast<Real>(static_cast<signed char>(bytes[i]));
  }
}

// The digits in the header, which become zeros. Nothing where there is no digest among the metadata.
std::optional<std::string> TakeDigits(const ByteSource& source, std::map<std::string, std::string>& metadata,
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

std::string_view LengthBytes(const uint64_t& length) {
  return {reinterpret_cast<const char*>(&length), kSafetensorsLengthBytes};
}

Safetensors Parse(const ByteSource& source, Digests digests) {
  SafetensorsHeader header = ParseSafetensorsHeader(source, kRules);
  Safetensors content;
  content.metadata = std::move(header.metadata);
  const uint64_t length = header.text.size();
  const std::optional<std::string> digits = TakeDigits(source, content.metadata, header.text);
  Digest digest;
  digest.Add(LengthBytes(length));
  digest.Add(header.text);
  for (const StoredArray& array : header.arrays) {
    const Storage storage = StorageFrom(array.type);
    Tensor tensor = Tensor::Uninitialized(ShapeOf(array));
    // A smaller type is read into the end of the array, and spread out from its beginning.
    char* bytes = reinterpret_cast<char*>(tensor.data() + tensor.size()) - (array.end - array.begin);
    source.read(array.begin, bytes, array.end - array.begin);
    digest.Add({bytes, array.end - array.begin});
    Widen(bytes, storage, tensor);
    if (storage != Storage::kF32) content.storage[array.name] = storage;
    content.tensors.emplace_back(array.name, std::move(tensor));
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
    const uint16_t half = ToBfloat16(tensor[i]);
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
    const StoredType& type = TypeOf(StorageOf(content, name));
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
  return Parse(SourceOf(bytes, expected), digests);
}

Safetensors ReadSafetensors(const std::string& path, const std::string& expected) {
  const InputFile file(path, expected);
  try {
    return Parse(SourceOf(file, path, expected), Digests::kVerified);
  } catch (const std::bad_alloc&) {
    FailForMemory(file, path);
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
