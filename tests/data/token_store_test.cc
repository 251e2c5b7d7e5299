#include "data/token_store.h"

#include <gtest/gtest.h>

namespace eddy {
namespace token_store_test {

TEST(TokenStore, an_id_takes_as_many_bytes_as_the_largest_needs) {
  for (const auto& [vocabulary, width] :
       std::vector<std::pair<size_t, size_t>>{{2, 1}, {256, 1}, {257, 2}, {65'536, 2}, {65'537, 4}, {size_t{1} << 31, 4}}) {
    TokenStore tokens(vocabulary);
    EXPECT_TRUE(tokens.empty());
    tokens.reserve(3);
    const auto last = static_cast<int32_t>(vocabulary - 1);
    for (const int32_t token : {0, last, 1}) tokens.push_back(token);
    EXPECT_EQ(tokens.bytes().size(), 3 * width) << vocabulary;
    EXPECT_EQ(tokens.Copy(), (std::vector<int32_t>{0, last, 1}));
    EXPECT_EQ(tokens.Copy(1, 2), (std::vector<int32_t>{last}));
    EXPECT_EQ(tokens, (TokenStore{0, last, 1})) << "whatever the widths";
    EXPECT_FALSE(tokens == (TokenStore{0, last}));
    EXPECT_FALSE(tokens == (TokenStore{0, last, 0}));
  }
}

}  // namespace token_store_test
}  // namespace eddy
