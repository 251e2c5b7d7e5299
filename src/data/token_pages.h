// The tokens of a LongText: the blocks that were read last are held, some megabytes of them, and others read again.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "data/long_text.h"
#include "data/vocabulary.h"

namespace eddy {

class TokenPages {
 public:
  // Of a text that is known.
  TokenPages(std::shared_ptr<const LongText> text, Vocabulary vocabulary);

  size_t size() const { return text_->tokens(); }
  const LongText& text() const { return *text_; }
  // From any thread. Throws Error as LongText::Read().
  int32_t At(size_t token) const;

 private:
  struct Page {
    size_t first = 0;  // token
    std::vector<int32_t> tokens;
  };
  const Page& PageOf(size_t token) const;
  Page ReadPage(size_t block) const;

  const std::shared_ptr<const LongText> text_;
  const Vocabulary vocabulary_;
  mutable std::mutex mutex_;
  mutable std::list<std::pair<size_t, Page>> pages_;  // by block, those used last first
  mutable std::unordered_map<size_t, std::list<std::pair<size_t, Page>>::iterator> places_;
};

}  // namespace eddy
