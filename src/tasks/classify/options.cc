#include "tasks/classify/options.h"

#include "tasks/classify/defaults.h"
#include "tasks/reading.h"

namespace eddy {

void Declare(ExampleInput& o, HeldOut& held_out, OptionTable& table) {
  table
      .Add("FILE", o.file, AnyText("FILE"),
           "a table (.csv, .tsv), JSON lines (.jsonl), a .ts file, or a folder with a folder for each class")
      .Required()
      .OfTheRun();
  table.Group("Examples");
  table.Add("text", o.fields.text, AnyText("COL"), "column of the sentences");
  table.Add("columns", o.fields.columns, AnyText(), "instead: columns of the numbers of series").Excludes("text");
  table.Add("label", o.fields.label, AnyText("COL"), "column of the classes");
  table.Add("series", o.fields.series, AnyText("COL"), "column that tells apart series whose steps are rows")
      .Usually("none: a row is an example")
      .Excludes("text");
  table.Flag("no-header", o.no_header, "the table names no columns: they are 1, 2, 3 ...");
  table.Add("time", o.fields.time, AnyText("COL"), "column that orders the steps of a series; rows are in order otherwise")
      .Needs("series");
  Declare(o.fields.bad_lines, table);
  table.Add(
      "valid", [&held_out](const std::string& text) { ParseHeldOut(text, held_out); },
      [&held_out] { return ShowHeldOut(held_out); }, AnyText("P|FILE"),
      "examples to judge by: a share of each class, or a file");
}

void DeclareReading(ClassifierOptions& o, OptionTable& table) {
  table.Group("Network");
  table.Flag("characters", o.characters, "read sentences as characters rather than words");
  table.Flag("forward", o.forward, "read in one direction only, so that it can be run step by step");
}

void DeclareTraining(ClassifierOptions& o, OptionTable& table) {
  Declare(o.train, table, Layers::kAny);
  table.Group("Examples");
  table.Add("balance", o.balance, Number(0, 1).Called("P"), "how much rare classes are favoured: 0 as they are, 1 all alike")
      .Usually("0; 0.5 where one is 3 times as frequent as another");
  table.Group("Network");
  table.Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 24), "at most so many different words or characters")
      .Usually(std::to_string(SentenceOptions().most_tokens));
  table.Add("embedding", o.embedding, WholeNumber(1, 1 << 16), "width of a word's vector").Usually(kFromData);
  table.Group("Against learning by heart");
  table.Add("word-dropout", o.word_dropout, Probability(), "share of words that are read as unknown").Usually(kFromData);
}

ExampleFields FieldsOf(const ExampleInput& input) {
  ExampleFields fields = input.fields;
  fields.header = !input.no_header;
  const bool archive = input.file.ends_with(".ts");
  if (archive && !fields.columns.empty()) throw UsageError("--columns must be left out for a .ts file, which has its own");
  fields = CompleteFields(input.file, std::move(fields));
  const bool told = !fields.text.empty() || !fields.columns.empty() || fields.along_rows;
  if (!told && !archive) throw UsageError("classify needs --text or --columns");
  if (fields.label.empty()) throw UsageError("classify needs --label");
  return fields;
}

}  // namespace eddy
