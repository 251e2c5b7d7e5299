#include "data/examples.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/class_split.h"
#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/label_lines.h"
#include "data/row_table.h"
#include "data/sentence.h"
#include "data/ts_file.h"
#include "model/temporary_directory.h"

namespace eddy {
namespace examples_test {

using Strings = std::vector<std::string>;

ExampleFields Sentences() { return {"text", {}, "label", "", true}; }
ExampleFields Numbers() { return {"", {"x", "y"}, "label", "", true}; }

std::vector<double> Values(const ExampleSet& set, size_t i) { return {set[i].values().begin(), set[i].values().end()}; }

TEST(examples, sentences_of_a_table_and_of_json_lines_are_the_same) {
  const ExampleSet table = ParseExampleTable("label,text\npos,\"good, really\"\nneg,bad\n", "t", Sentences());
  const ExampleSet lines = ParseExampleLines(
      "{\"text\": \"good, really\", \"label\": \"pos\"}\n\n{\"label\": \"neg\", \"text\": \"bad\", \"more\": [1]}", "t",
      Sentences());
  for (const ExampleSet& set : {table, lines}) {
    ASSERT_EQ(set.size(), 2u);
    EXPECT_EQ(set[0].text(), "good, really");
    EXPECT_EQ(set[0].label(), "pos");
    EXPECT_EQ(set[1].text(), "bad");
    EXPECT_TRUE(set.columns.empty());
  }
  EXPECT_EQ(table[1].place(), "t line 3");
  EXPECT_EQ(lines[1].place(), "t line 3");
}

TEST(examples, of_one_that_is_far_too_long_the_beginning_is_read) {
  std::string words;
  while (words.size() < (1 << 18)) words += "é water ";
  const ExampleSet set = ParseExampleTable("label,text\npos," + words + "\nneg,bad\n", "t", Sentences());
  EXPECT_LE(set[0].text().size(), size_t{1} << 17);
  EXPECT_TRUE(words.starts_with(set[0].text()));
  EXPECT_NO_THROW(CutSentence(set[0].text(), TextUnit::kWords, "t"));  // no half character at its end
  ASSERT_EQ(set.reading.notes.size(), 1u);
  EXPECT_EQ(set.reading.notes[0], "of 1 example, longer than 131072 bytes, only the beginning is read");
  EXPECT_EQ(set[1].text(), "bad");
}

TEST(examples, a_table_without_a_header_is_read_by_numbers) {
  const ExampleFields fields = {"1", {}, "2", "", false};
  const ExampleSet set = ParseExampleTable("a , b , c\t1\nd\t0\n", "t", fields, '\t');
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set[0].text(), "a , b , c");
  EXPECT_EQ(set[0].label(), "1");
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
    EXPECT_EQ(set[1].label(), "b");
  }
}

TEST(examples, a_missing_value_holds_the_one_before) {
  const ExampleSet set = ParseExampleLines("{\"x\":[null,1,null],\"y\":[2,null,null],\"label\":1}\n", "t", Numbers());
  const std::vector<double> values = Values(set, 0);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(std::vector<double>(values.begin() + 1, values.end()), (std::vector<double>{2, 1, 2, 1, 2}));
  EXPECT_EQ(set[0].label(), "1");
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
  EXPECT_ERROR(lines(("{\"text\":" + std::string(100, '[')).c_str(), Sentences()), "deeper");
  EXPECT_ERROR(lines("{\"text\":\"a\",\"label\":1,\"text\":\"b\"}", Sentences()),
               "different keys, but is with \"text\" twice");
  EXPECT_ERROR(lines("{\"text\":\"a\\u0000b\",\"label\":1}", Sentences()), "zero byte");
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
  EXPECT_EQ(ReadExamples(directory / "a.jsonl", Sentences())[0].label(), "true");
  EXPECT_EQ(ReadExamples(directory / "a.tsv", Sentences())[0].text(), "a , b");
  EXPECT_ERROR(ReadExamples(directory / "none.csv", Sentences()), "an existing file");
}

