#include "train/checkpoint.h"

#include <filesystem>
#include <set>

#include "eddy/error.h"

namespace eddy {
namespace {

const std::string kExpected = "a training checkpoint";
constexpr std::string_view kFormat = "eddy-checkpoint";
constexpr std::string_view kVersion = "2";

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
  Require(version == kVersion, "read", file, "of format version 2", "of version " + Quoted(version));
  Fingerprint fingerprint;
  const Json stored = TakeObject(content, "fingerprint", file);
  for (const auto& [name, value] : stored.items()) {
    Require(value.is_string(), "read", "the fingerprint in " + file, "of texts", value.type_name());
    fingerprint.emplace(name, value.get<std::string>());
  }
  Json state = TakeObject(content, "state", file);
  RequireNoMetadata(content, file, kExpected);
  return {std::move(fingerprint), std::move(state), std::move(content.tensors)};
}

std::string ValueOrNothing(const Fingerprint& fingerprint, const std::string& key) {
  const auto found = fingerprint.find(key);
  return found == fingerprint.end() ? "nothing" : found->second;
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

Fingerprint FlatFingerprint(const Json& object) {
  Fingerprint fingerprint;
  const Json flat = object.flatten();
  for (const auto& [way, value] : flat.items()) {
    fingerprint.emplace(way.substr(way.empty() ? 0 : 1), DumpJson(value, "the fingerprint"));
  }
  return fingerprint;
}

std::string Differences(const Fingerprint& there, const Fingerprint& here) {
  std::set<std::string> keys;
  for (const Fingerprint* each : {&there, &here}) {
    for (const auto& entry : *each) keys.insert(entry.first);
  }
  std::string differences;
  for (const std::string& key : keys) {
    const std::string was = ValueOrNothing(there, key), is = ValueOrNothing(here, key);
    if (was == is) continue;
    differences += (differences.empty() ? "" : ", ") + Quoted(key) + " " + is + " (there " + was + ")";
  }
  return differences;
}

void RequireSameFingerprint(const Fingerprint& of_checkpoint, const Fingerprint& of_run) {
  const std::string differences = Differences(of_checkpoint, of_run);
  if (!differences.empty()) Fail("resume", "the options and data", "those of the checkpoint", "different: " + differences);
}

}  // namespace eddy
