#include "train/checkpoint.h"

#include <filesystem>
#include <set>

#include "eddy/error.h"

namespace eddy {
namespace {

const std::string kExpected = "a training checkpoint";
constexpr std::string_view kFormat = "eddy-checkpoint";
constexpr std::string_view kVersion = "1";

Safetensors Pack(const Checkpoint& checkpoint) {
  return {{{"format", std::string(kFormat)},
           {"format_version", std::string(kVersion)},
           {"fingerprint", DumpJson(checkpoint.fingerprint, "the fingerprint")},
           {"state", DumpJson(checkpoint.state, "the training state")}},
          checkpoint.tensors};
}

Json TakeObject(Safetensors& content, const std::string& key, const std::string& file) {
  Json json = ParseJson(TakeMetadata(content, key), "the " + key + " in " + file);
  Require(json.is_object(), "read", "the " + key + " in " + file, "an object", json.type_name());
  return json;
}

Checkpoint Unpack(Safetensors content, const std::string& file) {
  Require(TakeMetadata(content, "format") == kFormat, "read", file, kExpected, "a safetensors file of something else");
  const std::string version = TakeMetadata(content, "format_version");
  Require(version == kVersion, "read", file, "of format version 1", "of version " + Quoted(version));
  Json fingerprint = TakeObject(content, "fingerprint", file);
  Json state = TakeObject(content, "state", file);
  RequireNoMetadata(content, file, kExpected);
  return {std::move(fingerprint), std::move(state), std::move(content.tensors)};
}

std::string ValueOrNothing(const Json& flat, const std::string& key) {
  const auto found = flat.find(key);
  return found == flat.end() ? "nothing" : DumpJson(*found, "the fingerprint");
}

}  // namespace

std::string CheckpointPath(const std::string& model) { return model + ".checkpoint"; }

bool HasCheckpoint(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

void RemoveCheckpoint(const std::string& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) Fail("remove", path, "removable", error.message());
}

void SaveCheckpoint(const std::string& path, const Checkpoint& checkpoint) { WriteSafetensors(path, Pack(checkpoint)); }

std::string SerializeCheckpoint(const Checkpoint& checkpoint) { return SerializeSafetensors(Pack(checkpoint)); }

Checkpoint LoadCheckpoint(const std::string& path) { return Unpack(ReadSafetensors(path, kExpected), path); }

Checkpoint ParseCheckpoint(std::string_view bytes, Digests digests) {
  return Unpack(ParseSafetensors(bytes, kExpected, digests), "the file");
}

void RequireSameFingerprint(const Json& of_checkpoint, const Json& of_run) {
  const Json before = of_checkpoint.flatten(), now = of_run.flatten();
  std::set<std::string> keys;
  for (const Json& flat : {before, now}) {
    for (const auto& entry : flat.items()) keys.insert(entry.key());
  }
  std::string differences;
  for (const std::string& key : keys) {
    const std::string was = ValueOrNothing(before, key), is = ValueOrNothing(now, key);
    if (was != is)
      differences += (differences.empty() ? "" : ", ") + Quoted(std::string_view(key).substr(key.empty() ? 0 : 1)) + " " +
                     is + " (there " + was + ")";
  }
  if (!differences.empty()) Fail("resume", "the options and data", "those of the checkpoint", "different: " + differences);
}

std::string HashBytes(std::string_view bytes) {
  ByteHash hash;
  hash.Add(bytes);
  return hash.Digits();
}

std::string ByteHash::Digits() const {
  uint64_t hash = hash_;
  std::string digits(16, '0');
  for (size_t i = 16; i-- > 0; hash >>= 4) digits[i] = "0123456789abcdef"[hash & 15];
  return digits;
}

}  // namespace eddy
