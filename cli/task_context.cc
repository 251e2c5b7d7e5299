#include "task_context.h"

#include <iostream>
#include <iterator>

#include "json_output.h"
#include "output.h"
#include "signals.h"

namespace eddy {

TaskContext ContextOf(Console& console, Threads& threads, ProcessGroup& group) {
  return {threads, [&console](std::string_view text) { console.Line(text); },
          [&console](std::string_view text) { console.Live(text); }, [] { return StopSignal() != 0; }, group};
}

UseContext UseContextOf(Console& console, Threads& threads, const std::string& verb, const std::string& task,
                        const std::string& model) {
  UseContext context{ContextOf(console, threads), {}, {}, {}};
  context.write = [](std::string_view text) {
    Print(text);
    if (text.ends_with('\n')) FlushOutput();
  };
  context.read = [] { return std::string(std::istreambuf_iterator<char>(std::cin), {}); };
  context.write_json = [=](const OrderedJson& rest) {
    OrderedJson json = JsonResult(verb, task, model);
    json.update(rest);
    PrintJson(json);
  };
  return context;
}

}  // namespace eddy
