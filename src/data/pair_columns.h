// Pairs in two columns, of texts or of tokens: 16 bytes a pair beside its elements.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

#include "base/ragged.h"

namespace eddy {

template <class T>
class PairColumns {
 public:
  // One of them, valid while the columns live and none is added or taken out.
  struct Pair {
    typename Ragged<T>::Row source, target;
  };

  PairColumns() = default;
  PairColumns(std::initializer_list<Pair> pairs) {
    for (const Pair& pair : pairs) Add(pair);
  }

  size_t size() const { return sources_.size(); }
  bool empty() const { return sources_.empty(); }
  Pair operator[](size_t i) const { return {sources_[i], targets_[i]}; }
  // Those at these places; all of them.
  std::vector<Pair> At(std::span<const size_t> places) const {
    std::vector<Pair> pairs;
    for (const size_t i : places) pairs.push_back((*this)[i]);
    return pairs;
  }
  std::vector<Pair> All() const {
    std::vector<Pair> pairs;
    for (size_t i = 0; i < size(); ++i) pairs.push_back((*this)[i]);
    return pairs;
  }
  const Ragged<T>& sources() const { return sources_; }
  const Ragged<T>& targets() const { return targets_; }

  // Makes room, so that the pairs that come are not moved: memory that none of them fills is never touched.
  void Reserve(size_t pairs, size_t source_elements, size_t target_elements) {
    sources_.Reserve(pairs, source_elements);
    targets_.Reserve(pairs, target_elements);
  }

  void Add(const Pair& pair) {
    sources_.Add(pair.source);
    targets_.Add(pair.target);
  }

  // Takes the pairs at these rising places out; the others move up, where they are.
  PairColumns TakeOut(std::span<const size_t> places) {
    PairColumns taken;
    taken.sources_ = sources_.TakeOut(places);
    taken.targets_ = targets_.TakeOut(places);
    return taken;
  }

 private:
  Ragged<T> sources_, targets_;  // of as many rows
};

}  // namespace eddy
