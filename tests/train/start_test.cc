#include "train/start.h"

#include "model/temporary_directory.h"

namespace eddy {
namespace start_test {

std::vector<Parameter*> PointersTo(std::vector<Parameter>& parameters) {
  std::vector<Parameter*> pointers;
  for (Parameter& parameter : parameters) pointers.push_back(&parameter);
  return pointers;
}

std::vector<Parameter> Network(size_t tokens, size_t hidden) {
  std::vector<Parameter> parameters;
  parameters.emplace_back("embedding.weight", Tensor({tokens, 2}));
  parameters.emplace_back("layer1.W", Tensor({hidden, 2}));
  return parameters;
}

const GrowingRows kTokens = {{"embedding.weight"}, 1};

TEST(start, weights_are_those_of_the_model_and_new_tokens_begin_as_the_pattern) {
  std::vector<Parameter> start = Network(3, 4), network = Network(5, 4);
  for (Parameter& parameter : start) {
    for (size_t i = 0; i < parameter.value.size(); ++i) parameter.value[i] = static_cast<Real>(i + 1);
  }
  StartFrom(PointersTo(network), PointersTo(start), kTokens, "m");
  const std::span<const Real> rows = network[0].value.values(), weights = network[1].value.values();
  EXPECT_EQ(std::vector<Real>(rows.begin(), rows.end()), (std::vector<Real>{1, 2, 3, 4, 5, 6, 3, 4, 3, 4}));
  EXPECT_EQ(std::vector<Real>(weights.begin(), weights.end()), (std::vector<Real>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(start, another_network_is_an_error_that_says_how_it_differs) {
  std::vector<Parameter> start = Network(3, 4), wider = Network(3, 6), fewer = Network(2, 4), other = Network(3, 4);
  other[1].name = "layer2.W";
  EXPECT_ERROR(StartFrom(PointersTo(wider), PointersTo(start), kTokens, "m"),
               "of its sizes (layer1.W [4, 2]), but is [6, 2]");
  EXPECT_ERROR(StartFrom(PointersTo(fewer), PointersTo(start), kTokens, "m"), "embedding.weight [3, 2]");
  EXPECT_ERROR(StartFrom(PointersTo(other), PointersTo(start), kTokens, "m"), "of other layers");
  other.pop_back();
  EXPECT_ERROR(StartFrom(PointersTo(other), PointersTo(start), kTokens, "m"), "of fewer");
}

}  // namespace start_test
}  // namespace eddy
