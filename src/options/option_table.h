// Options declared once: an options struct says of each of its fields the name, what values it takes, how they are called,
// and what it is for. From that one declaration come the flags of the command line and their help, the checks of a value
// and their messages, the JSON in a model's provenance, the fingerprint that guards --resume, the tables in docs/options.md,
// and the keywords of other languages.
//
//     void Declare(ForecastOptions& o, OptionTable& table) {
//       table.Group("Series");
//       table.Add("horizon", o.horizon, WholeNumber(1, kMostHorizon), "rows to forecast").Required();
//       table.Add("season", o.season, WholeNumber(1, kMostWindow), "rows of a season; 1 for none").Usually("found in the
//       data");
//     }
//
// A field is a bool (a flag), a whole number, a double, a string, an optional of these (none: not given), or a vector of
// strings or doubles. A table refers to the struct, which must stay where it is while the table is used.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "eddy/data.h"
#include "eddy/error.h"
#include "eddy/tasks/by_name.h"
#include "model/json.h"
#include "options/ranges.h"

namespace eddy {

// Options that cannot be meant, such as a value out of its range. The program exits with 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

class Option {
 public:
  // Further facts, in the order in which they are written.
  Option& Required();                         // must be given
  Option& Usually(std::string text);          // for people: what it is where it is not given
  Option& Letter(char letter);                // "-o" beside "--output"
  Option& Excludes(const std::string& name);  // an option of the same table that may not be given as well
  Option& Needs(const std::string& name);     // one that must be given as well
  // Changes nothing of what is learned, such as the number of threads: neither provenance nor fingerprint have it.
  Option& OfTheRun();
  // How the field is given data that are in memory, where it is one that can hold them.
  Option& Takes(std::function<void(const std::vector<Data>&)> take);

  const std::string& name() const { return name_; }  // "learning-rate"; a positional's is in capitals: "FILE"
  OptionKind kind() const { return kind_; }
  bool takes_data() const { return static_cast<bool>(take_); }
  const std::string& value() const { return value_; }  // how a value is called, "N"; empty for a flag
  const std::string& group() const { return group_; }  // the heading under which it stands
  const std::string& help() const { return help_; }
  std::string usual() const;  // what it is where it is not given; empty where there is nothing to say
  char letter() const { return letter_; }
  bool flag() const { return value_.empty(); }
  bool positional() const { return positional_; }
  bool required() const { return required_; }
  bool many() const { return many_; }  // values follow each other
  bool of_the_run() const { return of_the_run_; }
  const std::vector<std::string>& excluded() const { return excluded_; }
  const std::vector<std::string>& needed() const { return needed_; }

  // What is wrong with a value, as what follows its name: "must be a whole number from 1 to 9, but is 10". Empty for a good
  // one.
  std::string Problem(const std::string& text) const { return problem_(text); }
  void Set(const std::vector<std::string>& texts) const;       // throws UsageError for a value with a problem
  void SetData(const std::vector<Data>& data) const;           // throws UsageError where it takes none
  std::vector<std::string> Texts() const { return texts_(); }  // of the field's value now; none where it is not given
  Json ToJson() const { return json_(); }                      // the same; null where it is not given

 private:
  friend class OptionTable;
  std::string name_, value_, group_, help_;
  OptionKind kind_ = OptionKind::kText;
  std::optional<std::string> usual_;
  char letter_ = 0;
  bool positional_ = false, required_ = false, many_ = false, of_the_run_ = false;
  std::vector<std::string> excluded_, needed_;
  std::function<std::string(const std::string&)> problem_;
  std::function<void(const std::vector<std::string>&)> set_;
  std::function<std::vector<std::string>()> texts_;
  std::function<Json()> json_;
  std::function<void(const std::vector<Data>&)> take_;
};

class OptionTable {
 public:
  void Group(std::string title) { group_ = std::move(title); }  // of the options that follow

  Option& Flag(const std::string& name, bool& field, const std::string& help);
  Option& Flag(const std::string& name, std::function<void()> set, std::function<bool()> is_set, const std::string& help);
  Option& Add(const std::string& name, size_t& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, int& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, double& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::string& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::optional<size_t>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::optional<int64_t>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::optional<int>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::optional<double>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::optional<std::string>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::vector<std::string>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, std::vector<double>& field, const ValueRange& range, const std::string& help);
  Option& Add(const std::string& name, Data& field, const ValueRange& range, const std::string& help);  // by its path
  // Values that follow each other, such as files. A vector of Add() is a list: "A,B".
  Option& AddMany(const std::string& name, std::vector<std::string>& field, const ValueRange& range,
                  const std::string& help);
  Option& AddMany(const std::string& name, std::vector<Data>& field, const ValueRange& range,
                  const std::string& help);  // by their paths
  // A field of another type, as text: `parse` throws UsageError, `show` gives an empty text where the field has no value.
  Option& Add(const std::string& name, std::function<void(const std::string&)> parse, std::function<std::string()> show,
              const ValueRange& range, const std::string& help);

  const std::vector<Option>& options() const { return options_; }
  Option& Find(const std::string& name);              // throws UsageError, with the nearest
  const Option* Look(const std::string& name) const;  // null where there is none
  bool Has(const std::string& name) const { return Look(name) != nullptr; }

  // Every value that the fields have now is checked, and that what is required is there. For options that come from a
  // program. Throws UsageError that begins with `subject`.
  void Check(const std::string& subject) const;

  // {"hidden": 64, ...} of what is given or has a value by default, without options of the run.
  Json ToJson() const;

 private:
  template <class T>
  Option& AddTyped(const std::string& name, T& field, const ValueRange& range, const std::string& help);
  Option& New(const std::string& name, const ValueRange& range, const std::string& help);

  std::string group_;
  std::vector<Option> options_;
};

// The words between the commas of "a,b", spaces around them left out. Empty text has none.
std::vector<std::string> SplitList(const std::string& text);

}  // namespace eddy
