// Data: what a task learns from, or is asked about: a file, or what a file would hold, from memory. Tasks read both alike,
// so that a model trained from memory is the model trained from the file, bit for bit.
//
//     Data::File("sales.csv")                                      read when it is needed, and again where that is needed
//     Data::Text(downloaded, "sales.csv")                          the contents of a file; the name is for messages
//     Data::Table({{"day", days}, {"sold", numbers}})              columns
//     Data::Sentences(texts, labels)                               for classes
//     Data::Pairs(sources, targets)                                for translation
//     Data::Sequences(tokens, tags)                                for tags
//
// A Data is a handle: copies share the contents.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "eddy/export.h"

EDDY_API_BEGIN
namespace eddy {

// A column of a table: numbers, NaN where one is missing, or texts.
struct Column {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;
};

class Data {
 public:
  Data() = default;                                   // none
  Data(std::string path) : name_(std::move(path)) {}  // NOLINT: a path is where data are
  Data(const char* path) : name_(path) {}             // NOLINT

  static Data File(std::string path) { return Data(std::move(path)); }
  static Data Text(std::string contents, std::string name = "memory");
  // The following throw Error where sizes differ, and for texts that cannot stand in a table: with zero bytes; in pairs and
  // sequences with tabs or line ends.
  static Data Table(const std::vector<Column>& columns, std::string name = "memory.csv");
  static Data Sentences(std::span<const std::string> texts, std::span<const std::string> labels,
                        std::string name = "memory.csv");  // columns "text" and "label"
  static Data Pairs(std::span<const std::string> sources, std::span<const std::string> targets,
                    std::string name = "memory.tsv");
  static Data Sequences(std::span<const std::vector<std::string>> tokens, std::span<const std::vector<std::string>> tags,
                        std::string name = "memory.conll");

  bool empty() const { return name_.empty(); }       // whether there are none
  const std::string& name() const { return name_; }  // the path, or what it was called
  bool in_memory() const { return contents_ != nullptr; }
  std::string_view contents() const { return *contents_; }  // of data in memory

 private:
  std::string name_;
  std::shared_ptr<const std::string> contents_;
};

}  // namespace eddy
EDDY_API_END
