#include "verb_options.h"

#include <algorithm>
#include <map>

#include "eddy/threads.h"

namespace eddy {
namespace {

std::string FlagsOf(const Option& option) {
  if (option.positional()) return option.name();
  const std::string letter = option.letter() == 0 ? "" : std::string("-") + option.letter() + ",";
  return letter + "--" + option.name();
}

}  // namespace

CLI::Option* AddOption(CLI::App& verb, const Option& option, const TakeValues& take) {
  CLI::Option* added = nullptr;
  if (option.flag()) {
    added = verb.add_flag_callback(
        FlagsOf(option), [take] { take({}); }, option.help());
  } else if (option.many()) {
    added = verb.add_option_function<std::vector<std::string>>(FlagsOf(option), take, option.help());
  } else {
    added = verb.add_option_function<std::string>(
        FlagsOf(option), [take](const std::string& text) { take({text}); }, option.help());
  }
  if (!option.flag()) {
    added->type_name(option.value())->default_str(option.usual());
    added->check(CLI::Validator([option](const std::string& text) { return option.Problem(text); }, ""));
  }
  if (option.required()) added->required();
  if (!option.group().empty() && !option.positional()) added->group(option.group());
  return added;
}

void AddOptions(CLI::App& verb, OptionTable& table) {
  std::map<std::string, CLI::Option*> added;
  for (const Option& option : table.options()) {
    added[option.name()] = AddOption(verb, option, [option](const std::vector<std::string>& texts) { option.Set(texts); });
  }
  for (const Option& option : table.options()) {
    for (const std::string& other : option.excluded()) added.at(option.name())->excludes(added.at(other));
    for (const std::string& other : option.needed()) added.at(option.name())->needs(added.at(other));
  }
}

void DeclareThreads(int& threads, OptionTable& table) {
  threads = std::min(UsableCores(), Threads::kMost);
  table.Group("Run");
  table.Add("threads", threads, WholeNumber(1, Threads::kMost), "the result does not depend on it")
      .Usually("cores it may use")
      .OfTheRun();
}

void Declare(RunOptions& options, OptionTable& table) {
  DeclareThreads(options.threads, table);
  table.Flag("quiet", options.quiet, "say nothing but errors").OfTheRun();
  table.Flag("json", options.json, "print the result as one JSON object on standard output").OfTheRun();
}

}  // namespace eddy
