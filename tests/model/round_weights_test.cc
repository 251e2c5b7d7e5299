#include "model/round_weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "eddy/random.h"
#include "model/model_file.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace round_weights_test {

Parameter RandomMatrix(size_t rows, size_t cols) {
  Random random(3);
  Tensor values({rows, cols});
  for (Real& value : values.values()) value = static_cast<Real>(random.Normal());
  return {"m", values};
}

bool SameBits(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
}

class RoundWeightsTest : public testing::TestWithParam<Precision> {};

TEST_P(RoundWeightsTest, rounding_twice_changes_nothing_more) {
  Parameter matrix = RandomMatrix(7, 2100);
  for (size_t i = 0; i < 2100; ++i) matrix.value[i] = 0;  // a row of zeros
  Parameter* const parameters[] = {&matrix};
  const Tensor before = matrix.value.Clone();
  RoundWeights(parameters, GetParam());
  const Tensor once = matrix.value.Clone();
  RoundWeights(parameters, GetParam());
  double difference = 0, again = 0;
  for (size_t i = 0; i < once.size(); ++i) {
    difference = std::max(difference, std::abs(double{once[i]} - double{before[i]}));
    again = std::max(again, std::abs(double{matrix.value[i]} - double{once[i]}));
  }
  EXPECT_GT(difference, 1e-3);
  EXPECT_LT(difference, 5.0 / 127 / 2 + 1e-6);
  EXPECT_LT(again, 1e-6);
}

TEST_P(RoundWeightsTest, a_model_comes_back_as_it_was_rounded) {
  Parameter matrix = RandomMatrix(5, 1500), bias = {"b", RandomMatrix(1, 9).value.Reshape({9})};
  Parameter* const parameters[] = {&matrix, &bias};
  RoundWeights(parameters, GetParam());
  Model model;
  model.task = "text";
  model.description = Json::object();
  model.precision = GetParam();
  StoreNetwork(
      parameters, Tensor({1}), [](const Tensor& input) { return input; }, model);
  const Model read = ParseModel(SerializeModel(model));
  EXPECT_EQ(read.precision, GetParam());
  ASSERT_EQ(read.tensors.size(), 2u);
  EXPECT_TRUE(SameBits(FindTensor(read, "b"), bias.value));
  const Tensor& m = FindTensor(read, "m");
  ASSERT_EQ(m.shape(), matrix.value.shape());
  for (size_t i = 0; i < m.size(); ++i) ASSERT_NEAR(m[i], matrix.value[i], 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Precisions, RoundWeightsTest, testing::Values(Precision::kBfloat16, Precision::kInt8),
                         [](const auto& info) { return std::string(PrecisionName(info.param)); });

TEST(RoundWeights, scales_that_are_missing_or_do_not_fit_are_refused) {
  Safetensors content;
  content.tensors = {{"m", RandomMatrix(2, 3).value}};
  content.storage = {{"m", Storage::kI8}};
  EXPECT_NE(ErrorOf([&] { RestoreMatrices(content); }).find("\"m.scale\""), std::string::npos);
  content.tensors.emplace_back("m.scale", Tensor({3, 1}));
  EXPECT_NE(ErrorOf([&] { RestoreMatrices(content); }).find("of shape [2, 1]"), std::string::npos);
  content.tensors[0].second = Tensor({6});
  EXPECT_NE(ErrorOf([&] { RestoreMatrices(content); }).find("a matrix"), std::string::npos);
}

}  // namespace round_weights_test
}  // namespace eddy
