#include "data/examples.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/class_split.h"
#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/sentence.h"
#include "data/ts_file.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace {

using Strings = std::vector<std::string>;

ExampleFields Sentences() { return {"text", {}, "label", "", true}; }
ExampleFields Numbers() { return {"", {"x", "y"}, "label", "", true}; }

std::vector<double> Values(const ExampleSet& set, size_t i) { return set.examples[i].values; }

TEST(examples, sentences_of_a_table_and_of_json_lines_are_the_same) {
  const ExampleSet table = ParseExampleTable("label,text\npos,\"good, really\"\nneg,bad\n", "t", Sentences());
  const ExampleSet lines = ParseExampleLines(
      "{\"text\": \"good, really\", \"label\": \"pos\"}\n\n{\"label\": \"neg\", \"text\": \"bad\", \"more\": [1]}", "t",
      Sentences());
  for (const ExampleSet& set : {table, lines}) {
    ASSERT_EQ(set.size(), 2u);
    EXPECT_EQ(set.examples[0].text, "good, really");
    EXPECT_EQ(set.examples[0].label, "pos");
    EXPECT_EQ(set.examples[1].text, "bad");
    EXPECT_TRUE(set.columns.empty());
  }
  EXPECT_EQ(table.examples[1].place, "t line 3");
  EXPECT_EQ(lines.examples[1].place, "t line 3");
}

TEST(examples, a_table_without_a_header_is_read_by_numbers) {
  const ExampleFields fields = {"1", {}, "2", "", false};
  const ExampleSet set = ParseExampleTable("a , b , c\t1\nd\t0\n", "t", fields, '\t');
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set.examples[0].text, "a , b , c");
  EXPECT_EQ(set.examples[0].label, "1");
}