TEST(examples, a_few_bad_rows_are_skipped_and_told) {
  std::string table = "x,y,label\n", lines;
  for (int i = 0; i < 300; ++i) {
    table += "1 2,3 4,a\n";
    lines += "{\"text\":\"fine\",\"label\":\"a\"}\n";
  }
  const ExampleSet series = ParseExampleTable(table + "1,x,b\n,,b\n1,2\n", "t", Numbers());
  EXPECT_EQ(series.size(), 300u);
  EXPECT_EQ(series.reading.skipped.count, 3u);
  EXPECT_EQ(series.reading.skipped.of, 303u);
  const ExampleSet sentences = ParseExampleLines(lines + "{\"text\":1}\n{\n", "t", Sentences());
  EXPECT_EQ(sentences.size(), 300u);
  EXPECT_EQ(sentences.reading.skipped.first[1], "t line 302 must be a JSON object, but is \"{\"");
  EXPECT_ERROR(ParseExampleLines(lines + "{\n{\n{\n{\n", "t", Sentences()), "4 of 304 bad: t line 301");
  ExampleFields strict = Sentences();
  strict.bad_lines.strict = true;
  EXPECT_ERROR(ParseExampleLines(lines + "{\n", "t", strict), "t line 301");
}

TEST(examples, of_a_json_array_are_its_objects_and_dots_lead_into_objects) {
  const char* text =
      " [{\"review\": {\"text\": \"a, ]\\\"}\"},\n \"rating\": {\"stars\": 5}},\n"
      "{\"review\": {\"text\": \"b\"}, \"rating.stars\": 4} ] \n";
  const ExampleSet set = ParseExampleLines(text, "t", {"review.text", {}, "rating.stars", "", true});
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set[0].text(), "a, ]\"}");
  EXPECT_EQ(set[0].label(), "5");
  EXPECT_EQ(set[1].label(), "4");
  EXPECT_EQ(set[1].place(), "t line 3");
  EXPECT_EQ(set.reading.format, "a JSON array of objects");
  const auto parse = [](const char* json) { return ParseExampleLines(json, "t", Sentences()); };
  EXPECT_ERROR(ParseExampleLines(text, "t", {"review.txt", {}, "rating.stars", "", true}), "did you mean \"review.text\"?");
  EXPECT_ERROR(parse("[{\"text\":\"a\",\"label\":1}"), "a comma or the end of the array, but is the end");
  EXPECT_ERROR(parse("[{\"text\":\"a\",\"label\":1} {}]"), "a comma");
  EXPECT_ERROR(parse("[{\"text\":\"a\",\"label\":1},]"), "an object of the array");
  EXPECT_ERROR(parse("[{\"text\":\"a\",\"label\":1"), "open to the end");
  EXPECT_ERROR(parse("[{\"text\":\"a\",\"label\":1}] x"), "the end, behind the array's");
  EXPECT_ERROR(parse("[]"), "with examples");
}

TEST(examples, of_lines_behind_a_label_are_sentences) {
  const TemporaryDirectory directory;
  WriteText(directory / "a.txt", "__label__pos a fine place \r\n\n__label__neg\tbad, \"really\"\n");
  const ExampleFields fields = CompleteFields(directory / "a.txt", {});
  EXPECT_TRUE(fields.is_text());
  const ExampleSet set = ReadExamples(directory / "a.txt", fields);
  ASSERT_EQ(set.size(), 2u);
  EXPECT_EQ(set[0].text(), "a fine place");
  EXPECT_EQ(set[0].label(), "pos");
  EXPECT_EQ(set[1].text(), "bad, \"really\"");
  EXPECT_EQ(set[1].place(), (directory / "a.txt") + " line 3");
  EXPECT_ERROR(ParseLabelLines("__label__a __label__b c\n", "t", fields), "t line 1 must be with one label");
  EXPECT_ERROR(ParseLabelLines("a\n", "t", fields), "t line 1 must be with a label");
}

