// Any bytes are examples, split by class and encoded, or an Error. The first byte chooses the format and what is read, and
// whether any encoding may be.
#include <cstdint>
#include <string>

#include "data/class_split.h"
#include "data/encoding.h"
#include "data/example_lines.h"
#include "data/example_table.h"
#include "data/label_lines.h"
#include "data/row_table.h"
#include "data/ts_file.h"
#include "eddy/error.h"
#include "tasks/classify/batch.h"

namespace {

eddy::ExampleSet Parse(uint8_t choice, std::string_view text, const eddy::ExampleFields& fields) {
  if (choice & 128) {
    const eddy::DecodedText decoded = eddy::DecodeText(std::string(text), "fuzz");
    switch (choice % 3) {
      case 0:
        return eddy::ParseExampleTable(decoded.text, "fuzz", fields);
      case 1:
        return eddy::ParseRowTable(decoded.text, "fuzz", eddy::CompleteRowFields(decoded.text, fields));
      default:
        return eddy::ParseLabelLines(decoded.text, "fuzz", fields);
    }
  }
  switch (choice % 3) {
    case 0:
      return eddy::ParseExampleTable(text, "fuzz", fields);
    case 1:
      return eddy::ParseExampleLines(text, "fuzz", fields);
    default:
      return eddy::ParseTsFile(text, "fuzz", fields);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const uint8_t choice = data[0];
  eddy::ExampleFields fields;
  fields.header = !(choice & 64);
  const std::string first = fields.header ? "a" : "1", second = fields.header ? "b" : "2";
  fields.label = choice & 8 ? "" : second;
  if (choice & 16) {
    fields.text = first;
  } else if (choice % 3 != 2) {
    fields.columns = {first};
  }
  if (choice & 32 && choice % 3 != 2) fields.series = second;
  if (choice & 128 && !fields.series.empty()) fields.time = first;
  if (choice & 128 && choice % 3 == 1) fields.text = fields.series = fields.time = "", fields.columns.clear();
  if (choice & 128 && choice % 3 == 2) fields.text = first;
  try {
    const eddy::ExampleSet set = Parse(choice, text, fields);
    eddy::ClassifierDesign design;
    design.fields = fields;
    design.scalings.resize(set.columns.size());
    if (fields.is_text()) design.sentences.vocabulary = eddy::Vocabulary({std::string(eddy::Vocabulary::kUnknown)});
    const eddy::EncodedExamples encoded = eddy::EncodeExamples(set, design);
    for (const eddy::EncodedExample& example : encoded.All()) eddy::MakeClassifierBatch(std::span(&example, 1), design);
    design.classes = eddy::ClassesOf(set);
    eddy::SplitByClass(eddy::TargetsOf(set, design.classes), design.classes.size(), 0.3);
  } catch (const eddy::Error&) {
  }
  return 0;
}