TEST(examples, series_are_cells_of_several_numbers_arrays_or_rows) {
  ExampleFields rows = Numbers();
  rows.series = "id";
  for (const ExampleSet& set :
       {ParseExampleTable("x,y,label\n1 2 3,4 5 6,a\n7,8,b\n", "t", Numbers()),
        ParseExampleLines("{\"x\":[1,2,3],\"y\":[4,5,6],\"label\":\"a\"}\n{\"x\":7,\"y\":[8],\"label\":\"b\"}", "t",
                          Numbers()),
        ParseExampleTable("id,x,y,label\nu,1,4,a\nv,7,8,b\nu,2,5,a\nu,3,6,a\n", "t", rows)}) {
    ASSERT_EQ(set.size(), 2u);
    EXPECT_EQ(set.steps(0), 3u);
    EXPECT_EQ(Values(set, 0), (std::vector<double>{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(Values(set, 1), (std::vector<double>{7, 8}));
    EXPECT_EQ(set.examples[1].label, "b");
  }
}

TEST(examples, a_missing_value_holds_the_one_before) {
  const ExampleSet set = ParseExampleLines("{\"x\":[null,1,null],\"y\":[2,null,null],\"label\":1}\n", "t", Numbers());
  const std::vector<double> values = Values(set, 0);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(std::vector<double>(values.begin() + 1, values.end()), (std::vector<double>{2, 1, 2, 1, 2}));
  EXPECT_EQ(set.examples[0].label, "1");
  EXPECT_EQ(Values(ParseExampleTable("x,y,label\n1 NA 3,4 5 6,a\n", "t", Numbers()), 0)[2], 1);
}

TEST(examples, bad_rows_are_errors_that_name_the_place) {
  const auto table = [](const char* text, const ExampleFields& fields) { return ParseExampleTable(text, "t", fields); };
  const auto lines = [](const char* text, const ExampleFields& fields) { return ParseExampleLines(text, "t", fields); };
  EXPECT_ERROR(table("text,lable\na,b\n", Sentences()), "did you mean \"lable\"?");
  EXPECT_ERROR(table("text,label\na,b\nc,\n", Sentences()), "t line 3 must be with a label");
  EXPECT_ERROR(table("x,y,label\n1 2,3,b\n", Numbers()), "as many numbers in every column, but is of 2 and 1");
  EXPECT_ERROR(table("x,y,label\n1 2,3 z,b\n", Numbers()), "t line 2 column \"y\" must be of finite numbers");
  EXPECT_ERROR(table("x,y,label\n1,inf,b\n", Numbers()), "t line 2 column \"y\"");
  EXPECT_ERROR(table("x,y,label\n,,b\n", Numbers()), "t line 2 must be a series with a value");
  EXPECT_ERROR(lines("{\"text\":\"a\",\"label\":\"b\"}\n{\"text\":\"a\",\"labels\":\"b\"}", Sentences()), "t line 2");
  EXPECT_ERROR(lines("{\"text\":\"a\",\"labels\":\"b\"}", Sentences()), "did you mean \"labels\"?");
  EXPECT_ERROR(lines("{\"text\":\"a\",", Sentences()), "t line 1 must be a JSON object");
  EXPECT_ERROR(lines("[1]", Sentences()), "a JSON object");
  EXPECT_ERROR(lines("{\"text\":[[[[1]]]]}", Sentences()), "deeper");
  EXPECT_ERROR(lines("{\"text\":[1],\"label\":1}", Sentences()), "\"text\" must be a text, but is an array");
  EXPECT_ERROR(lines("{\"x\":[\"1\"],\"y\":[2],\"label\":1}", Numbers()), "\"x\" must be of numbers");
  EXPECT_ERROR(lines("{\"x\":[],\"y\":[],\"label\":1}", Numbers()), "with a value");
  EXPECT_ERROR(lines("\n\n", Sentences()), "with examples");
  ExampleFields rows = Numbers();
  rows.series = "id";
  EXPECT_ERROR(table("id,x,y,label\nu,1,4,a\nu,7,8,b\n", rows), "t line 3 must be labelled as its series was before, \"a\"");
  EXPECT_ERROR(table("id,x,y,label\n,1,4,a\n", rows), "name of a series");
}

TEST(examples, the_name_of_a_file_says_its_format) {
  const TemporaryDirectory directory;
  WriteText(directory / "a.jsonl", "{\"text\":\"a\\tb\",\"label\":true}\n");
  WriteText(directory / "a.tsv", "text\tlabel\na , b\ttrue\n");
  EXPECT_EQ(ReadExamples(directory / "a.jsonl", Sentences()).examples[0].label, "true");
  EXPECT_EQ(ReadExamples(directory / "a.tsv", Sentences()).examples[0].text, "a , b");
  EXPECT_ERROR(ReadExamples(directory / "none.csv", Sentences()), "an existing file");
}

constexpr const char* kTs = "#about\n@problemName p\n@timeStamps false\n@classLabel true a b\n@data\n";

TEST(examples, of_a_ts_file_have_columns_between_colons_and_a_label_at_the_end) {
  const ExampleFields fields = {"", {}, "class", "", true};
  const ExampleSet set = ParseTsFile(std::string(kTs) + "1,2,3:4,?,6:a\r\n7:8:b\n9,10:11:a\n", "t", fields);
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set.columns, (Strings{"1", "2"}));
  EXPECT_EQ(Values(set, 0), (std::vector<double>{1, 4, 2, 4, 3, 6}));
  EXPECT_EQ(Values(set, 1), (std::vector<double>{7, 8}));
  EXPECT_EQ(Values(set, 2), (std::vector<double>{9, 11, 10, 11})) << "a column that ends early holds its last value";
  EXPECT_EQ(set.examples[1].label, "b");
  EXPECT_EQ(set.examples[1].place, "t line 7");
  const ExampleFields no_label = {};
  const ExampleSet unlabelled = ParseTsFile("@classLabel false\n@data\n1,2\n", "t", no_label);
  EXPECT_EQ(Values(unlabelled, 0), (std::vector<double>{1, 2}));
}

TEST(examples, of_a_wrong_ts_file_are_an_error) {
  const ExampleFields fields = {"", {}, "class", "", true};
  const auto parse = [&](const std::string& text) { return ParseTsFile(text, "t", fields); };
  EXPECT_ERROR(parse("@timeStamps true\n@data\n"), "t line 1 must be series without time stamps");
  EXPECT_ERROR(parse("@targetLabel true\n@data\n"), "t line 1 must be classes");
  EXPECT_ERROR(parse("1,2,3\n"), "t line 1 must be a tag");
  EXPECT_ERROR(parse("@problemName p\n"), "with @data");
  EXPECT_ERROR(parse(kTs), "with examples");
  EXPECT_ERROR(parse(std::string(kTs) + "1,2\n"), "t line 6 must be with a label");
  EXPECT_ERROR(parse(std::string(kTs) + "1,x:a\n"), "t line 6 must be of finite numbers, but is with \"x\"");
  EXPECT_ERROR(parse(std::string(kTs) + ":a\n"), "t line 6 must be with numbers");
  EXPECT_ERROR(parse(std::string(kTs) + "1:2:a\n1:a\n"), "t line 7 must be of 2 columns, but is of 1");
  EXPECT_ERROR(parse(std::string(kTs) + "?:a\n"), "with a value");
  EXPECT_ERROR(parse("@data\n1\n"), "t line 2 must be with a label");
  EXPECT_ERROR(parse("\xFF"), "UTF-8");
}

TEST(examples, of_a_folder_are_the_files_of_a_folder_a_class) {
  const TemporaryDirectory directory;
  for (const char* name : {"pos", "neg", ".hidden"}) std::filesystem::create_directory(directory / name);
  WriteText(directory / "pos/b", "fine\n");
  WriteText(directory / "pos/a", "good\n");
  WriteText(directory / "neg/c", "bad\n");
  WriteText(directory / "neg/.c", "left out\n");
  const ExampleSet set = ReadExamples(directory / "", {"text", {}, "class", "", true});
  ASSERT_EQ(set.size(), 3u);
  EXPECT_EQ(set.examples[0].label, "neg");
  EXPECT_EQ(set.examples[1].text, "good\n");
  EXPECT_EQ(ReadExamples(directory / "pos", {"text", {}, "", "", true}).size(), 2u) << "without labels";
  EXPECT_ERROR(ReadExamples(directory / "pos", Sentences()), "with examples");
  EXPECT_ERROR(ReadExamples(directory / "", Numbers()), "neg/c");
  WriteText(directory / "neg/c", "y,x\n5,6\n");
  WriteText(directory / "pos/a", "x,y\n1,2\n3,4\n");
  WriteText(directory / "pos/b", "y,x\n5,6\n");
  EXPECT_EQ(Values(ReadExamples(directory / "", Numbers()), 1), (std::vector<double>{1, 2, 3, 4}));
}

TEST(classes, are_in_the_order_of_numbers_or_of_spelling) {
  const auto classes = [](const char* text) { return ClassesOf(ParseExampleTable(text, "t", Sentences())); };
  EXPECT_EQ(classes("text,label\na,10\nb,9\na,9\nb,10\n"), (Strings{"9", "10"}));
  EXPECT_EQ(classes("text,label\na,b\nb,a\na,10\na,9\nb,a\nb,a\nb,a\nb,a\n"), (Strings{"10", "9", "a", "b"}));
  EXPECT_ERROR(classes("text,label\na,x\nb,x\n"), "at least two classes, but is of \"x\" alone");
  EXPECT_ERROR(classes("text,label\na,1\nb,2\nc,3\nd,4\n"), "is this the column of the labels?");
}

TEST(classes, a_label_never_seen_is_an_error) {
  const ExampleSet set = ParseExampleTable("text,label\na,pos\nb,poss\n", "t", Sentences());
  EXPECT_ERROR(TargetsOf(set, {"neg", "pos"}), "t line 3 must be labelled as one of the 2 classes learned, but is \"poss\"");
  EXPECT_ERROR(TargetsOf(set, {"neg", "pos"}), "did you mean \"pos\"?");
}

TEST(classes, a_share_of_each_is_held_out) {
  std::vector<int32_t> targets(100, 0);
  for (size_t i = 80; i < 99; ++i) targets[i] = 1;
  targets[99] = 2;  // alone: never held out
  const ClassSplit split = SplitByClass(targets, 3, 0.1);
  std::vector<size_t> counts(3);
  for (const size_t i : split.held_out) ++counts[static_cast<size_t>(targets[i])];
  EXPECT_EQ(counts, (std::vector<size_t>{8, 2, 0}));
  EXPECT_EQ(split.train.size() + split.held_out.size(), 100u);
  EXPECT_EQ(SplitByClass(targets, 3, 0.1).held_out, split.held_out);
  EXPECT_ERROR(SplitByClass({0, 1}, 2, 0.5), "an example of some class");
}

TEST(sentence, is_cut_into_folded_words_or_into_characters) {
  EXPECT_EQ(CutSentence("It isn't\tGOOD, is it?", TextUnit::kWords, "t"),
            (Strings{"it", "isn't", "good", ",", "is", "it", "?"}));
  EXPECT_EQ(CutSentence("A b", TextUnit::kCharacters, "t"), (Strings{"A", " ", "b"}));
  EXPECT_TRUE(CutSentence(" ", TextUnit::kWords, "t").empty());
  EXPECT_ERROR(CutSentence("\xFF", TextUnit::kWords, "t line 1"), "t line 1");
}

TEST(sentence, is_encoded_with_rare_words_unknown) {
  const SentenceFormat format{TextUnit::kWords, SentenceVocabulary({{"a", "b", "a"}, {"b", "c"}}, 2, 10)};
  EXPECT_EQ(format.vocabulary.tokens(), (Strings{"<unk>", "a", "b"}));
  EXPECT_EQ(format.Encode({"b", "c", "a"}), (std::vector<int32_t>{2, 0, 1}));
  EXPECT_EQ(format.Encode({}), (std::vector<int32_t>{0}));
}

}  // namespace
}  // namespace eddy