TEST(examples, of_a_table_without_columns_named_are_series_along_its_rows) {
  const TemporaryDirectory directory;
  WriteText(directory / "tabs.tsv", "1\t0.5\t-1\t2\n-1\t3\t4\tNaN\n");
  WriteText(directory / "spaces.txt", "  1.0000000e+00   5.0e-01  -1 2.0 \r\n -1.0000000e+00  3  4   NaN\n");
  WriteText(directory / "commas.csv", "1,0.5,-1,2\n-1,3,4,\n");
  WriteText(directory / "header.csv", "label,t1,t2,t3\n1,0.5,-1,2\n-1,3,4,\n");
  WriteText(directory / "behind.csv", "0,1,2,class\n0.5,-1,2,1\n3,4,?,-1\n");
  for (const char* name : {"tabs.tsv", "spaces.txt", "commas.csv", "header.csv", "behind.csv"}) {
    ExampleFields told;
    if (name == std::string("header.csv")) told.label = "label";
    if (name == std::string("behind.csv")) told.label = "class";
    const ExampleFields fields = CompleteFields(directory / name, told);
    EXPECT_TRUE(fields.along_rows) << name;
    const ExampleSet set = ReadExamples(directory / name, fields);
    ASSERT_EQ(set.size(), 2u) << name;
    EXPECT_EQ(set.columns, Strings{"1"});
    EXPECT_EQ(Values(set, 0), (std::vector<double>{0.5, -1, 2})) << name;
    EXPECT_EQ(Values(set, 1), (std::vector<double>{3, 4})) << "shorter: " << name;
    EXPECT_EQ(set[0].label(), "1") << name;
    EXPECT_EQ(set[1].label(), "-1") << name;
    ExampleFields unlabelled = fields;
    unlabelled.label.clear();
    EXPECT_EQ(Values(ReadExamples(directory / name, unlabelled), 0), (std::vector<double>{0.5, -1, 2})) << name;
  }
  const ExampleFields fields = CompleteFields(directory / "tabs.tsv", {});
  EXPECT_EQ(ParseRowTable("a\t1\t2\n", "t", fields).reading.format,
            "a series a row: the label in cell 1, 2 values in the others");
  EXPECT_ERROR(ParseRowTable("a\t1\t2\nb\t1\n", "t", fields), "t line 2 must be of 3 cells");
  EXPECT_ERROR(ParseRowTable("a\t1\tx\n", "t", fields), "t line 1 cell 3 must be a finite number");
  EXPECT_ERROR(ParseRowTable("a\t\t\n", "t", fields), "a series with a value");
  EXPECT_ERROR(CompleteRowFields("label,t1,t2\n1,2,3\n", {"", {}, "lable", "", true}), "did you mean \"label\"?");
}

TEST(examples, rows_of_series_are_put_in_the_order_of_their_time) {
  ExampleFields fields = {"", {"x"}, "label", "id", true};
  fields.time = "t";
  const ExampleSet set = ParseExampleTable("id,t,x,label\nu,3,30,a\nv,1,1,b\nu,1,10,a\nu,2,20,a\nv,2,2,b\n", "t", fields);
  EXPECT_EQ(Values(set, 0), (std::vector<double>{10, 20, 30}));
  EXPECT_EQ(Values(set, 1), (std::vector<double>{1, 2}));
  EXPECT_EQ(set.reading.notes, (Strings{"the rows of 1 of 2 series were put in the order of \"t\""}));
  const ExampleSet dates = ParseExampleTable("id,t,x,label\nu,2024-02-01,2,a\nu,2024-01-31,1,a\n", "t", fields);
  EXPECT_EQ(Values(dates, 0), (std::vector<double>{1, 2}));
  EXPECT_ERROR(ParseExampleTable("id,t,x,label\nu,soon,2,a\n", "t", fields),
               "t line 2 column \"t\" must be a number or a date");
  const ExampleSet lines =
      ParseExampleLines("{\"id\":1,\"t\":2,\"x\":2,\"label\":1}\n{\"id\":1,\"t\":1,\"x\":1,\"label\":1}\n", "t", fields);
  EXPECT_EQ(Values(lines, 0), (std::vector<double>{1, 2}));
}

