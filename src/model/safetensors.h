// The safetensors format: named arrays in a file that runs no code when it is read. Layout, little-endian:
//     8 bytes     N, the length of the header
//     N bytes     JSON {"__metadata__": {text: text}, NAME: {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}}
//     the rest    the arrays, without gaps or overlaps; offsets count from its start
// Among the metadata of what Eddy writes is a "digest" of everything else (digest.h); without one, as other programs write
// them and Eddy did, files are read all the same. Arrays are F32, BF16 or I8 and have one to four dimensions, none of them 0
// (a scalar is written as [1]).
//
// The reader believes nothing: lengths, offsets, shapes, names and nesting are checked against the real size of the file
// before anything is allocated, so memory never exceeds a small multiple of the file. Whatever is wrong is an Error.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "eddy/tensor.h"

namespace eddy {

// How an array is stored; in memory all are floats.
enum class Storage {
  kF32,
  kBF16,  // values that are bfloat16
  kI8,    // whole numbers within +-127
};

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

struct Safetensors {
  std::map<std::string, std::string> metadata;  // but the digest
  NamedTensors tensors;                         // in the order of their data
  std::map<std::string, Storage> storage = {};  // of those that are not stored as F32
};

Storage StorageOf(const Safetensors& content, const std::string& name);

// Throws Error naming the tensor when it is missing.
const Tensor& FindTensor(const NamedTensors& tensors, std::string_view name);

// The metadata of that key, removed; empty when there are none.
std::string TakeMetadata(Safetensors& content, const std::string& key);
// Throws Error where some are left: they are unknown, or the name of a digest has changed.
void RequireNoMetadata(const Safetensors& content, const std::string& file, const std::string& expected);

// Whether what does not match its digest is refused. Bytes that a fuzzer has changed never match.
enum class Digests { kVerified, kIgnored };

// `expected` says in errors what the bytes should have been, such as "an Eddy model".
Safetensors ParseSafetensors(std::string_view bytes, const std::string& expected, Digests digests = Digests::kVerified);
Safetensors ReadSafetensors(const std::string& path, const std::string& expected);

// Refuses what the reader would refuse: a name twice or empty, an empty array, text that is not UTF-8. Values that their
// storage cannot hold are the caller's mistake.
std::string SerializeSafetensors(const Safetensors& content);
void WriteSafetensors(const std::string& path, const Safetensors& content);  // atomically

}  // namespace eddy
