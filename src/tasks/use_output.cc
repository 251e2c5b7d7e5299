#include "tasks/use_output.h"

#include "model/atomic_file.h"

namespace eddy {

void Declare(UseOutput& output, OptionTable& table, const std::string& value, const std::string& json_help) {
  table.Group("Result");
  table.Add("output", output.path, AnyText(value), "where to write it")
      .Letter('o')
      .Usually("standard output")
      .Excludes("json");
  table.Flag("json", output.json, json_help);
}

void WriteText(std::string_view text, const UseOutput& output, UseContext& context) {
  if (output.path.empty()) return context.write(text);
  AtomicFile file(output.path);
  file.Write(text);
  file.Commit();
}

}  // namespace eddy