TEST(examples, rows_of_series_out_of_order_are_never_taken_in_silence) {
  const ExampleFields fields = {"", {"x"}, "label", "id", true};
  const auto parse = [&](const char* text) { return ParseExampleTable(text, "t", fields); };
  EXPECT_ERROR(parse("id,time,x,label\nu,3,1,a\nu,1,2,a\n"), "t line 3 must be behind the rows");
  EXPECT_ERROR(parse("id,n,x,label\nu,30,1,a\nu,10,2,a\nu,20,2,a\nu,40,1,a\n"), "by column \"n\"");  // of one step
  EXPECT_EQ(parse("id,time,x,label\nu,1,1,a\nv,1,2,a\nu,2,2,a\n").size(), 2u) << "in order";
  EXPECT_EQ(parse("id,n,x,label\nu,30,1,a\nu,10,2,a\nu,25,2,a\nu,40,1,a\n").size(), 1u) << "a measurement";
  EXPECT_EQ(parse("id,day,x,label\nu,2,1,a\nu,1,2,a\nu,1,2,a\n").size(), 1u) << "a day twice";
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
  EXPECT_EQ(set[1].label(), "b");
  EXPECT_EQ(set[1].place(), "t line 7");
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

TEST(examples, of_a_ts_file_that_contradict_its_header_are_bad) {
  const ExampleFields fields = {"", {}, "class", "", true};
  const auto parse = [&](const std::string& header, const std::string& data) {
    return ParseTsFile(header + kTs + data, "t", fields);
  };
  EXPECT_ERROR(parse("", "1:c\n"), "of one of the 2 classes of the header, but is \"c\"");
  EXPECT_ERROR(parse("@univariate true\n", "1:2:a\n"), "of 1 columns, as the header says, but is of 2");
  EXPECT_ERROR(parse("@dimensions 3\n", "1:2:a\n"), "of 3 columns, as the header says, but is of 2");
  EXPECT_ERROR(parse("@equalLength true\n@seriesLength 3\n", "1,2:a\n"), "of 3 steps, as the header says, but is of 2");
  EXPECT_ERROR(parse("@equalLength true\n", "1,2:a\n1:b\n"), "t line 8 must be of 2 steps");
  EXPECT_ERROR(parse("@seriesLength x\n", "1:a\n"), "a whole number above 0");
  const ExampleSet set = parse("@missing false\n", "1,?:a\n");
  EXPECT_EQ(set.reading.notes, (Strings{"line 7 has missing values, though the header says @missing false"}));
  EXPECT_TRUE(parse("@missing true\n@equalLength false\n", "1,?:a\n1:b\n").reading.notes.empty());
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
  EXPECT_EQ(set[0].label(), "neg");
  EXPECT_EQ(set[1].text(), "good\n");
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
  const SentenceFormat format{TextUnit::kWords, SentenceVocabulary(CutSentences{{"a", "b", "a"}, {"b", "c"}}, 2, 10)};
  EXPECT_EQ(format.vocabulary.tokens(), (Strings{"<unk>", "a", "b"}));
  EXPECT_EQ(format.Encode({"b", "c", "a"}), (std::vector<int32_t>{2, 0, 1}));
  EXPECT_EQ(format.Encode({}), (std::vector<int32_t>{0}));
}

}  // namespace examples_test
}  // namespace eddy
