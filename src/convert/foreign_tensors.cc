#include "convert/foreign_tensors.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "model/input_file.h"
#include "model/safetensors_header.h"

namespace eddy {
namespace {

const std::string kExpected = "a safetensors file";

double FromHalf(uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const double sign = half >> 15 ? -1 : 1;
  if (exponent == 31) {
    return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

template <class Stored>
void Convert(const std::string& bytes, const Tensor& tensor, double (*value)(Stored)) {
  for (size_t i = 0; i < tensor.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    tensor[i] = static_cast<Real>(value(stored));
  }
}

Tensor ReadArray(const ByteSource& source, const StoredArray& array) {
  const Tensor tensor = Tensor::Uninitialized(ShapeOf(array));
  std::string bytes(array.end - array.begin, '\0');
  source.read(array.begin, bytes.data(), bytes.size());
  if (array.type == "F64") {
    Convert<double>(bytes, tensor, [](double value) { return value; });
  } else if (array.type == "F16") {
    Convert<uint16_t>(bytes, tensor, FromHalf);
  } else if (array.type == "BF16") {
    Convert<uint16_t>(bytes, tensor, [](uint16_t value) { return double{std::bit_cast<float>(uint32_t{value} << 16)}; });
  } else {
    std::memcpy(tensor.data(), bytes.data(), bytes.size());
  }
  return tensor;
}

bool IsRead(const StoredArray& array) {
  const bool floats = array.type == "F32" || array.type == "F64" || array.type == "F16" || array.type == "BF16";
  return floats && array.shape.size() <= Shape::kMostDims && array.begin < array.end;
}

std::string Described(const StoredArray& array) {
  std::string type = array.type;
  if (array.begin == array.end) type += ", empty";
  if (array.shape.size() > Shape::kMostDims) type += ", " + std::to_string(array.shape.size()) + " dimensions";
  return array.name + " (" + type + ")";
}

ForeignTensors Parse(const ByteSource& source) {
  const SafetensorsHeader header = ParseSafetensorsHeader(source, AnySafetensors());
  ForeignTensors content;
  for (const StoredArray& array : header.arrays) {
    if (IsRead(array)) {
      content.tensors.emplace_back(array.name, ReadArray(source, array));
    } else {
      content.others.push_back(Described(array));
    }
  }
  return content;
}

}  // namespace

ForeignTensors ReadForeignTensors(const std::string& path) {
  const InputFile file(path, kExpected);
  try {
    return Parse(SourceOf(file, path, kExpected));
  } catch (const std::bad_alloc&) {
    FailForMemory(file, path);
  }
}

ForeignTensors ParseForeignTensors(std::string_view bytes) { return Parse(SourceOf(bytes, kExpected)); }

}  // namespace eddy
