// MATLAB files of version 5, as far as piano rolls need them: cells of arrays of numbers.
#include <zlib.h>

#include <cstring>

#include "eddy/error.h"
#include "tasks/compose/rolls.h"

namespace eddy {
namespace {

constexpr size_t kHeaderBytes = 128;
constexpr size_t kMostBytes = size_t{1} << 30;  // of what an element is inflated to
constexpr uint32_t kMatrix = 14, kCompressed = 15;
constexpr uint8_t kCells = 1, kDoubles = 6;

struct Element {
  uint32_t type = 0;
  std::string_view bytes;
};

class MatReader {
 public:
  MatReader(std::string_view bytes, std::string_view source) : bytes_(bytes), source_(source) {}

  bool done() const { return bytes_.size() < 8; }

  // Elements stand on multiples of 8 bytes, but for compressed ones.
  Element Next() {
    uint32_t type = Word(0);
    size_t size = Word(4), begin = 8;
    if (type >> 16 != 0) {  // a small one, in the four bytes behind its type and size
      size = type >> 16;
      type &= 0xFFFF;
      begin = 4;
      Check(size <= 4, "small elements of at most 4 bytes");
    }
    Check(begin + size <= bytes_.size(), "whole elements");
    const Element element{type, bytes_.substr(begin, size)};
    const size_t end = begin + size;
    bytes_.remove_prefix(std::min(bytes_.size(), type == kCompressed ? end : (end + 7) / 8 * 8));
    return element;
  }
  Element Next(std::string_view what) {
    Check(!done(), what);
    return Next();
  }
  void Check(bool holds, std::string_view expected) const {
    Require(holds, "read music", std::string(source_), "a MATLAB file of " + std::string(expected), "something else");
  }
  std::string_view source() const { return source_; }

 private:
  uint32_t Word(size_t at) const {
    Check(at + 4 <= bytes_.size(), "whole elements");
    uint32_t word = 0;
    for (size_t i = 4; i-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes_[at + i]);
    return word;
  }

  std::string_view bytes_, source_;
};

std::string Inflate(std::string_view bytes, const MatReader& reader) {
  z_stream stream = {};
  reader.Check(inflateInit(&stream) == Z_OK, "compressed elements");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  int code = Z_OK;
  while (code == Z_OK && out.size() < kMostBytes) {
    const size_t before = out.size();
    out.resize(before + (size_t{1} << 16));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = 1 << 16;
    code = inflate(&stream, Z_NO_FLUSH);
    out.erase(out.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  reader.Check(code == Z_STREAM_END, "compressed elements that are whole");
  return out;
}

// Numbers in the type in which they are stored.
double NumberAt(const Element& element, size_t i, const MatReader& reader) {
  const auto as = [&](auto number) {
    std::memcpy(&number, element.bytes.data() + i * sizeof(number), sizeof(number));
    return static_cast<double>(number);
  };
  switch (element.type) {
    case 1:
      return as(int8_t{});
    case 2:
      return as(uint8_t{});
    case 3:
      return as(int16_t{});
    case 4:
      return as(uint16_t{});
    case 5:
      return as(int32_t{});
    case 6:
      return as(uint32_t{});
    case 7:
      return as(float{});
    case 9:
      return as(double{});
    default:
      reader.Check(false, "arrays of numbers");
  }
  return 0;
}

size_t SizeOf(uint32_t type) { return type == 9 ? 8 : type >= 5 && type <= 7 ? 4 : type == 3 || type == 4 ? 2 : 1; }

struct Matrix {
  uint8_t kind = 0;
  std::vector<size_t> dims;
  std::string_view name;
  MatReader rest;  // what it holds
};

Matrix ReadMatrix(const Element& element, const MatReader& outer) {
  outer.Check(element.type == kMatrix, "arrays");
  MatReader reader(element.bytes, outer.source());
  const Element flags = reader.Next("arrays with flags"), dims = reader.Next("arrays with dimensions"),
                name = reader.Next("arrays with a name");
  reader.Check(flags.bytes.size() >= 4 && dims.type == 5 && dims.bytes.size() % 4 == 0, "arrays with dimensions");
  Matrix matrix{static_cast<uint8_t>(flags.bytes[0]), {}, name.bytes, reader};
  for (size_t i = 0; i < dims.bytes.size() / 4; ++i) {
    const double size = NumberAt(dims, i, reader);
    reader.Check(size >= 0, "arrays with dimensions");
    matrix.dims.push_back(static_cast<size_t>(size));
  }
  return matrix;
}

// [frames, 88] of 0 and 1, columns one after another.
PianoRoll RollOf(Matrix matrix) {
  MatReader& reader = matrix.rest;
  reader.Check(
      matrix.kind == kDoubles && matrix.dims.size() == 2 && matrix.dims[1] == kPianoKeys && matrix.dims[0] <= kMostFrames,
      "cells of arrays of 88 columns");
  const size_t frames = matrix.dims[0];
  const Element numbers = reader.Next("arrays of numbers");
  reader.Check(numbers.bytes.size() / SizeOf(numbers.type) == frames * kPianoKeys, "whole arrays of numbers");
  PianoRoll roll(frames);
  for (size_t key = 0; key < kPianoKeys; ++key) {
    for (size_t f = 0; f < frames; ++f) {
      const double number = NumberAt(numbers, key * frames + f, reader);
      reader.Check(number == 0 || number == 1, "arrays of 0 and 1");
      if (number == 1) roll[f].push_back(static_cast<uint8_t>(kLowestKey + key));
    }
  }
  return roll;
}

}  // namespace

bool IsMatRolls(std::string_view bytes) { return bytes.starts_with("MATLAB 5.0"); }

std::vector<RollPart> ParseMatRolls(std::string_view bytes, std::string_view source) {
  const MatReader whole(bytes, source);
  whole.Check(bytes.size() >= kHeaderBytes && bytes.substr(126, 2) == "IM", "version 5, little-endian");
  std::vector<RollPart> parts(3);
  parts[0].name = "train";
  parts[1].name = "valid";
  parts[2].name = "test";
  for (MatReader reader(bytes.substr(kHeaderBytes), source); !reader.done();) {
    Element element = reader.Next();
    std::string inflated;
    if (element.type == kCompressed) {
      inflated = Inflate(element.bytes, reader);
      element = MatReader(inflated, source).Next("compressed elements");
    }
    if (element.type != kMatrix) continue;
    Matrix matrix = ReadMatrix(element, reader);
    for (RollPart& part : parts) {
      if (matrix.name != part.name + "data") continue;
      reader.Check(matrix.kind == kCells && part.rolls.empty(), "cells traindata, validdata and testdata");
      while (!matrix.rest.done()) part.rolls.push_back(RollOf(ReadMatrix(matrix.rest.Next(), matrix.rest)));
    }
  }
  whole.Check(!parts[0].rolls.empty(), "cells traindata, validdata and testdata");
  return parts;
}

}  // namespace eddy
