#include "tasks/classify/data.h"

#include <filesystem>

#include "data/class_split.h"
#include "data/digest.h"
#include "eddy/error.h"

namespace eddy {
namespace {

std::string_view BytesOf(std::span<const double> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

std::vector<size_t> CountExamples(const ExampleSet& set, const std::vector<std::string>& classes) {
  std::vector<size_t> counts(classes.size());
  for (const int32_t target : TargetsOf(set, classes)) ++counts[static_cast<size_t>(target)];
  return counts;
}

}  // namespace

std::string HashOf(const ExampleSet& set) {
  constexpr std::string_view kEnd("\0", 1);
  Digest hash;
  for (size_t i = 0; i < set.size(); ++i) {
    const std::string label = set[i].label();
    for (const std::string_view part : {std::string_view(label), kEnd, set[i].text(), kEnd, BytesOf(set[i].values())}) {
      hash.Add(part);
    }
  }
  return hash.Digits();
}

std::vector<std::string_view> InputsOf(const ExampleSet& set) {
  std::vector<std::string_view> inputs;
  for (size_t i = 0; i < set.size(); ++i) inputs.push_back(set[i].text().empty() ? BytesOf(set[i].values()) : set[i].text());
  return inputs;
}

ClassData SplitAgain(DataSource source, ExampleSet set) {
  ClassData data;
  data.classes = ClassesOf(set);
  const ClassSplit split = SplitByClass(TargetsOf(set, data.classes), data.classes.size(), source.share);
  data.held_out = set.TakeOut(split.held_out);
  data.train = std::move(set);
  data.halves = source.split >= 2 ? HalvesOf(data.held_out.size()) : AllOf(data.held_out.size());
  data.source = std::move(source);
  return data;
}

ClassData SplitClassData(DataSource source, ExampleSet set, std::optional<ExampleSet> valid) {
  source.hash = HashOf(set);
  ClassData data;
  if (!valid) {
    data = SplitAgain(std::move(source), std::move(set));
  } else {
    data.classes = ClassesOf(set);
    data.train = std::move(set);
    data.held_out = std::move(*valid);
    data.source = std::move(source);
    data.source.valid_hash = HashOf(data.held_out);
    data.halves = HalvesOf(data.held_out.size());
    TargetsOf(data.held_out, data.classes);  // throws for a class that is not learned
  }
  data.source.counts = CountExamples(data.train, data.classes);
  data.fingerprint = HashOf(data.train) + HashOf(data.held_out);
  return data;
}

void UseClasses(const std::vector<std::string>& classes, ClassData& data) {
  data.source.counts = CountExamples(data.train, classes);
  TargetsOf(data.held_out, classes);  // throws for a class that is not learned
  data.classes = classes;
}

ClassData LoadClassData(const Data& data, const HeldOut& held_out, const ExampleFields& fields) {
  ExampleSet set = ReadExamples(data, fields);
  std::optional<ExampleSet> valid;
  if (!held_out.file.empty()) valid = ReadExamples(held_out.file, fields);
  DataSource source = {data.name(), {}, held_out.file.name(), ShareOf(held_out, set.size()), {}};
  return SplitClassData(std::move(source), std::move(set), std::move(valid));
}

std::optional<ExampleSet> FindTrainingExamples(const DataSource& source, const ExampleFields& fields,
                                               const std::string& path) {
  std::error_code error;
  if (path.empty() && !std::filesystem::exists(source.file, error)) return std::nullopt;
  std::optional<ExampleSet> set;
  try {
    set = ReadExamples(path.empty() ? source.file : path, fields);
  } catch (const Error&) {
    if (!path.empty()) throw;
    return std::nullopt;  // another file is there by now
  }
  if (HashOf(*set) != source.hash) {
    Require(path.empty(), "evaluate", path, "the examples that the model was trained on", "others");
    return std::nullopt;
  }
  if (!source.valid_file.empty()) return set;
  return SplitAgain(source, std::move(*set)).train;
}

}  // namespace eddy
