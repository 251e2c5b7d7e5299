#include "model/safetensors.h"

#include <bit>
#include <cstring>
#include <limits>

#include "model/temporary_directory.h"

namespace eddy {
namespace safetensors_test {

// A file from a header text and a number of data bytes.
std::string FileOf(const std::string& header, size_t data) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(data, '\0');
}

std::string Tensor1(const std::string& shape, const std::string& offsets, const std::string& dtype = "F32") {
  return "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
}

std::string ParseError(const std::string& bytes) {
  return ErrorOf([&] { ParseSafetensors(bytes, "tensors"); });
}

#define EXPECT_REFUSED(bytes, part) EXPECT_NE(ParseError(bytes).find(part), std::string::npos) << ParseError(bytes)

Safetensors Example() {
  const Real values[] = {1, -2, 3.5f, 1e-38f, 5, std::numeric_limits<Real>::infinity()};
  return {{{"key", "text with \"quotes\" and \xc3\xa9"}},
          {{"layer.W", Tensor::From({2, 3}, values)}, {"b", Tensor::From({1}, std::span(values).first(1))}}};
}

TEST(Safetensors, come_back_as_they_were_written) {
  const Safetensors written = Example();
  const Safetensors read = ParseSafetensors(SerializeSafetensors(written), "tensors");
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.tensors[i].first, written.tensors[i].first);
    const Tensor &a = read.tensors[i].second, &b = written.tensors[i].second;
    ASSERT_EQ(a.shape(), b.shape());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)), 0);
  }
}

TEST(Safetensors, smaller_types_hold_what_fits_them) {
  const Real halves[] = {1, -2.5f, 1e-38f}, whole[] = {127, -127, 0, 5, -1};
  Safetensors written;
  written.tensors = {{"h", Tensor::From({3}, halves)}, {"i", Tensor::From({5, 1}, whole)}, {"f", Tensor::From({3}, halves)}};
  written.storage = {{"h", Storage::kBF16}, {"i", Storage::kI8}};
  written.tensors[0].second[2] = std::bit_cast<float>(0x00810000u);
  const std::string bytes = SerializeSafetensors(written);
  const Safetensors read = ParseSafetensors(bytes, "tensors");
  EXPECT_EQ(read.storage, written.storage);
  for (size_t i = 0; i < 3; ++i) {
    const Tensor &a = read.tensors[i].second, &b = written.tensors[i].second;
    ASSERT_EQ(a.shape(), b.shape());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)), 0) << i;
  }
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_NE(ParseError(bytes.substr(0, size)), "") << size;
  EXPECT_REFUSED(FileOf(Tensor1("[2]", "[0,3]", "BF16"), 3), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[2]", "[0,8]", "I8"), 8), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[2]", "[0,4]", "F16"), 4), "is not of type F32, BF16 or I8");
}

TEST(Safetensors, a_file_holds_the_same_bytes_as_memory) {
  const TemporaryDirectory directory;
  WriteSafetensors(directory / "a", Example());
  EXPECT_EQ(ReadText(directory / "a"), SerializeSafetensors(Example()));
  EXPECT_EQ(ReadSafetensors(directory / "a", "tensors").tensors.size(), 2u);
}

TEST(Safetensors, every_truncation_is_an_error) {
  const std::string whole = SerializeSafetensors(Example());
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_NE(ParseError(whole.substr(0, size)), "") << size;
  EXPECT_REFUSED(whole + "x", "longer than its header says");
}

