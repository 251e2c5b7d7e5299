#include <gtest/gtest.h>

#include "tasks/classify/data.h"
#include "tasks/train_options.h"

namespace eddy {
namespace held_out_test {

TEST(HeldOut, is_a_share_and_of_many_examples_no_more_than_tell_how_good_a_network_is) {
  const HeldOut held_out = {0.1, {}, 20};
  EXPECT_DOUBLE_EQ(ShareOf(held_out, 50), 0.1);
  EXPECT_DOUBLE_EQ(ShareOf(held_out, 200), 0.1);
  EXPECT_DOUBLE_EQ(ShareOf(held_out, 2000), 0.01);
}

TEST(HeldOut, is_as_much_as_was_asked_for) {
  HeldOut held_out = {0.1, {}, 20};
  ParseHeldOut("0.25", held_out);
  EXPECT_DOUBLE_EQ(ShareOf(held_out, 2000), 0.25);
}

TEST(HeldOut, is_found_again_where_it_was_less_than_the_share) {
  std::string table = "text,label\n";
  for (int i = 0; i < 100; ++i) table += "words " + std::to_string(i) + (i % 2 ? ",good\n" : ",bad\n");
  const Data data = Data::Text(table, "table.csv");
  ExampleFields fields;
  fields.text = "text";
  fields.label = "label";
  const ClassData split = LoadClassData(data, {0.1, {}, 4}, fields);
  EXPECT_EQ(split.held_out.size(), 4u);
  EXPECT_EQ(split.train.size(), 96u);
  EXPECT_EQ(InputsOf(SplitAgain(split.source, ReadExamples(data, fields)).train), InputsOf(split.train));
}

}  // namespace held_out_test
}  // namespace eddy
