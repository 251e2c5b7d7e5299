#include "tasks/transcribe/subtitles.h"

#include <gtest/gtest.h>

namespace eddy {
namespace subtitles_test {

TEST(subtitles, of_words_are_cut_at_pauses) {
  const std::vector<SpokenWord> words = {{"yes", 0.5, 0.9, 0.9}, {"no", 1.0, 1.25, 0.8}, {"maybe", 3601.0, 3601.5, 0.5}};
  EXPECT_EQ(MakeSrt(words), "1\n00:00:00,500 --> 00:00:01,250\nyes no\n\n2\n01:00:01,000 --> 01:00:01,500\nmaybe\n\n");
  EXPECT_EQ(MakeVtt(words).substr(0, 44), "WEBVTT\n\n00:00:00.500 --> 00:00:01.250\nyes no");
  EXPECT_EQ(MakeCtm({words[1]}, "talk"), "talk 1 1.00 0.25 no 0.800\n");
  EXPECT_EQ(MakeSrt({}), "");
}

}  // namespace subtitles_test
}  // namespace eddy