TEST(Safetensors, a_changed_byte_never_crashes) {
  const std::string whole = SerializeSafetensors(Example());
  for (size_t i = 0; i < whole.size(); ++i) {
    for (int flip : {1, 2, 0x20, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      ErrorOf([&] { ParseSafetensors(bytes, "tensors", Digests::kIgnored); });
    }
  }
}

TEST(Safetensors, a_digest_is_verified_where_there_is_one_and_a_file_without_one_is_read) {
  const std::string whole = SerializeSafetensors(Example());
  const size_t place = whole.find("\"digest\":\"xxh3-128:");
  ASSERT_NE(place, std::string::npos);
  std::string data = whole, digest = whole, kind = whole;
  data.back() ^= 1;
  EXPECT_REFUSED(data, "must be tensors, but is damaged: it has changed since it was written");
  EXPECT_EQ(ErrorOf([&] { ParseSafetensors(data, "tensors", Digests::kIgnored); }), "");
  digest[place + 20] = digest[place + 20] == '0' ? '1' : '0';
  EXPECT_REFUSED(digest, "damaged");
  kind[place + 10] = 'y';
  EXPECT_REFUSED(kind, "its digest is not of the kind \"xxh3-128:\"");
  EXPECT_EQ(ParseError(FileOf(Tensor1("[2]", "[0,8]"), 8)), "");
  EXPECT_ERROR(SerializeSafetensors({{{"digest", "0"}}, {}}), "\"digest\" must be made by the writer");
}

// The same text as the digest's place, in a text before it.
TEST(Safetensors, a_text_that_looks_like_a_digest_is_a_text) {
  Safetensors content = Example();
  content.metadata["a"] = "\"digest\":\"xxh3-128:00000000000000000000000000000000\"";
  const std::string bytes = SerializeSafetensors(content);
  EXPECT_EQ(ParseSafetensors(bytes, "tensors").metadata, content.metadata);
}

// Were any step quadratic in the number of tensors, this would take many minutes.
TEST(Safetensors, many_tensors_take_no_longer_each_than_few) {
  Safetensors content;
  for (size_t i = 0; i < 100000; ++i) content.tensors.emplace_back("t" + std::to_string(i), Tensor({1}));
  EXPECT_EQ(ParseSafetensors(SerializeSafetensors(content), "tensors").tensors.size(), content.tensors.size());
}

TEST(Safetensors, hostile_headers_are_errors) {
  EXPECT_REFUSED("", "empty");
  EXPECT_REFUSED("abc", "too short");
  EXPECT_REFUSED("It is a truth universally acknowledged", "something else");
  EXPECT_REFUSED(std::string(8, '\xff') + "{}", "something else");
  EXPECT_REFUSED(std::string("\x10\0\0\0\0\0\0\0{}", 10), "cut short");
  EXPECT_REFUSED(FileOf("", 0), "something else");
  EXPECT_REFUSED(FileOf("[]", 0), "something else");
  EXPECT_REFUSED(FileOf("{\"a\":1}", 0), "not described");
  EXPECT_REFUSED(FileOf("{\"a\":{}}", 0), "not of type F32");
  EXPECT_REFUSED(FileOf("{\"__metadata__\":[]}", 0), "its metadata");
  EXPECT_REFUSED(FileOf("{\"__metadata__\":{\"a\":1}}", 0), "its metadata \"a\"");
  EXPECT_REFUSED(FileOf("{\"a\":" + std::string(1000, '['), 0), "nested");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[0,4]").substr(0, 20), 4), "JSON text");
}

TEST(Safetensors, hostile_shapes_and_offsets_are_errors) {
  EXPECT_EQ(ParseError(FileOf(Tensor1("[2,1]", "[0,8]"), 8)), "");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[0,8]", "F64"), 8), "F32");
  EXPECT_REFUSED(FileOf(Tensor1("[2]", "[0,4]"), 4), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[0]", "[0,0]"), 0), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[0,3]"), 3), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[]", "[0,4]"), 4), "no proper shape");
  EXPECT_REFUSED(FileOf(Tensor1("[1,1,1,1,1]", "[0,4]"), 4), "no proper shape");
  EXPECT_REFUSED(FileOf(Tensor1("[-1]", "[0,4]"), 4), "a wrong number in its shape");
  EXPECT_REFUSED(FileOf(Tensor1("[1.0]", "[0,4]"), 4), "a wrong number in its shape");
  EXPECT_REFUSED(FileOf(Tensor1("[1e30]", "[0,4]"), 4), "a wrong number in its shape");
  EXPECT_REFUSED(FileOf(Tensor1("\"1\"", "[0,4]"), 4), "no proper shape");
  EXPECT_REFUSED(FileOf(Tensor1("[4294967296,4294967296]", "[0,4]"), 4), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[9223372036854775808,2]", "[0,4]"), 4), "a shape unlike its size");
  EXPECT_REFUSED(FileOf(Tensor1("[1000000000000]", "[0,4000000000000]"), 4), "outside the file");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[4,0]"), 4), "outside the file");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[0,18446744073709551615]"), 4), "outside the file");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[0]"), 4), "no proper data_offsets");
  EXPECT_REFUSED(FileOf(Tensor1("[1]", "[4,8]"), 8), "leaves a gap");
  EXPECT_REFUSED(FileOf(Tensor1("[40]", "[0,160]"), 80), "cut short");
}

TEST(Safetensors, overlaps_gaps_and_repeated_names_are_errors) {
  const auto two = [](const std::string& name, const std::string& offsets) {
    return "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"" + name +
           "\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + offsets + "}}";
  };
  EXPECT_EQ(ParseError(FileOf(two("b", "[8,16]"), 16)), "");
  EXPECT_REFUSED(FileOf(two("b", "[4,12]"), 12), "overlaps");
  EXPECT_REFUSED(FileOf(two("b", "[0,8]"), 8), "overlaps");
  EXPECT_REFUSED(FileOf(two("b", "[12,20]"), 20), "leaves a gap");
  EXPECT_REFUSED(FileOf(two("a", "[8,16]"), 16), "\"a\" twice");
}

TEST(Safetensors, what_the_reader_would_refuse_is_not_written) {
  const Tensor one({1});
  EXPECT_ERROR(SerializeSafetensors({{}, {{"a", one}, {"a", one}}}), "unique");
  EXPECT_ERROR(SerializeSafetensors({{}, {{"", one}}}), "unique");
  EXPECT_ERROR(SerializeSafetensors({{}, {{"__metadata__", one}}}), "unique");
  EXPECT_ERROR(SerializeSafetensors({{}, {{"a", Tensor()}}}), "at least one dimension");
  EXPECT_ERROR(SerializeSafetensors({{}, {{"\xff", one}}}), "UTF-8");
  EXPECT_ERROR(SerializeSafetensors({{{"a", "\xff"}}, {}}), "UTF-8");
}

TEST(Safetensors, files_that_cannot_be_read_are_errors) {
  const TemporaryDirectory directory;
  EXPECT_ERROR(ReadSafetensors(directory / "missing", "tensors"), "No such file");
  EXPECT_ERROR(ReadSafetensors(directory / "", "tensors"), "a directory");
  EXPECT_ERROR(ReadSafetensors("/dev/zero", "tensors"), "not a regular file");
  WriteText(directory / "empty", "");
  EXPECT_ERROR(ReadSafetensors(directory / "empty", "tensors"), "must be tensors, but is empty");
}

// Sparse files cost nothing to make: their size alone must not make the reader allocate.
TEST(Safetensors, a_sparse_file_of_a_terabyte_is_refused_at_once) {
  const TemporaryDirectory directory;
  WriteText(directory / "sparse", "");
  std::error_code error;
  std::filesystem::resize_file(directory / "sparse", uintmax_t{1} << 40, error);
  if (error) GTEST_SKIP() << "no sparse files here";
  EXPECT_ERROR(ReadSafetensors(directory / "sparse", "tensors"), "something else");
}

}  // namespace safetensors_test
}  // namespace eddy
