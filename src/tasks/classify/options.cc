#include "tasks/classify/options.h"

#include "tasks/classify/defaults.h"
#include "tasks/given_vectors.h"
#include "tasks/reading.h"

namespace eddy {

void DeclareExamples(ClassifierOptions& o, OptionTable& table) {
  table.Group("Examples");
  table.Add("text", o.text, AnyText("COL"), "column of the sentences");
  table
      .Add("columns", o.columns, AnyText(),
           "instead: columns of the numbers of series; PAY is PAY_1, PAY_2 ... where a row is a series of such")
      .Excludes("text");
  table.Add("label", o.label, AnyText("COL"), "column of the classes");
  table.Add("series", o.series, AnyText("COL"), "column that tells apart series whose steps are rows")
      .Usually("none: a row is an example")
      .Excludes("text");
  table.Flag("no-header", o.no_header, "the table names no columns: they are 1, 2, 3 ...");
  table.Add("time", o.time, AnyText("COL"), "column that orders the steps of a series; rows are in order otherwise")
      .Needs("series");
  table.Flag("newest-first", o.newest_first, "of numbered columns, such as PAY_1 and PAY_2, the lowest is the last step")
      .Excludes("text")
      .Excludes("series");
  table.Flag("strict", o.strict, kStrictHelp);
  AddHeldOut(table, o.held_out, "examples to judge by: a share of each class, or a file; unasked 20,000 at most");
}

void DeclareReading(ClassifierOptions& o, OptionTable& table) {
  table.Group("Network");
  table.Flag("characters", o.characters, "read sentences as characters rather than words");
  table.Flag("forward", o.forward, "read in one direction only, so that it can be run step by step");
  table.Add("frame", o.frame, WholeNumber(1, 1 << 16), "steps of a series that the network reads as one")
      .Usually("so many that about 100 frames are a typical series; 1 with --forward");
}

void DeclareTraining(ClassifierOptions& o, OptionTable& table) {
  Declare(o.train, table, Layers::kAny);
  table.Group("Examples");
  table.Add("balance", o.balance, Number(0, 1).Called("P"), "how much rare classes are favoured: 0 as they are, 1 all alike")
      .Usually("0; 0.5 where one is 3 times as frequent as another");
  table
      .Add("cost-ratio", o.cost_ratio, Number(1e-6, 1e6).Called("R"),
           "of two classes: what a missed example of the second costs, a false alarm being 1; decisions are judged by it")
      .OfTheRun();
  table.Group("Network");
  table.Add("vocabulary", o.vocabulary, WholeNumber(2, 1 << 24), "at most so many different words or characters")
      .Usually(std::to_string(SentenceOptions().most_tokens));
  AddStart(table, o.start,
           "go on with the network of a finished model, its weights, words and classes; new words are added");
  AddVectors(table, o.vectors, o.freeze_vectors);
  table.Find("vectors").Excludes("start");
  table.Add("embedding", o.embedding, WholeNumber(1, 1 << 16), "width of a word's vector").Usually(kFromData);
  table.Flag("alone", o.alone, "mix nothing of a simple method's log odds into the network's");
  table.Group("Against learning by heart");
  table.Add("word-dropout", o.word_dropout, Probability(), "share of words that are read as unknown").Usually(kFromData);
}

ExampleFields FieldsOf(const Data& data, const ClassifierOptions& options) {
  ExampleFields fields = {options.text, options.columns, options.label, options.series, !options.no_header};
  fields.time = options.time;
  fields.newest_first = options.newest_first;
  fields.bad_lines.strict = options.strict;
  const bool archive = data.name().ends_with(".ts");
  if (archive && !fields.columns.empty()) throw UsageError("--columns must be left out for a .ts file, which has its own");
  try {
    fields = CompleteFields(data, fields);
  } catch (const Error&) {  // a table whose rows are no series: it needs to be told what to read
    if (!fields.text.empty() || !fields.columns.empty()) throw;
  }
  if (fields.newest_first && fields.steps.empty()) {
    throw UsageError("--newest-first is an option of tables whose columns have names with the numbers of steps");
  }
  const bool told = !fields.text.empty() || !fields.columns.empty() || fields.along_rows;
  if (!told && !archive) throw UsageError("classify needs --text or --columns");
  if (fields.label.empty()) throw UsageError("classify needs --label");
  return fields;
}

}  // namespace eddy
