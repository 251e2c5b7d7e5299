#include "data/digest.h"

#include <gtest/gtest.h>

namespace eddy {
namespace digest_test {

TEST(Digest, is_the_published_hash) {  // XXH3 of 128 bits, of nothing and of "a", as xxhsum -H2 prints them
  EXPECT_EQ(DigestOf(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(DigestOf("a"), "a96faf705af16834e6c632b61e964e1f");
  EXPECT_EQ(HashOfPiece(""), 0x2d06800538d394c2u);  // of 64 bits
}

TEST(Digest, of_parts_is_that_of_the_whole) {
  Digest digest;
  digest.Add("ab");
  digest.Add("c");
  EXPECT_EQ(digest.Digits(), DigestOf("abc"));
  EXPECT_NE(DigestOf("ab"), DigestOf("ba"));
}

}  // namespace digest_test
}  // namespace eddy
