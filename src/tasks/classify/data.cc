#include "tasks/classify/data.h"

#include <filesystem>

#include "data/class_split.h"
#include "eddy/error.h"
#include "train/checkpoint.h"

namespace eddy {
namespace {

// Takes the examples at these rising places out of the set, in which the others move up: no set is held twice.
ExampleSet TakeOut(ExampleSet& set, const std::vector<size_t>& places) {
  ExampleSet part{set.source, set.columns, {}, set.reading};
  part.examples.reserve(places.size());
  size_t kept = 0;
  for (size_t i = 0; i < set.examples.size(); ++i) {
    Example& example = set.examples[i];
    if (part.size() < places.size() && places[part.size()] == i) {
      part.examples.push_back(std::move(example));
    } else if (kept++ < i) {
      set.examples[kept - 1] = std::move(example);
    }
  }
  set.examples.resize(kept);
  return part;
}

std::vector<size_t> CountExamples(const ExampleSet& set, const std::vector<std::string>& classes) {
  std::vector<size_t> counts(classes.size());
  for (const int32_t target : TargetsOf(set, classes)) ++counts[static_cast<size_t>(target)];
  return counts;
}

}  // namespace

std::string HashOf(const ExampleSet& set) {
  constexpr std::string_view kEnd("\0", 1);
  ByteHash hash;
  for (const Example& example : set.examples) {
    for (const std::string_view part : {std::string_view(example.label), kEnd, std::string_view(example.text), kEnd}) {
      hash.Add(part);
    }
    hash.Add({reinterpret_cast<const char*>(example.values.data()), example.values.size() * sizeof(double)});
  }
  return hash.Digits();
}

std::vector<std::string> InputsOf(const ExampleSet& set) {
  std::vector<std::string> inputs;
  for (const Example& example : set.examples) {
    std::string& bytes = inputs.emplace_back(example.text + '\0');
    bytes.append(reinterpret_cast<const char*>(example.values.data()), example.values.size() * sizeof(double));
  }
  return inputs;
}

ClassData SplitAgain(DataSource source, ExampleSet set) {
  ClassData data;
  data.classes = ClassesOf(set);
  const ClassSplit split = SplitByClass(TargetsOf(set, data.classes), data.classes.size(), source.share);
  data.held_out = TakeOut(set, split.held_out);
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
