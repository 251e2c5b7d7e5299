#include "example_input.h"

#include <filesystem>

#include "train_options.h"
#include "usage.h"

namespace eddy {

void AddExampleInput(CLI::App& verb, ExampleInput& o) {
  const char* group = "Examples";
  verb.add_option("FILE", o.file,
                  "a table (.csv, .tsv), JSON lines (.jsonl), a .ts file, or a folder with a folder for each class")
      ->required();
  CLI::Option* text = verb.add_option("--text", o.fields.text, "column of the sentences")->type_name("COL")->group(group);
  verb.add_option("--columns", o.columns, "instead: columns of the numbers of series")
      ->type_name("A,B")
      ->excludes(text)
      ->group(group);
  verb.add_option("--label", o.fields.label, "column of the classes")->type_name("COL")->group(group);
  verb.add_option("--series", o.fields.series, "column that tells apart series whose steps are rows")
      ->type_name("COL")
      ->default_str("none: a row is an example")
      ->excludes(text)
      ->group(group);
  verb.add_flag("--no-header", o.no_header, "the table names no columns: they are 1, 2, 3 ...")->group(group);
  verb.add_option("--valid", o.valid, "examples to judge by: a share of each class, or a file")
      ->type_name("P|FILE")
      ->capture_default_str()
      ->group(group);
}

ExampleFields FieldsOf(const ExampleInput& input) {
  ExampleFields fields = input.fields;
  fields.columns = SplitList(input.columns);
  fields.header = !input.no_header;
  std::error_code error;
  const bool folder = std::filesystem::is_directory(input.file, error), archive = input.file.ends_with(".ts");
  if (fields.label.empty() && (folder || archive)) fields.label = "class";
  if (fields.text.empty() && fields.columns.empty() && folder) fields.text = "text";
  if (archive && !fields.columns.empty()) throw UsageError("--columns must be left out for a .ts file, which has its own");
  if (fields.text.empty() && fields.columns.empty() && !archive) throw UsageError("classify needs --text or --columns");
  if (fields.label.empty()) throw UsageError("classify needs --label");
  return fields;
}

ClassData Load(const ExampleInput& input, const ExampleFields& fields) {
  const HeldOut held_out = ParseHeldOut(input.valid);
  return LoadClassData({input.file, {}, held_out.file, held_out.share, {}}, fields);
}

}  // namespace eddy
